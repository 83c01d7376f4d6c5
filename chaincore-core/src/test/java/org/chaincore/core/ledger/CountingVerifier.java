package org.chaincore.core.ledger;

import org.chaincore.core.script.EcdsaSignature;
import org.chaincore.core.script.PublicKey;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.core.script.XOnlyPublicKey;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;

/** Says what it is told to and counts how often it was asked. */
final class CountingVerifier implements SignatureVerifier {
  int asked;
  boolean answer = true;

  @Override
  public boolean verifyEcdsa(PublicKey key, EcdsaSignature signature, Hash256 digest) {
    asked++;
    return answer;
  }

  @Override
  public boolean verifySchnorr(XOnlyPublicKey key, Bytes signature, Bytes message) {
    asked++;
    return answer;
  }
}
