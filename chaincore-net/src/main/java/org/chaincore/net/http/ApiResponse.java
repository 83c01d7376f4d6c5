package org.chaincore.net.http;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.chaincore.core.value.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What a client is answered: bytes, or a stream that goes on until somebody ends it. Immutable.
 *
 * @param status the HTTP status
 * @param headers what the server adds its own to, the length of the body among them
 * @param body what is sent; empty if there is a stream
 * @param stream what is sent bit by bit, null for a plain answer
 */
public record ApiResponse(
    int status, Map<String, String> headers, Bytes body, @Nullable ApiStream stream) {
  static final String JSON = "application/json; charset=utf-8";

  /** No browser guesses what an answer is, shows it in a foreign frame, or keeps it. */
  private static final Map<String, String> ALWAYS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "Cache-Control", "no-store");

  public ApiResponse {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  static ApiResponse of(int status, String contentType, byte[] body) {
    Map<String, String> headers = new LinkedHashMap<>(ALWAYS);
    headers.put("Content-Type", contentType);
    return new ApiResponse(status, headers, Bytes.of(body), null);
  }

  static ApiResponse text(int status, String contentType, String body) {
    return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  static ApiResponse json(int status, JsonWriter body) {
    return of(status, JSON, body.toBytes());
  }

  static ApiResponse ok(JsonWriter body) {
    return json(200, body);
  }

  static ApiResponse streaming(ApiStream stream) {
    Map<String, String> headers = new LinkedHashMap<>(ALWAYS);
    headers.put("Content-Type", "text/event-stream; charset=utf-8");
    return new ApiResponse(200, headers, Bytes.EMPTY, stream);
  }

  /** Says that something is wrong, in the form that all errors have. */
  static ApiResponse error(int status, String error) {
    return json(status, JsonWriter.object().put("status", "error").put("error", error).end());
  }

  ApiResponse with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new ApiResponse(status, more, body, stream);
  }

  /** What is sent bit by bit, if the answer is a stream. */
  public Optional<ApiStream> events() {
    return Optional.ofNullable(stream);
  }
}
