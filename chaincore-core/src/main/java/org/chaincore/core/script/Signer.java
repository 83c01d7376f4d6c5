package org.chaincore.core.script;

import java.util.Optional;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;

/**
 * Makes signatures over secp256k1. The same arguments always give the same signature, whichever
 * implementation makes it; no randomness is drawn.
 *
 * <p>Implementations are thread-safe and do not block.
 */
public interface Signer {
  /** Bytes of the auxiliary randomness of a Schnorr signature. */
  int AUX_RANDOMNESS_BYTES = 32;

  /** An ECDSA signature of a digest with the nonce of RFC 6979 and a low s. */
  EcdsaSignature signEcdsa(PrivateKey key, Hash256 digest);

  /**
   * A Schnorr signature (BIP340), 64 bytes.
   *
   * @param message 32 bytes
   * @param auxRandomness 32 bytes that protect the key against side channels; zeros are allowed
   * @throws IllegalArgumentException if one of the lengths is another
   */
  Bytes signSchnorr(PrivateKey key, Bytes message, Bytes auxRandomness);

  /**
   * The fastest there is: libsecp256k1 if it loads, else BouncyCastle. Look it up once and keep it.
   */
  static Signer best() {
    return libsecp256k1().orElseGet(Signer::bouncyCastle);
  }

  /** Pure Java, always there. */
  static Signer bouncyCastle() {
    return new BouncyCastleSignatures();
  }

  /** libsecp256k1, under the conditions of {@link SignatureVerifier#libsecp256k1()}. */
  static Optional<Signer> libsecp256k1() {
    return NativeSignatures.load().map(Signer.class::cast);
  }

  /** Refuses lengths that not every implementation could sign alike. */
  static void requireSchnorrLengths(Bytes message, Bytes auxRandomness) {
    if (message.length() != Hash256.BYTES || auxRandomness.length() != AUX_RANDOMNESS_BYTES) {
      throw new IllegalArgumentException(
          "a Schnorr signature takes 32 bytes of message and of auxiliary randomness, got "
              + message.length()
              + " and "
              + auxRandomness.length());
    }
  }
}
