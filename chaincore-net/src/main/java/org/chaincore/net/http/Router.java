package org.chaincore.net.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the route of a request. Immutable. */
final class Router {
  private static final String HEAD = "HEAD";
  private static final String GET = "GET";

  /** A route and what the path has in place of its parameters. */
  record Match(Route route, Map<String, String> path) {}

  private final List<Route> routes;
  private final Map<String, Map<String, Route>> fixed = new LinkedHashMap<>();
  private final Map<String, Map<String, Route>> prefixed = new LinkedHashMap<>();

  Router(List<Route> routes) {
    this.routes = List.copyOf(routes);
    for (Route route : routes) {
      Map<String, Map<String, Route>> table = route.isFixed() ? fixed : prefixed;
      String key = route.isFixed() ? route.template() : prefix(route.template());
      Route before = table.computeIfAbsent(key, path -> new TreeMap<>()).put(route.method(), route);
      if (before != null) {
        throw new IllegalArgumentException("two routes for " + route.template());
      }
    }
  }

  /** What stands before the one parameter, which is the last part of the path. */
  private static String prefix(String template) {
    int brace = template.indexOf('{');
    if (template.indexOf('/', brace) >= 0) {
      throw new IllegalArgumentException("a parameter that is not the last part: " + template);
    }
    return template.substring(0, brace);
  }

  private static String parameter(String template) {
    return template.substring(template.indexOf('{') + 1, template.length() - 1);
  }

  List<Route> routes() {
    return routes;
  }

  /**
   * Finds a route.
   *
   * @throws ApiFault if there is none for the path, or none for the method
   */
  Match match(String method, String path) {
    Map<String, Route> methods = fixed.get(path);
    @Nullable String value = null;
    if (methods == null) {
      int slash = path.lastIndexOf('/');
      methods = slash < 0 ? null : prefixed.get(path.substring(0, slash + 1));
      value = path.substring(slash + 1);
    }
    if (methods == null || (value != null && value.isEmpty())) {
      throw ApiFault.notFound("there is nothing at this path; see /openapi.json");
    }
    Route route = methods.get(method.equals(HEAD) ? GET : method);
    if (route == null) {
      throw ApiFault.of(
          ApiResponse.error(405, "this path does not know the method")
              .with("Allow", allow(methods)));
    }
    return new Match(
        route,
        value == null ? Map.of() : Map.of(parameter(route.template()), PercentCode.decode(value)));
  }

  private static String allow(Map<String, Route> methods) {
    List<String> allowed = new ArrayList<>(new TreeSet<>(methods.keySet()));
    if (allowed.contains(GET)) {
      allowed.add(HEAD);
    }
    return String.join(", ", allowed);
  }
}
