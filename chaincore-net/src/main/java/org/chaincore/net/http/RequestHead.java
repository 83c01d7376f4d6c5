package org.chaincore.net.http;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.chaincore.core.value.Bytes;

/** The head of a request as Netty read it, and what is wrong with it. Stateless. */
final class RequestHead {
  private static final String CHUNKED = "chunked";

  private RequestHead() {}

  /** What is wrong with how it is written; the connection cannot be read on after that. */
  static Optional<ApiResponse> fault(HttpRequest head) {
    DecoderResult result = head.decoderResult();
    if (result.isFailure()) {
      return Optional.of(unreadable(result.cause()));
    }
    List<String> hosts = head.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.size() != 1) {
      return bad("a request has one Host header, this one has " + hosts.size());
    }
    if (!head.uri().startsWith("/")) {
      return bad("the URI does not begin with a slash");
    }
    HttpVersion version = head.protocolVersion();
    if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
      return Optional.of(ApiHandler.malformed(505, "HTTP/1.1 is spoken here"));
    }
    List<String> codings = head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    boolean isPlainlyChunked =
        codings.size() == 1
            && codings.get(0).equalsIgnoreCase(CHUNKED)
            && version.equals(HttpVersion.HTTP_1_1);
    if (!codings.isEmpty() && !isPlainlyChunked) {
      return bad("the one transfer coding that is read here is chunked");
    }
    String length = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
    if (length != null && !length.matches("[0-9]{1,18}")) {
      return bad("the Content-Length is no length");
    }
    return Optional.empty();
  }

  private static Optional<ApiResponse> bad(String why) {
    return Optional.of(ApiHandler.malformed(400, why));
  }

  static ApiResponse unreadable(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return ApiHandler.malformed(
          414, "the URI is longer than " + StrictRequestDecoder.MAX_LINE_BYTES + " bytes");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return ApiHandler.malformed(
          431, "the headers are longer than " + StrictRequestDecoder.MAX_HEADER_BYTES + " bytes");
    }
    if (cause instanceof TooLongFrameException) {
      return ApiHandler.malformed(400, "a part of the request is too long");
    }
    return ApiHandler.malformed(400, "this is no HTTP request");
  }

  static ApiRequest of(HttpRequest head, String remote) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Map.Entry<String, String> header : head.headers()) {
      headers.merge(header.getKey(), header.getValue(), (one, other) -> one + ", " + other);
    }
    return new ApiRequest(head.method().name(), head.uri(), headers, Bytes.EMPTY, remote);
  }

  static boolean hasBody(HttpRequest head) {
    return HttpUtil.isTransferEncodingChunked(head) || declaredLength(head) > 0;
  }

  /** 0 if it is not told. */
  static long declaredLength(HttpRequest head) {
    String length = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
    return length == null ? 0 : Long.parseLong(length);
  }
}
