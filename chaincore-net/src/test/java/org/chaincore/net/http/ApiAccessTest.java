package org.chaincore.net.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a server answers, by what the request says of itself. */
final class ApiAccessTest {
  private static final ApiToken TOKEN = ApiToken.of("0123456789abcdef");
  private static final ApiAccess LOOPBACK = ApiAccess.onLoopback(TOKEN);

  private static ApiRequest request(String... headers) {
    Map<String, String> all = new TreeMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    return new ApiRequest("GET", "/status", all, Bytes.EMPTY, "test");
  }

  private static boolean isServed(ApiAccess access, String host) {
    return access.strangerIn(request("Host", host)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:80",
        "127.0.0.1",
        "127.0.0.1:65535",
        "[::1]",
        "[::1]:8080"
      })
  void host_ofTheLoopback_isAlwaysServed(String host) {
    assertThat(isServed(LOOPBACK, host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":80",
        "]",
        "[",
        "[::1",
        "evil.example",
        "localhost:",
        "localhost:x",
        "localhost:123456",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "[fe80::1]",
        "[::1]x",
        "user@localhost",
      })
  void host_thatIsForeignOrNone_isRefused(String host) {
    assertThat(LOOPBACK.strangerIn(request("Host", host)))
        .hasValueSatisfying(answer -> assertThat(answer.status()).isEqualTo(403));
  }

  @Test
  void host_thatIsMissing_isRefused() {
    assertThat(LOOPBACK.strangerIn(request())).isPresent();
  }

  @Test
  void host_thatTheHostTrusts_isServedWithOrWithoutBrackets() {
    ApiAccess access =
        new ApiAccess(TOKEN, Set.of("Node.Example", "fe80::1"), false).withHost("[2001:db8::7]");

    for (String host : new String[] {"node.example:1", "[fe80::1]:1", "[2001:db8::7]"}) {
      assertThat(isServed(access, host)).as(host).isTrue();
    }
    assertThat(isServed(access, "other.example")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3:80,true",
    "203.0.113.9,true",
    "[2001:db8::1]:80,true",
    "[::ffff:1.2.3.4],true",
    "1.2.3,false",
    "1.2.3.4567,false",
    "[fe80::1%25eth0],false",
    "[x],false",
    "node.example,false",
  })
  void host_whereAnyAddressIsTrusted_mayBeAnAddressAndNoName(String host, boolean isServed) {
    assertThat(isServed(new ApiAccess(TOKEN, Set.of(), true), host)).isEqualTo(isServed);
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:80,true",
    "https://LOCALHOST:80,true",
    "http://localhost,false",
    "http://evil.example,false",
    "ftp://localhost:80,false",
    "localhost:80,false",
    "//localhost:80,false",
    "null,false",
    "http:,false",
    "http://local host,false",
    "file:///x,false",
  })
  void origin_ofAnotherPlace_isRefused(String origin, boolean isServed) {
    assertThat(LOOPBACK.strangerIn(request("Host", "localhost:80", "Origin", origin)).isEmpty())
        .isEqualTo(isServed);
  }

  @Test
  void token_shownInAnyOtherWay_entitlesToNothing() {
    assertThat(LOOPBACK.isEntitled(request())).isFalse();
    for (String shown :
        new String[] {
          "",
          "Bearer",
          "Bearer ",
          "Bearer 0123456789abcde",
          "Bearer 0123456789abcdef0",
          "Basic 0123456789abcdef",
          "0123456789abcdef"
        }) {
      assertThat(LOOPBACK.isEntitled(request("Authorization", shown))).as(shown).isFalse();
    }
    assertThat(LOOPBACK.isEntitled(request("Authorization", "bEARER  0123456789abcdef "))).isTrue();
  }
}
