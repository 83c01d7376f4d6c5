package org.chaincore.core.script;

import java.util.Optional;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;

/**
 * Checks signatures over secp256k1. A port with three implementations that always agree:
 * libsecp256k1 where its jars are on the class path; our own arithmetic, half as fast; and
 * BouncyCastle, a quarter as fast, for whoever prefers what others have reviewed.
 *
 * <p>Implementations are thread-safe, do not block and do not throw for any key or signature: what
 * does not verify is false.
 */
public interface SignatureVerifier {
  /** Bytes of a Schnorr signature (BIP340): the x coordinate of the nonce's point, and a scalar. */
  int SCHNORR_BYTES = 64;

  /**
   * Whether an ECDSA signature of a digest is by this key. A high s is no reason against it here;
   * it is for the rules of a spend.
   */
  boolean verifyEcdsa(PublicKey key, EcdsaSignature signature, Hash256 digest);

  /**
   * Whether a Schnorr signature (BIP340) of a message is by this key.
   *
   * @param signature of any length; other than 64 bytes is false
   * @param message of any length
   */
  boolean verifySchnorr(XOnlyPublicKey key, Bytes signature, Bytes message);

  /** The fastest there is: libsecp256k1 if it loads, else our own. Look it up once and keep it. */
  static SignatureVerifier best() {
    return libsecp256k1().orElseGet(SignatureVerifier::pureJava);
  }

  /** Our own arithmetic, always there. */
  static SignatureVerifier pureJava() {
    return new JavaSignatures();
  }

  /** BouncyCastle's arithmetic, always there. */
  static SignatureVerifier bouncyCastle() {
    return new BouncyCastleSignatures();
  }

  /**
   * libsecp256k1, if {@code fr.acinq.secp256k1} is on the class path and its native library loads
   * and gives right answers here.
   */
  static Optional<SignatureVerifier> libsecp256k1() {
    return NativeSignatures.load().map(SignatureVerifier.class::cast);
  }
}
