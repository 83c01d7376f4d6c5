package org.chaincore.net.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in a URI: percent signs, parameters and the routes they lead to. */
final class QueryTest {
  private static Call call(String uri) {
    return Call.of(new ApiRequest("GET", uri, Map.of(), Bytes.EMPTY, "test"), Map.of("hash", "12"));
  }

  private static Route route(String template) {
    return Route.get(
        template,
        call -> ApiResponse.of(200, ApiResponse.JSON, new byte[0]),
        new Route.About("", List.of(), "", "any"));
  }

  @ParameterizedTest
  @CsvSource({
    "abc,abc",
    "a%20b,a b",
    "%41%62,Ab",
    "%c3%A9,é",
    "a+b,a+b",
    "%2F,/",
    "''," + "''",
    "a%2bb,a+b"
  })
  void decode_ofAPathsPart_readsPercentSignsAndKeepsPluses(String part, String text) {
    assertThat(PercentCode.decode(part)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"a+b,a b", "a%2Bb,a+b", "+%20,'  '", "ab,ab"})
  void decodeQuery_ofAPlus_isASpace(String part, String text) {
    assertThat(PercentCode.decodeQuery(part)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"%", "%4", "a%4", "%zz", "%4z", "%z4", "%é1", "é%41", "%ff", "%c3", "%c0%80"})
  void decode_ofWhatIsNoText_isTheCallersMistake(String part) {
    assertThatThrownBy(() -> PercentCode.decode(part)).isInstanceOf(ApiFault.class);
    assertThatThrownBy(() -> PercentCode.decodeQuery(part)).isInstanceOf(ApiFault.class);
  }

  @Test
  void query_withEmptyPartsAndNoValues_isRead() {
    Call call = call("/x?&a=1&&b&c=%20=&");

    assertThat(call.inQuery("a")).contains("1");
    assertThat(call.inQuery("b")).contains("");
    assertThat(call.inQuery("c")).contains(" =");
    assertThat(call.inQuery("d")).isEmpty();
    assertThat(call("/x").inQuery("a")).isEmpty();
    assertThat(call("/x?").inQuery("a")).isEmpty();
  }

  @Test
  void query_twiceTheSameOrTooMany_isRefused() {
    assertThatThrownBy(() -> call("/x?a=1&a=2")).isInstanceOf(ApiFault.class);
    StringBuilder many = new StringBuilder("/x?");
    for (int i = 0; i < 1_000; i++) {
      many.append('&').append(i).append('=');
    }
    assertThatThrownBy(() -> call(many.toString())).isInstanceOf(ApiFault.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "", "1.5", "+1", "1234567890123456789", "-1", "11"})
  void number_thatIsNoneOrOutside_isRefused(String value) {
    assertThatThrownBy(() -> call("/x?n=" + value).number("n", 0, 10, 5))
        .isInstanceOf(ApiFault.class);
  }

  @Test
  void number_withinItsRange_isReadAndElseAssumed() {
    assertThat(call("/x?n=-3").number("n", -5, 10, 5)).isEqualTo(-3);
    assertThat(call("/x").number("n", 0, 10, 5)).isEqualTo(5);
    assertThat(call("/x?limit=1000000").limit(100)).isEqualTo(100);
    assertThat(call("/x?limit=7").limit(100)).isEqualTo(7);
    assertThatThrownBy(() -> call("/x?limit=0").limit(100)).isInstanceOf(ApiFault.class);
  }

  @Test
  void inPath_thatTheTemplateLacks_isOurMistake() {
    assertThatThrownBy(() -> call("/x").inPath("block")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> call("/x").hashInPath("hash")).isInstanceOf(ApiFault.class);
  }

  @Test
  void router_ofRoutesThatCollide_isRefused() {
    assertThatThrownBy(() -> new Router(List.of(route("/a"), route("/a"))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Router(List.of(route("/a/{x}"), route("/a/{y}"))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Router(List.of(route("/{a}/b"))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void router_ofPathsThatLeadNowhere_saysSo() {
    Router router = new Router(List.of(route("/a"), route("/b/{x}")));

    for (String path : List.of("", "a", "/", "/a/", "/b", "/b/", "/b/c/d", "/c/d", "*")) {
      assertThatThrownBy(() -> router.match("GET", path)).as(path).isInstanceOf(ApiFault.class);
    }
    assertThat(router.match("HEAD", "/b/%41").path()).containsEntry("x", "A");
    assertThat(router.match("GET", "/a").path()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{a}",
        "{a:}",
        "{a:int",
        "{a:int}x",
        "[int",
        "map",
        "map(",
        "map(int",
        "?",
        "{:int}"
      })
  void shape_thatIsNone_isOurMistake(String text) {
    assertThatThrownBy(() -> Shape.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shape_ofEachKind_isASchema() {
    String text = "{a:int?,b:[string],c:map(bool),d:any,e:Block,f:any?,g:number}";

    String schema = Shape.parse(text).schema(JsonWriter.object()).end().toString();

    assertThat(schema)
        .contains("\"a\":{\"type\":[\"integer\",\"null\"]}")
        .contains("\"b\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}")
        .contains("\"additionalProperties\":{\"type\":\"boolean\"}")
        .contains("\"d\":{}", "\"f\":{}", "\"g\":{\"type\":\"number\"}")
        .contains("#/components/schemas/Block");
    assertThatThrownBy(() -> Shape.parse("float").schema(JsonWriter.object()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void number_thatIsNotFinite_isWrittenAsNull() {
    JsonWriter out =
        JsonWriter.object()
            .put("nan", Double.NaN)
            .put("infinite", Double.NEGATIVE_INFINITY)
            .put("large", 1e12)
            .put("long", 1.23456789);

    assertThat(out.end().toString())
        .isEqualTo("{\"nan\":null,\"infinite\":null,\"large\":1000000000000.0,\"long\":1.234568}");
  }
}
