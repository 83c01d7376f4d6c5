package org.chaincore.bench.workload;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bitcoinj.crypto.ECKey;
import org.chaincore.core.script.EcdsaSignature;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.script.PublicKey;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.core.script.Signer;
import org.chaincore.core.value.Hash256;

/** ECDSA signatures of many keys, checked by ChainCore's port and by others. */
public final class SignatureChecks {
  /** How many checks one run is. */
  public static final int CHECKS = 400;

  /** The same check for everybody, in the forms that each takes. */
  private static final class Signed {
    private final PublicKey key;
    private final EcdsaSignature signature;
    private final Hash256 digest;
    private final byte[] keyBytes;
    private final byte[] compact;
    private final byte[] digestBytes;
    private final ECKey.ECDSASignature theirSignature;

    Signed(PublicKey key, EcdsaSignature signature, Hash256 digest) throws Exception {
      this.key = key;
      this.signature = signature;
      this.digest = digest;
      this.keyBytes = key.encoded().toArray();
      this.compact = signature.toCompact().toArray();
      this.digestBytes = digest.toWire();
      this.theirSignature = ECKey.ECDSASignature.decodeFromDER(signature.toDer().toArray());
    }
  }

  private final List<Signed> all = new ArrayList<>();

  private SignatureChecks(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] secret = new byte[32];
    byte[] digest = new byte[32];
    for (int i = 0; i < CHECKS; i++) {
      random.nextBytes(secret);
      random.nextBytes(digest);
      KeyPair pair = KeyPair.ofSeed(secret);
      Hash256 hash = Hash256.ofWire(digest);
      EcdsaSignature signature = Signer.best().signEcdsa(pair.privateKey(), hash);
      all.add(new Signed(pair.publicKey(), signature, hash));
    }
  }

  public static SignatureChecks ofSeed(long seed) throws Exception {
    return new SignatureChecks(seed);
  }

  /** One check. */
  private interface Check {
    boolean isGood(Signed signed) throws Throwable;
  }

  private Work work(String name, Check check) {
    return new Work(
        name,
        CHECKS,
        () ->
            () -> {
              int good = 0;
              for (Signed signed : all) {
                good += isGood(check, signed) ? 1 : 0;
              }
              if (good != CHECKS) {
                throw new IllegalStateException("only " + good + " good signatures");
              }
              return good;
            });
  }

  /** Through the port. */
  public Work chaincore(SignatureVerifier verifier) {
    return work("chaincore", s -> verifier.verifyEcdsa(s.key, s.signature, s.digest));
  }

  /** BouncyCastle's arithmetic, through the port too. */
  public Work bouncyCastle() {
    SignatureVerifier verifier = SignatureVerifier.bouncyCastle();
    return work("BouncyCastle", s -> verifier.verifyEcdsa(s.key, s.signature, s.digest));
  }

  private static boolean isGood(Check check, Signed signed) {
    try {
      return check.isGood(signed);
    } catch (Throwable broken) {
      throw new IllegalStateException(broken);
    }
  }

  /**
   * libsecp256k1 through its binding and nothing else.
   *
   * @throws ReflectiveOperationException if the binding is not on the class path
   */
  public Work libsecp256k1() throws ReflectiveOperationException {
    Class<?> type = Class.forName("fr.acinq.secp256k1.Secp256k1");
    Object companion = type.getField("Companion").get(null);
    Object raw = companion.getClass().getMethod("get").invoke(companion);
    MethodHandle verify =
        MethodHandles.lookup()
            .unreflect(type.getMethod("verify", byte[].class, byte[].class, byte[].class))
            .bindTo(raw);
    return work(
        "limit: libsecp256k1 raw",
        s -> (boolean) verify.invokeExact(s.compact, s.digestBytes, s.keyBytes));
  }

  /** bitcoinj, which verifies by BouncyCastle. */
  public Work bitcoinj() {
    return work("bitcoinj", s -> ECKey.verify(s.digestBytes, s.theirSignature, s.keyBytes));
  }
}
