package org.chaincore.core.script;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * Signatures by libsecp256k1 through the jars of {@code fr.acinq.secp256k1}. Those jars share a
 * package, so they can never be modules and lie on the class path if they are there at all; nothing
 * here names them at compile time. The handles are bound and exactly typed once, so that a call
 * costs no more than the native call itself.
 *
 * <p>Thread-safe: the native library only reads its context.
 */
final class NativeSignatures implements SignatureVerifier, Signer {
  private static final String LIBRARY_CLASS = "fr.acinq.secp256k1.Secp256k1";
  private static final String LIBRARY_EXCEPTION = "fr.acinq.secp256k1.Secp256k1Exception";
  private static final MethodType VERIFY =
      MethodType.methodType(boolean.class, byte[].class, byte[].class, byte[].class);
  private static final MethodType SIGN =
      MethodType.methodType(byte[].class, byte[].class, byte[].class);
  private static final MethodType SIGN_SCHNORR =
      MethodType.methodType(byte[].class, byte[].class, byte[].class, byte[].class);

  private final MethodHandle verify;
  private final MethodHandle verifySchnorr;
  private final MethodHandle sign;
  private final MethodHandle signSchnorr;

  private NativeSignatures(Class<?> library) throws Throwable {
    MethodHandles.Lookup lookup = MethodHandles.publicLookup();
    Object instance = lookup.findStatic(library, "get", MethodType.methodType(library)).invoke();
    this.verify = lookup.findVirtual(library, "verify", VERIFY).bindTo(instance);
    this.verifySchnorr = lookup.findVirtual(library, "verifySchnorr", VERIFY).bindTo(instance);
    this.sign = lookup.findVirtual(library, "sign", SIGN).bindTo(instance);
    this.signSchnorr = lookup.findVirtual(library, "signSchnorr", SIGN_SCHNORR).bindTo(instance);
  }

  /** The library as the caller's or the application's class path has it, if it works. */
  static Optional<NativeSignatures> load() {
    Optional<NativeSignatures> found = load(Thread.currentThread().getContextClassLoader());
    return found.isPresent() ? found : load(ClassLoader.getSystemClassLoader());
  }

  static Optional<NativeSignatures> load(@Nullable ClassLoader loader) {
    try {
      NativeSignatures library = new NativeSignatures(Class.forName(LIBRARY_CLASS, true, loader));
      return library.works() ? Optional.of(library) : Optional.empty();
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      // Not there, another version, or a native library that does not load on this machine:
      // whatever it is, the other implementation serves.
      return Optional.empty();
    }
  }

  /** Whether it gives the answer that is known, and verifies that and nothing else. */
  private boolean works() {
    KnownAnswer known = KnownAnswer.OF_KEY_ONE;
    Bytes message = Bytes.of(known.digest().toWire());
    Bytes zeros = Bytes.of(new byte[AUX_RANDOMNESS_BYTES]);
    PublicKey publicKey = known.publicKey();
    return known.ecdsa().equals(signEcdsa(known.key(), known.digest()))
        && known.schnorr().equals(signSchnorr(known.key(), message, zeros))
        && verifyEcdsa(publicKey, known.ecdsa(), known.digest())
        && !verifyEcdsa(publicKey, known.ecdsa(), Hash256.ZERO)
        && verifySchnorr(publicKey.xOnly(), known.schnorr(), message)
        && !verifySchnorr(publicKey.xOnly(), known.schnorr(), zeros);
  }

  /**
   * Signatures as RFC 6979 and BIP340 have them, so that BouncyCastle, which takes long to load, is
   * not needed to try this one. A test compares them with what that makes.
   *
   * @param key who signs
   * @param publicKey the same in public
   * @param digest what is signed
   * @param ecdsa its ECDSA signature
   * @param schnorr its Schnorr signature, with zeros for randomness
   */
  record KnownAnswer(
      PrivateKey key, PublicKey publicKey, Hash256 digest, EcdsaSignature ecdsa, Bytes schnorr) {
    /** Of the key that is the number one, whose public key is the generator. */
    static final KnownAnswer OF_KEY_ONE =
        new KnownAnswer(
            PrivateKey.ofScalar(BigInteger.ONE),
            PublicKey.of(
                Bytes.parse("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")),
            Hash256.ofWords(1, 2, 3, 4),
            EcdsaSignature.ofCompact(
                Bytes.parse(
                    "d3fb0073468d29254d4cc97072d3ddc64fdb0e9b0f7582d5bcdf588515dc7e7e"
                        + "4afae7f37f6ddd96893f65ef15a094b60339dd04297f773725a3dc47d65c4f9f")),
            Bytes.parse(
                "e7fec24784eba3050c27b480db2f4d540b736ced17736b1031072ebe992403c3"
                    + "f7deb80972e253b4aeb34ad9a2eb664efd72c359907644a7cc35966d770c1383"));
  }

  @Override
  public boolean verifyEcdsa(PublicKey key, EcdsaSignature signature, Hash256 digest) {
    // The library refuses a high s; whether that is allowed was judged before.
    byte[] compact = signature.toLowS().toCompactArray();
    try {
      return (boolean) verify.invokeExact(compact, digest.toWire(), key.encoded().toArray());
    } catch (Throwable e) {
      return refused(e);
    }
  }

  @Override
  public boolean verifySchnorr(XOnlyPublicKey key, Bytes signature, Bytes message) {
    if (signature.length() != SCHNORR_BYTES) {
      return false;
    }
    if (message.length() != Hash256.BYTES) {
      // The binding takes 32 bytes only.
      return new JavaSignatures().verifySchnorr(key, signature, message);
    }
    try {
      return (boolean)
          verifySchnorr.invokeExact(signature.toArray(), message.toArray(), key.x().toArray());
    } catch (Throwable e) {
      return refused(e);
    }
  }

  @Override
  public EcdsaSignature signEcdsa(PrivateKey key, Hash256 digest) {
    byte[] secret = key.toSecretBytes();
    try {
      byte[] compact = (byte[]) sign.invokeExact(digest.toWire(), secret);
      return EcdsaSignature.ofCompact(Bytes.of(compact)).toLowS();
    } catch (Throwable e) {
      throw failure(e);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  @Override
  public Bytes signSchnorr(PrivateKey key, Bytes message, Bytes auxRandomness) {
    Signer.requireSchnorrLengths(message, auxRandomness);
    byte[] secret = key.toSecretBytes();
    try {
      return Bytes.of(
          (byte[]) signSchnorr.invokeExact(message.toArray(), secret, auxRandomness.toArray()));
    } catch (Throwable e) {
      throw failure(e);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /** The library throws for a key that is not on the curve where others say false. */
  private static boolean refused(Throwable e) {
    if (e.getClass().getName().equals(LIBRARY_EXCEPTION)) {
      return false;
    }
    throw failure(e);
  }

  private static RuntimeException failure(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("libsecp256k1 failed", e);
  }

  /** The library's name. */
  @Override
  public String toString() {
    return "libsecp256k1";
  }
}
