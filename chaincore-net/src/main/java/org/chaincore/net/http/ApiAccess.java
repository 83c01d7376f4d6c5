package org.chaincore.net.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who is let in. Immutable.
 *
 * <p><b>Host.</b> A page of a stranger's site can have its own name point at this machine (DNS
 * rebinding) and its script then asks the node as if it were the site. The name stays in the Host
 * header, so only names that the host trusts are answered.
 *
 * <p><b>Origin.</b> A page can also send requests to the node's true address (CSRF). A browser then
 * says in the Origin header whose page it was, so only pages of the node itself are answered.
 *
 * <p><b>Token.</b> What changes the node needs the token besides.
 *
 * @param token what is shown for writing
 * @param hosts names and addresses, without ports, under which the node is asked; those of the
 *     loopback interface always are
 * @param isAnyAddressTrusted whether a Host that is an IP address is trusted whatever it is: for
 *     servers that are bound to all addresses. An address cannot be rebound
 */
public record ApiAccess(ApiToken token, Set<String> hosts, boolean isAnyAddressTrusted) {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private static final String BEARER = "bearer ";

  public ApiAccess {
    Set<String> lower = new TreeSet<>(LOOPBACK);
    for (String host : hosts) {
      lower.add(inBrackets(host.toLowerCase(Locale.ROOT)));
    }
    hosts = Set.copyOf(lower);
  }

  /** Whoever asks by an address of the loopback interface. */
  public static ApiAccess onLoopback(ApiToken token) {
    return new ApiAccess(token, Set.of(), false);
  }

  /** The same, and who asks by another name too. */
  public ApiAccess withHost(String host) {
    Set<String> more = new TreeSet<>(hosts);
    more.add(host);
    return new ApiAccess(token, more, isAnyAddressTrusted);
  }

  private static String inBrackets(String host) {
    return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  /**
   * What is wrong with where a request says that it comes from and goes to; empty if nothing is.
   */
  Optional<ApiResponse> strangerIn(ApiRequest request) {
    Optional<String> host = request.header("host");
    if (host.isEmpty() || !isTrusted(hostOf(host.get()))) {
      return Optional.of(ApiResponse.error(403, "this Host is not served here"));
    }
    Optional<String> origin = request.header("origin");
    if (origin.isPresent() && !isSameOrigin(origin.get(), host.get())) {
      return Optional.of(ApiResponse.error(403, "pages of this Origin may not ask here"));
    }
    return Optional.empty();
  }

  /** Whether the token was shown. */
  boolean isEntitled(ApiRequest request) {
    Optional<String> shown = request.header("authorization");
    return shown.isPresent()
        && shown.get().regionMatches(true, 0, BEARER, 0, BEARER.length())
        && token.matches(shown.get().substring(BEARER.length()).strip());
  }

  private boolean isTrusted(String host) {
    return hosts.contains(host) || (isAnyAddressTrusted && isAddress(host));
  }

  /** The name in a Host header, without port; empty if it is none. */
  private static String hostOf(String header) {
    String text = header.toLowerCase(Locale.ROOT);
    int end = text.startsWith("[") ? text.indexOf(']') + 1 : text.indexOf(':');
    if (end == 0) {
      return "";
    }
    String host = end < 0 ? text : text.substring(0, end);
    String rest = end < 0 ? "" : text.substring(end);
    return rest.isEmpty() || rest.matches(":[0-9]{1,5}") ? host : "";
  }

  private static boolean isAddress(String host) {
    return host.startsWith("[")
        ? host.matches("\\[[0-9a-f:.]{2,45}]")
        : host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  }

  private static boolean isSameOrigin(String origin, String host) {
    try {
      URI uri = new URI(origin);
      String scheme = uri.getScheme();
      String authority = uri.getRawAuthority();
      return scheme != null
          && authority != null
          && (scheme.equals("http") || scheme.equals("https"))
          && authority.equalsIgnoreCase(host);
    } catch (URISyntaxException malformed) {
      return false;
    }
  }
}
