package org.chaincore.net.http;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.chaincore.core.value.Bytes;
import org.jspecify.annotations.Nullable;

/** What is decided of a request before its body is read: it is refused, or may go on. Immutable. */
public final class Admission {
  private final @Nullable ApiResponse refusal;
  private final int maxBodyBytes;
  private final boolean isHeavy;
  private final Function<Bytes, CompletableFuture<ApiResponse>> answer;

  private Admission(
      @Nullable ApiResponse refusal,
      int maxBodyBytes,
      boolean isHeavy,
      Function<Bytes, CompletableFuture<ApiResponse>> answer) {
    this.refusal = refusal;
    this.maxBodyBytes = maxBodyBytes;
    this.isHeavy = isHeavy;
    this.answer = answer;
  }

  static Admission refused(ApiResponse refusal) {
    return new Admission(refusal, 0, false, body -> CompletableFuture.completedFuture(refusal));
  }

  static Admission granted(Route route, Function<Bytes, CompletableFuture<ApiResponse>> answer) {
    return new Admission(null, route.maxBodyBytes(), route.isHeavy(), answer);
  }

  /** The answer, if there is no need of the body to know it. */
  public Optional<ApiResponse> refusal() {
    return Optional.ofNullable(refusal);
  }

  /** The longest body that may be read; for a longer one the answer is 413. */
  public int maxBodyBytes() {
    return maxBodyBytes;
  }

  /** Whether the answer may take long, so that others should not wait behind it. */
  public boolean isHeavy() {
    return isHeavy;
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
