package org.chaincore.core.script;

import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.chaincore.core.curve.Scalars;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;

/** Signatures by BouncyCastle's curve arithmetic. Thread-safe. */
final class BouncyCastleSignatures implements SignatureVerifier, Signer {
  @Override
  public boolean verifyEcdsa(PublicKey key, EcdsaSignature signature, Hash256 digest) {
    ECPoint point = Curve.decode(key.encoded());
    if (point == null) {
      return false;
    }
    ECDSASigner verifier = new ECDSASigner();
    verifier.init(false, new ECPublicKeyParameters(point, Curve.DOMAIN));
    return verifier.verifySignature(digest.toWire(), signature.r(), signature.s());
  }

  @Override
  public boolean verifySchnorr(XOnlyPublicKey key, Bytes signature, Bytes message) {
    if (signature.length() != SCHNORR_BYTES) {
      return false;
    }
    ECPoint point = Curve.liftX(key.x());
    byte[] r = signature.slice(0, ScalarBytes.LENGTH).toArray();
    BigInteger s = ScalarBytes.read(signature.slice(ScalarBytes.LENGTH, SCHNORR_BYTES).toArray());
    if (point == null
        || ScalarBytes.read(r).compareTo(Curve.FIELD) >= 0
        || s.compareTo(Scalars.ORDER) >= 0) {
      return false;
    }
    BigInteger e = challenge(r, key.x().toArray(), message);
    ECPoint nonce =
        ECAlgorithms.sumOfTwoMultiplies(Curve.generator(), s, point, e.negate().mod(Scalars.ORDER))
            .normalize();
    return !nonce.isInfinity() && Curve.hasEvenY(nonce) && Arrays.equals(Curve.x(nonce), r);
  }

  private static BigInteger challenge(byte[] r, byte[] key, Bytes message) {
    return ScalarBytes.read(TaggedHash.CHALLENGE.hash(r, key, message.toArray()))
        .mod(Scalars.ORDER);
  }

  @Override
  public EcdsaSignature signEcdsa(PrivateKey key, Hash256 digest) {
    ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
    signer.init(true, new ECPrivateKeyParameters(key.scalar(), Curve.DOMAIN));
    BigInteger[] signature = signer.generateSignature(digest.toWire());
    return EcdsaSignature.of(signature[0], signature[1]).toLowS();
  }

  @Override
  public Bytes signSchnorr(PrivateKey key, Bytes message, Bytes auxRandomness) {
    Signer.requireSchnorrLengths(message, auxRandomness);
    return signSchnorrAnyLength(key, message, auxRandomness);
  }

  /** BIP340 signs messages of every length; only 32 bytes are ever signed on a chain. */
  Bytes signSchnorrAnyLength(PrivateKey key, Bytes message, Bytes auxRandomness) {
    BigInteger secret = key.scalar();
    ECPoint point = Curve.multiplyGenerator(secret);
    byte[] x = Curve.x(point);
    BigInteger d = Curve.hasEvenY(point) ? secret : Scalars.ORDER.subtract(secret);
    byte[] masked = mask(ScalarBytes.of(d), TaggedHash.AUX.hash(auxRandomness.toArray()));
    BigInteger k =
        ScalarBytes.read(TaggedHash.NONCE.hash(masked, x, message.toArray())).mod(Scalars.ORDER);
    // Who knows the auxiliary randomness reads the secret off it.
    Arrays.fill(masked, (byte) 0);
    if (k.signum() == 0) {
      // A hash that no one has ever seen; BIP340 asks for a failure here.
      throw new IllegalStateException("no Schnorr nonce for this message");
    }
    ECPoint noncePoint = Curve.multiplyGenerator(k);
    BigInteger nonce = Curve.hasEvenY(noncePoint) ? k : Scalars.ORDER.subtract(k);
    byte[] r = Curve.x(noncePoint);
    BigInteger e = challenge(r, x, message);
    byte[] signature = Arrays.copyOf(r, SCHNORR_BYTES);
    byte[] s = ScalarBytes.of(nonce.add(e.multiply(d)).mod(Scalars.ORDER));
    System.arraycopy(s, 0, signature, ScalarBytes.LENGTH, ScalarBytes.LENGTH);
    return Bytes.of(signature);
  }

  private static byte[] mask(byte[] secret, byte[] hash) {
    for (int i = 0; i < secret.length; i++) {
      secret[i] ^= hash[i];
    }
    return secret;
  }

  /** The library's name. */
  @Override
  public String toString() {
    return "BouncyCastle";
  }
}
