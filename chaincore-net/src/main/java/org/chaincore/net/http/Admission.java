package org.chaincore.net.http;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.chaincore.core.value.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What is decided of a request before its body is read: it is refused, or may go on. Immutable.
 */
public final class Admission {
  private final @Nullable ApiResponse refusal;
  private final int maxBodyBytes;
  private final Function<Bytes, CompletableFuture<ApiResponse>> answer;

  private Admission(
      @Nullable ApiResponse refusal,
      int maxBodyBytes,
      Function<Bytes, CompletableFuture<ApiResponse>> answer) {
    this.refusal = refusal;
    this.maxBodyBytes = maxBodyBytes;
    this.answer = answer;
  }

  static Admission refused(ApiResponse refusal) {
    return new Admission(
        refusal, 0, body -> CompletableFuture.completedFuture(refusal));
  }

  static Admission granted(
      int maxBodyBytes, Function<Bytes, CompletableFuture<ApiResponse>> answer) {
    return new Admission(null, maxBodyBytes, answer);
  }

  /** The answer, if there is no need of the body to know it. */
  public Optional<ApiResponse> refusal() {
    return Optional.ofNullable(refusal);
  }

  /** The longest body that may be read; for a longer one the answer is 413. */
  public int maxBodyBytes() {
    return maxBodyBytes;
  }

  /**
   * Answers the request. May wait for the chain, so not to be called where others are waited on.
   *
   * @param body all of it
   * @return completes when the answer is known, in whatever thread that is; never with a failure
   */
  public CompletableFuture<ApiResponse> answer(Bytes body) {
    return answer.apply(body);
  }
}
