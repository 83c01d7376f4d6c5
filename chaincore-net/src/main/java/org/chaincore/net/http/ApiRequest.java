package org.chaincore.net.http;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.chaincore.core.value.Bytes;

/**
 * What a client asks for. Immutable.
 *
 * @param method in upper case, such as {@code GET}
 * @param uri path and query as they came, such as {@code /blockchain?start=5}
 * @param headers values by their names in lower case; of a header that came twice the server joins
 *     the values by a comma
 * @param body what came after them, perhaps nothing
 * @param remote who asks, for logs
 */
public record ApiRequest(
    String method, String uri, Map<String, String> headers, Bytes body, String remote) {
  public ApiRequest {
    Map<String, String> lower = new TreeMap<>();
    headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
    headers = Collections.unmodifiableMap(lower);
  }

  /** The value of a header. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /** The same request with the body that belongs to it. */
  public ApiRequest withBody(Bytes later) {
    return new ApiRequest(method, uri, headers, later, remote);
  }

  String path() {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  String query() {
    int query = uri.indexOf('?');
    return query < 0 ? "" : uri.substring(query + 1);
  }
}
