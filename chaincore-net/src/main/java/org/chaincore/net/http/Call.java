package org.chaincore.net.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.chaincore.core.value.Hash256;

/**
 * A request that has found its route, with what stands in its path and its query. Immutable.
 *
 * @param request as it came
 * @param path values of the template's parameters
 * @param query values of the query's
 */
record Call(ApiRequest request, Map<String, String> path, Map<String, String> query) {
  /** More would only cost time: the longest query that means something has three. */
  private static final int MAX_QUERY = 32;

  Call {
    path = Map.copyOf(path);
    query = Map.copyOf(query);
  }

  static Call of(ApiRequest request, Map<String, String> path) {
    return new Call(request, path, parseQuery(request.query()));
  }

  private static Map<String, String> parseQuery(String text) {
    Map<String, String> query = new LinkedHashMap<>();
    if (text.isEmpty()) {
      return query;
    }
    int at = 0;
    while (at <= text.length()) {
      int end = text.indexOf('&', at);
      String pair = text.substring(at, end < 0 ? text.length() : end);
      int equals = pair.indexOf('=');
      String name = PercentCode.decodeQuery(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : PercentCode.decodeQuery(pair.substring(equals + 1));
      if (!pair.isEmpty() && query.put(name, value) != null) {
        throw ApiFault.badRequest("a parameter of the query stands there twice");
      }
      if (query.size() > MAX_QUERY) {
        throw ApiFault.badRequest("the query has more than " + MAX_QUERY + " parameters");
      }
      at = end < 0 ? text.length() + 1 : end + 1;
    }
    return query;
  }

  /** A part of the path. */
  String inPath(String name) {
    String value = path.get(name);
    if (value == null) {
      throw new IllegalStateException("the template has no " + name);
    }
    return value;
  }

  /** A part of the path that is a hash. */
  Hash256 hashInPath(String name) {
    try {
      return Hash256.parse(inPath(name));
    } catch (IllegalArgumentException malformed) {
      throw ApiFault.badRequest(name + " is not 64 hex digits");
    }
  }

  Optional<String> inQuery(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /** A whole number of the query. */
  long number(String name, long least, long most, long otherwise) {
    String text = query.get(name);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("-?[0-9]{1,18}")) {
      throw ApiFault.badRequest(name + " is not a whole number");
    }
    long value = Long.parseLong(text);
    if (value < least || value > most) {
      throw ApiFault.badRequest(name + " is outside " + least + ".." + most);
    }
    return value;
  }

  /** How many things are asked for: more than there may be means as many as there may be. */
  int limit(int most) {
    return (int) Math.min(most, number("limit", 1, Long.MAX_VALUE, most));
  }

  JsonBody json() {
    return JsonBody.parse(request.body());
  }

  JsonBody jsonOrEmpty() {
    return JsonBody.parseOrEmpty(request.body());
  }
}
