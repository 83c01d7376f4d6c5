package org.chaincore.net.node;

import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.chaincore.core.script.EcdsaSignature;
import org.chaincore.core.script.PublicKey;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.core.script.XOnlyPublicKey;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * The best verifier, loaded when a node is up, or when the first signature is checked if that is
 * before: unpacking and trying the native library takes as long as half of the rest of a start.
 *
 * <p>Thread-safe.
 */
final class LateSignatures implements SignatureVerifier {
  private final Supplier<SignatureVerifier> loader;
  private volatile @Nullable HeadStart<SignatureVerifier> loading;
  private volatile @Nullable SignatureVerifier loaded;

  LateSignatures(Supplier<SignatureVerifier> loader) {
    this.loader = loader;
  }

  /** Loads it in another thread, if one is free. */
  void load(Executor executor) {
    begun(executor);
  }

  private synchronized HeadStart<SignatureVerifier> begun(Executor executor) {
    HeadStart<SignatureVerifier> begun = loading;
    if (begun == null) {
      begun = HeadStart.begin(executor, loader);
      loading = begun;
    }
    return begun;
  }

  private SignatureVerifier best() {
    SignatureVerifier there = loaded;
    if (there == null) {
      there = begun(later -> {}).get();
      loaded = there;
    }
    return there;
  }

  @Override
  public boolean verifyEcdsa(PublicKey key, EcdsaSignature signature, Hash256 digest) {
    return best().verifyEcdsa(key, signature, digest);
  }

  @Override
  public boolean verifySchnorr(XOnlyPublicKey key, Bytes signature, Bytes message) {
    return best().verifySchnorr(key, signature, message);
  }
}
