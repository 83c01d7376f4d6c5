package org.chaincore.net.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.chaincore.core.value.Bytes;
import org.jspecify.annotations.Nullable;

/** One request and what is kept for it. Confined to the event loop of its connection. */
final class Exchange {
  /** Bodies and answers so short are not counted: there is at most one of each a connection. */
  static final int FREE_BYTES = Route.MAX_SMALL_BODY_BYTES;

  private final HttpService service;
  private final boolean isHead;
  private final boolean isOldVersion;
  private final boolean isContinueExpected;
  private final @Nullable ApiResponse refusal;
  private final Admission admission;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private boolean endsConnection;
  private long counted;

  Exchange(HttpService service, HttpRequest head, String remote) {
    this.service = service;
    this.isHead = head.method().equals(HttpMethod.HEAD);
    this.isOldVersion = head.protocolVersion().equals(HttpVersion.HTTP_1_0);
    Optional<ApiResponse> fault = RequestHead.fault(head);
    this.admission =
        fault.map(Admission::refused).orElseGet(() -> service.admit(RequestHead.of(head, remote)));
    Optional<ApiResponse> judged =
        admission.refusal().or(() -> judgeBody(head, admission, service.budget()));
    this.refusal = judged.orElse(null);
    this.endsConnection =
        fault.isPresent()
            || !HttpUtil.isKeepAlive(head)
            || (judged.isPresent() && RequestHead.hasBody(head));
    this.isContinueExpected = judged.isEmpty() && HttpUtil.is100ContinueExpected(head);
  }

  private Optional<ApiResponse> judgeBody(HttpRequest head, Admission granted, ByteBudget budget) {
    String expected = head.headers().get(HttpHeaderNames.EXPECT);
    if (expected != null && !HttpUtil.is100ContinueExpected(head)) {
      return Optional.of(ApiHandler.malformed(417, "100-continue is all that can be expected"));
    }
    long length = RequestHead.declaredLength(head);
    if (length > granted.maxBodyBytes()) {
      return Optional.of(ApiHandler.tooLarge(granted));
    }
    return count(length, budget);
  }

  /** Counts bytes that are to be kept, beyond those that are free. */
  private Optional<ApiResponse> count(long total, ByteBudget budget) {
    long more = Math.max(0, total - FREE_BYTES) - counted;
    if (more > 0) {
      if (!budget.take(more)) {
        return Optional.of(ApiHandler.busy("too many long requests are under way"));
      }
      counted += more;
    }
    return Optional.empty();
  }

  /** What is answered without a look at the body. */
  Optional<ApiResponse> refusalBeforeBody() {
    return Optional.ofNullable(refusal);
  }

  /** Whether the client waits for us to want its body. */
  boolean isContinueExpected() {
    return isContinueExpected;
  }

  /** Whether nothing can be read after this. */
  boolean endsConnection() {
    return endsConnection;
  }

  void endConnection() {
    endsConnection = true;
  }

  boolean isHead() {
    return isHead;
  }

  boolean isOldVersion() {
    return isOldVersion;
  }

  boolean isHeavy() {
    return admission.isHeavy();
  }

  /** Takes a part of the body; an answer if there is too much of it. */
  Optional<ApiResponse> take(ByteBuf part) {
    long total = (long) body.size() + part.readableBytes();
    if (refusal != null || part.readableBytes() == 0) {
      return Optional.empty();
    }
    if (total > admission.maxBodyBytes()) {
      return Optional.of(ApiHandler.tooLarge(admission));
    }
    Optional<ApiResponse> busy = count(total, service.budget());
    if (busy.isEmpty()) {
      byte[] bytes = new byte[part.readableBytes()];
      part.readBytes(bytes);
      body.writeBytes(bytes);
    }
    return busy;
  }

  Bytes body() {
    return Bytes.of(body.toByteArray());
  }

  CompletableFuture<ApiResponse> answer(Bytes whole) {
    return admission.answer(whole);
  }

  /** Counts an answer that is to be sent; false if it is too long for what waits already. */
  boolean takeAnswer(int bytes) {
    return count(bytes, service.budget()).isEmpty();
  }

  /** Gives back what was counted. */
  void release() {
    service.budget().giveBack(counted);
    counted = 0;
  }
}
