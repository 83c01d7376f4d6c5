package org.chaincore.core.script;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
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

  /** Whether it signs as the pure implementation does, and verifies that and nothing else. */
  private boolean works() {
    PrivateKey key = PrivateKey.ofSeed(new byte[PrivateKey.BYTES]);
    Hash256 digest = Hash256.ofWords(1, 2, 3, 4);
    Bytes message = Bytes.of(digest.toWire());
    Bytes zeros = Bytes.of(new byte[AUX_RANDOMNESS_BYTES]);
    BouncyCastleSignatures pure = new BouncyCastleSignatures();
    EcdsaSignature ecdsa = pure.signEcdsa(key, digest);
    Bytes schnorr = pure.signSchnorr(key, message, zeros);
    PublicKey publicKey = key.publicKey();
    return ecdsa.equals(signEcdsa(key, digest))
        && schnorr.equals(signSchnorr(key, message, zeros))
        && verifyEcdsa(publicKey, ecdsa, digest)
        && !verifyEcdsa(publicKey, ecdsa, Hash256.ZERO)
        && verifySchnorr(publicKey.xOnly(), schnorr, message)
        && !verifySchnorr(publicKey.xOnly(), schnorr, zeros);
  }

  @Override
  public boolean verifyEcdsa(PublicKey key, EcdsaSignature signature, Hash256 digest) {
    // The library refuses a high s; whether that is allowed was judged before.
    byte[] compact = signature.toLowS().toCompact().toArray();
    try {
      return (boolean) verify.invokeExact(compact, digest.toWire(), key.encoded().toArray());
    } catch (Throwable e) {
      return refused(e);
    }
  }

  @Override
  public boolean verifySchnorr(XOnlyPublicKey key, Bytes signature, Bytes message) {
    if (signature.length() != BouncyCastleSignatures.SCHNORR_BYTES) {
      return false;
    }
    if (message.length() != Hash256.BYTES) {
      // The binding takes 32 bytes only.
      return new BouncyCastleSignatures().verifySchnorr(key, signature, message);
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
