package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.chaincore.core.script.EcdsaSignature;
import org.chaincore.core.script.PrivateKey;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.core.script.Signer;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;

final class LateSignaturesTest {
  private final AtomicInteger loads = new AtomicInteger();
  private final LateSignatures late =
      new LateSignatures(
          () -> {
            loads.incrementAndGet();
            return SignatureVerifier.bouncyCastle();
          });

  @Test
  void verify_beforeItIsLoaded_loadsItOnce() {
    PrivateKey key = PrivateKey.ofSeed(new byte[32]);
    Hash256 digest = Hash256.ofWords(1, 2, 3, 4);
    EcdsaSignature ecdsa = Signer.bouncyCastle().signEcdsa(key, digest);
    Bytes message = Bytes.of(digest.toWire());
    Bytes schnorr = Signer.bouncyCastle().signSchnorr(key, message, Bytes.of(new byte[32]));
    assertThat(loads).hasValue(0);

    assertThat(late.verifyEcdsa(key.publicKey(), ecdsa, digest)).isTrue();
    assertThat(late.verifyEcdsa(key.publicKey(), ecdsa, Hash256.ZERO)).isFalse();
    assertThat(late.verifySchnorr(key.publicKey().xOnly(), schnorr, message)).isTrue();
    assertThat(late.verifySchnorr(key.publicKey().xOnly(), schnorr, Bytes.EMPTY)).isFalse();
    late.load(Runnable::run);
    assertThat(loads).hasValue(1);
  }

  @Test
  void load_isDoneInAnotherThreadOrByWhoeverVerifies() {
    Queue<Runnable> waiting = new ArrayDeque<>();
    late.load(waiting::add);
    assertThat(loads).hasValue(0);
    Hash256 digest = Hash256.ofWords(1, 2, 3, 4);
    PrivateKey key = PrivateKey.ofSeed(new byte[32]);
    EcdsaSignature ecdsa = Signer.bouncyCastle().signEcdsa(key, digest);
    assertThat(late.verifyEcdsa(key.publicKey(), ecdsa, digest)).isTrue();
    waiting.remove().run();
    assertThat(loads).hasValue(1);
  }
}
