package org.chaincore.core.script;

import java.math.BigInteger;
import org.chaincore.core.curve.CurvePoint;
import org.chaincore.core.curve.PointSum;
import org.chaincore.core.curve.Scalars;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;

/**
 * Checks signatures by arithmetic of our own, the fastest there is without native code. It makes
 * none: its time depends on the values. Stateless and thread-safe.
 */
final class JavaSignatures implements SignatureVerifier {
  /** SEC 1, section 4.1.4. */
  @Override
  public boolean verifyEcdsa(PublicKey key, EcdsaSignature signature, Hash256 digest) {
    CurvePoint point = CurvePoint.decode(key.encoded());
    if (point == null) {
      return false;
    }
    BigInteger r = signature.r();
    BigInteger inverse = Scalars.inverse(signature.s());
    BigInteger e = ScalarBytes.read(digest.toWire());
    BigInteger g = e.multiply(inverse).mod(Scalars.ORDER);
    BigInteger k = r.multiply(inverse).mod(Scalars.ORDER);
    PointSum nonce = PointSum.of(g, k, point);
    // The x of a point may be the order or more, and then r is what is left of it.
    return nonce.hasX(r) || nonce.hasX(r.add(Scalars.ORDER));
  }

  /** BIP340, Verification. */
  @Override
  public boolean verifySchnorr(XOnlyPublicKey key, Bytes signature, Bytes message) {
    if (signature.length() != SCHNORR_BYTES) {
      return false;
    }
    byte[] r = signature.slice(0, ScalarBytes.LENGTH).toArray();
    BigInteger s = ScalarBytes.read(signature.slice(ScalarBytes.LENGTH, SCHNORR_BYTES).toArray());
    CurvePoint point = CurvePoint.ofX(key.x());
    if (point == null || s.compareTo(Scalars.ORDER) >= 0) {
      return false;
    }
    byte[] challenge = TaggedHash.CHALLENGE.hash(r, key.x().toArray(), message.toArray());
    BigInteger k = ScalarBytes.read(challenge).negate().mod(Scalars.ORDER);
    PointSum nonce = PointSum.of(s, k, point);
    return nonce.hasX(ScalarBytes.read(r)) && !nonce.hasOddY();
  }

  /** What it is made of. */
  @Override
  public String toString() {
    return "pure Java";
  }
}
