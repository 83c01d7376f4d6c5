package org.chaincore.net.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that clients send, right and wrong: whatever is wrong is said with its place. */
final class JsonBodyTest {
  private static JsonBody body(String json) {
    return JsonBody.parse(Bytes.of(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static void assertRefused(ThrowingCallable reading, String why) {
    ApiFault fault = catchThrowableOfType(ApiFault.class, reading);
    assertThat(fault).isNotNull();
    assertThat(fault.response().status()).isEqualTo(400);
    assertThat(TestApi.text(fault.response())).contains(why);
  }

  private static void assertRefused(String json, Consumer<JsonBody> reading, String why) {
    assertRefused(() -> reading.accept(body(json)), why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "7",
        "null",
        "\"x\"",
        "{",
        "{}{}",
        "{\"a\":1,\"a\":2}",
        "{'a':1}",
        "{\"a\":NaN}",
        "{\"a\":1111111111111111111111111111111111111111111111}",
      })
  void parse_whatIsNoObject_isTheCallersMistake(String json) {
    assertThatThrownBy(() -> body(json)).isInstanceOf(ApiFault.class);
  }

  @Test
  void parse_tooDeepOrTooManyNames_isRefused() {
    assertThatThrownBy(() -> body("{\"a\":".repeat(17) + "1" + "}".repeat(17)))
        .isInstanceOf(ApiFault.class);
    assertThatThrownBy(() -> body("{\"" + "n".repeat(200) + "\":1}")).isInstanceOf(ApiFault.class);
    assertThatThrownBy(() -> body("{\"a\":[" + "[],".repeat(600_000) + "[]]}"))
        .isInstanceOf(ApiFault.class);
  }

  @Test
  void parseOrEmpty_ofNothing_isAnObjectWithoutMembers() {
    assertThat(JsonBody.parseOrEmpty(Bytes.EMPTY).scalars()).isEmpty();
    assertThat(
            JsonBody.parseOrEmpty(Bytes.of("{\"a\":1}".getBytes(StandardCharsets.UTF_8))).has("a"))
        .isTrue();
  }

  @Test
  void member_thatIsMissingNullOrOfAnotherType_isNamed() {
    assertRefused("{}", body -> body.text("name"), "name is missing");
    assertRefused("{\"name\":null}", body -> body.text("name"), "name is missing");
    assertRefused("{\"name\":1}", body -> body.text("name"), "name is not a string");
    assertRefused("{\"o\":{}}", body -> body.object("o").text("name"), "o.name is missing");
    assertRefused("{\"o\":[]}", body -> body.object("o"), "o is not an object");
    assertRefused("{\"l\":{}}", body -> body.objects("l"), "l is not an array");
    assertRefused("{\"l\":[{},1]}", body -> body.objects("l"), "l[1] is not an object");
    assertRefused("{\"h\":\"12\"}", body -> body.hash("h"), "h is not 64 hex digits");
    assertRefused("{\"h\":\"1\"}", body -> body.hex("h"), "h is not hex");
  }

  @Test
  void hexList_elementByElement_isReadOrNamed() {
    assertThat(body("{}").hexList("w")).isEmpty();
    assertThat(body("{\"w\":[\"\",\"00ff\"]}").hexList("w"))
        .containsExactly(Bytes.EMPTY, Bytes.parse("00ff"));
    assertRefused("{\"w\":[\"00\",5]}", body -> body.hexList("w"), "w[1] is not a string");
    assertRefused("{\"w\":[\"zz\"]}", body -> body.hexList("w"), "w[0] is not hex");
    assertRefused("{\"w\":\"00\"}", body -> body.hexList("w"), "w is not an array");
  }

  @ParameterizedTest
  @CsvSource({"5,5", "5.0,5", "'\"5\"',5", "'\"5.00\"',5", "1e3,1000", "-5,-5"})
  void number_howeverItIsWritten_isRead(String written, long value) {
    assertThat(body("{\"n\":" + written + "}").number("n", -10, 1_000)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({
    "5.5,whole number",
    "true,not a number",
    "'\"five\"',not a number",
    "'\"-5\"',not a number",
    "'\"1e3\"',not a number",
    "[],not a number",
    "-11,outside",
    "1001,outside",
    "1e25,out of range",
    "1e999999999,out of range",
    "1e-25,out of range",
  })
  void number_thatIsNone_isRefused(String written, String why) {
    assertRefused("{\"n\":" + written + "}", body -> body.number("n", -10, 1_000), why);
  }

  @Test
  void number_thatIsMissing_isWhatItWouldBeOtherwise() {
    assertThat(body("{}").number("n", 0, 9, 7)).isEqualTo(7);
    assertThat(body("{\"n\":8}").number("n", 0, 9, 7)).isEqualTo(8);
    assertRefused("{}", body -> body.number("n", 0, 9), "n is missing");
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "1,100000000",
    "0.00000001,1",
    "'\"21.5\"',2150000000",
    "1.500000000,150000000"
  })
  void coins_inAnyNotation_areBaseUnits(String written, long units) {
    assertThat(body("{\"c\":" + written + "}").coins("c")).isEqualTo(units);
  }

  @ParameterizedTest
  @CsvSource({
    "0.000000001,decimal places",
    "-1,no amount",
    "99999999999,no amount",
    "'\"x\"',not a number",
    "{},not a number",
  })
  void coins_thatAreNone_areRefused(String written, String why) {
    assertRefused("{\"c\":" + written + "}", body -> body.coins("c"), why);
  }

  @Test
  void scalars_ofAllKinds_areText() {
    assertThat(body("{\"a\":\"x\",\"b\":5,\"c\":true}").scalars())
        .containsEntry("a", "x")
        .containsEntry("b", "5")
        .containsEntry("c", "true");
    for (String value : new String[] {"null", "[]", "{}"}) {
      assertRefused("{\"a\":" + value + "}", JsonBody::scalars, "a is neither");
    }
    assertRefused("{\"a\":1e400}", JsonBody::scalars, "a is out of range");
  }
}
