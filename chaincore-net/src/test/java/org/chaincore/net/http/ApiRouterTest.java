package org.chaincore.net.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ApiRouterTest {
  /** Every path of the contract, written down apart from the code. */
  private static final Set<String> CONTRACT =
      Set.of(
          "GET /orphaned_blocks",
          "GET /network_config",
          "POST /sync_mempool",
          "POST /sync_network_stats",
          "GET /stats",
          "GET /status",
          "GET /blockchain",
          "GET /blockchain/headers",
          "GET /blocks/range",
          "GET /chain/info",
          "GET /balance/{address}",
          "GET /utxos/{address}",
          "GET /transactions/{address}",
          "GET /transaction_pool",
          "POST /add_transaction",
          "POST /broadcast_transaction",
          "POST /receive_transaction",
          "POST /mine_block",
          "POST /submit_block",
          "GET /peers",
          "GET /getpeers",
          "POST /addpeer",
          "POST /discover_peers",
          "POST /sync_now",
          "GET /nodes",
          "GET /nodes/active",
          "GET /nodes/stats",
          "GET /status/detailed",
          "GET /",
          "GET /status/human",
          "POST /config/refresh",
          "POST /difficulty/set",
          "GET /events",
          "GET /metrics",
          "GET /health/live",
          "GET /health/ready",
          "GET /explain/{hash}",
          "GET /proof/{txid}",
          "GET /openapi.json");

  private static final Set<String> SUBMISSIONS =
      Set.of("/add_transaction", "/broadcast_transaction", "/receive_transaction", "/submit_block");

  private final TestApi api = TestApi.begin();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void router_always_servesContractAndNothingElse() {
    Set<String> served = new TreeSet<>();
    for (Route route : api.handler().router().routes()) {
      served.add(route.method() + " " + route.template());
    }

    assertThat(served).containsExactlyInAnyOrderElementsOf(CONTRACT);
  }

  @Test
  void openApi_always_describesEveryRoute() {
    JsonNode document = api.getJson("/openapi.json");

    Set<String> described = new TreeSet<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                TestApi.names(path.getValue())
                    .forEach(
                        method ->
                            described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    assertThat(described).containsExactlyInAnyOrderElementsOf(CONTRACT);
    document
        .findValues("$ref")
        .forEach(
            ref ->
                assertThat(document.at(ref.asText().substring(1)).isMissingNode())
                    .as(ref.asText())
                    .isFalse());
  }

  @Test
  void access_ofEveryPost_isTokenButForSubmissions() {
    for (Route route : api.handler().router().routes()) {
      Access expected =
          route.method().equals("GET")
              ? Access.READ
              : SUBMISSIONS.contains(route.template()) ? Access.SUBMIT : Access.WRITE;
      assertThat(route.access()).as(route.template()).isEqualTo(expected);
    }
  }

  /** Walks the router: what each answers is what the document says. */
  @Test
  void everyRead_ofLivingNode_answersAsDescribed() {
    api.chain().mine(6);
    JsonNode document = api.getJson("/openapi.json");
    String txid = api.chain().tip().transactions().get(0).txid().toString();
    for (Route route : api.handler().router().routes()) {
      if (!route.method().equals("GET") || !route.about().response().startsWith("{")) {
        continue;
      }
      String uri =
          route
              .template()
              .replace("{address}", api.address())
              .replace("{hash}", api.chain().tip().hash().toString())
              .replace("{txid}", txid);
      JsonNode schema =
          document
              .get("paths")
              .get(route.template())
              .at("/get/responses/200/content/application~1json/schema");
      check(api.getJson(uri), schema, document, uri);
    }
  }

  private static void check(JsonNode value, JsonNode schema, JsonNode document, String where) {
    if (schema.has("$ref")) {
      check(value, document.at(schema.get("$ref").asText().substring(1)), document, where);
      return;
    }
    assertThat(isOf(value, schema.path("type"))).as(where + " is " + schema).isTrue();
    schema
        .path("required")
        .forEach(name -> assertThat(value.has(name.asText())).as(where + "." + name).isTrue());
    schema
        .path("properties")
        .properties()
        .forEach(
            member ->
                check(
                    value.get(member.getKey()),
                    member.getValue(),
                    document,
                    where + "." + member.getKey()));
    if (schema.has("items")) {
      value.forEach(element -> check(element, schema.get("items"), document, where + "[]"));
    }
    if (schema.has("additionalProperties")) {
      value.forEach(
          element -> check(element, schema.get("additionalProperties"), document, where + ".*"));
    }
  }

  private static boolean isOf(JsonNode value, JsonNode type) {
    if (type.isArray()) {
      return isOf(value, type.get(0)) || isOf(value, type.get(1));
    }
    return switch (type.asText()) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      default -> true;
    };
  }

  @Test
  void wrongMethod_onKnownPath_names405AndWhatIsAllowed() {
    ApiResponse read = api.post("/status", "");
    ApiResponse write = api.get("/sync_now");

    assertThat(read.status()).isEqualTo(405);
    assertThat(read.headers()).containsEntry("Allow", "GET, HEAD");
    assertThat(write.status()).isEqualTo(405);
    assertThat(write.headers()).containsEntry("Allow", "POST");
  }
}
