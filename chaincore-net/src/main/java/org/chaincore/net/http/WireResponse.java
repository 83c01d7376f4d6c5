package org.chaincore.net.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** An answer as it goes over a connection. Stateless. */
final class WireResponse {
  private WireResponse() {}

  /**
   * With all that there is of it.
   *
   * @param to what it answers; null if that could not be read
   * @param isLast whether the connection ends with it
   */
  static FullHttpResponse whole(ApiResponse answer, @Nullable Exchange to, boolean isLast) {
    boolean isHead = to != null && to.isHead();
    ByteBuf content =
        isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body().toArray());
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), content);
    headers(answer, response);
    if (answer.stream() == null) {
      response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length());
    }
    connection(response.headers(), isLast, to);
    return response;
  }

  /** Before a stream, whose pieces follow. */
  static HttpResponse streamed(ApiResponse answer) {
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    headers(answer, response);
    HttpUtil.setTransferEncodingChunked(response, true);
    return response;
  }

  private static void headers(ApiResponse answer, HttpResponse response) {
    answer.headers().forEach((name, value) -> response.headers().set(name, value));
  }

  private static void connection(HttpHeaders headers, boolean isLast, @Nullable Exchange to) {
    if (isLast) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (to != null && to.isOldVersion()) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
  }
}
