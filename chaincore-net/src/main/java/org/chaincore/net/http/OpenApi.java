package org.chaincore.net.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Describes the interface as an OpenAPI 3.1 document, made from the table of routes. Stateless. */
final class OpenApi {
  private static final String TRANSACTION =
      "{tx_id:string,version:int,"
          + "inputs:[{tx_id:string,output_index:int,script_sig:string,sequence:int,"
          + "witness:[string]}],"
          + "outputs:[{amount:number,recipient_address:string?,script_pubkey:string}],"
          + "lock_time:int,wtx_id:string,size:int,virtual_size:int}";

  private static final String BLOCK =
      "{index:int,hash:string,previous_hash:string,merkle_root:string,timestamp:number,nonce:int,"
          + "bits:string,target_difficulty:int,version:int,transaction_count:int,block_size:int,"
          + "transactions:[Transaction]}";

  private static final Map<String, String> SHAPES =
      new TreeMap<>(
          Map.of(
              "Block",
              BLOCK,
              "Transaction",
              TRANSACTION,
              "Header",
              "{index:int,hash:string,previous_hash:string,timestamp:number,"
                  + "target_difficulty:int,nonce:int,merkle_root:string}",
              "Peer",
              "{last_seen:number,response_time:number,chain_length:int,is_active:bool,"
                  + "kind:string}",
              "NetworkWide",
              "{total_nodes:int,max_chain_length:int,min_chain_length:int,"
                  + "avg_chain_length:number,avg_peers_per_node:number,last_aggregation:number,"
                  + "total_hash_rate:number,average_block_time:number,"
                  + "network_difficulty:number}",
              "Error",
              "{status:string,error:string}"));

  private OpenApi() {}

  static byte[] document(List<Route> routes, String version) {
    JsonWriter out =
        JsonWriter.object()
            .put("openapi", "3.1.0")
            .object("info")
            .put("title", "ChainCore node")
            .put("version", version)
            .put(
                "description",
                "Times are Unix seconds, hashes 64 hex digits in display order, amounts decimal"
                    + " coins with at most 8 places. Members may be added; none is taken away.")
            .end()
            .object("paths");
    Map<String, Map<String, Route>> paths = new TreeMap<>();
    for (Route route : routes) {
      paths.computeIfAbsent(route.template(), path -> new TreeMap<>()).put(route.method(), route);
    }
    paths.forEach(
        (path, methods) -> {
          out.object(path);
          methods.values().forEach(route -> operation(route, out));
          out.end();
        });
    out.end().object("components").object("securitySchemes").object("token");
    out.put("type", "http").put("scheme", "bearer").end().end().object("schemas");
    SHAPES.forEach((name, shape) -> Shape.parse(shape).schema(out.object(name)).end());
    return out.end().end().end().toBytes();
  }

  private static void operation(Route route, JsonWriter out) {
    out.object(route.method().toLowerCase(Locale.ROOT))
        .put("summary", route.about().summary())
        .put("operationId", operationId(route));
    if (!route.about().parameters().isEmpty()) {
      out.array("parameters");
      route.about().parameters().forEach(parameter -> parameter(parameter, out));
      out.end();
    }
    if (route.access() == Access.WRITE) {
      out.array("security").element().array("token").end().end().end();
    }
    if (!route.about().body().isEmpty()) {
      out.object("requestBody").object("content").object("application/json").object("schema");
      Shape.parse(route.about().body()).schema(out).end().end().end().end();
    }
    responses(route, out);
    out.end();
  }

  private static String operationId(Route route) {
    String path = route.template().replaceAll("[^a-zA-Z0-9]+", "_").replaceAll("^_|_$", "");
    return route.method().toLowerCase(Locale.ROOT) + "_" + (path.isEmpty() ? "root" : path);
  }

  private static void parameter(Route.Parameter parameter, JsonWriter out) {
    out.element()
        .put("name", parameter.name())
        .put("in", parameter.isInPath() ? "path" : "query")
        .put("required", parameter.isInPath())
        .put("description", parameter.meaning())
        .object("schema");
    Shape.parse(parameter.shape()).schema(out).end().end();
  }

  private static void responses(Route route, JsonWriter out) {
    out.object("responses").object("200").put("description", "It went well.").object("content");
    String response = route.about().response();
    if (response.startsWith("{")) {
      out.object("application/json").object("schema");
      Shape.parse(response).schema(out).end().end();
    } else {
      out.object(response).end();
    }
    out.end().end().object("default").put("description", "It did not.").object("content");
    out.object("application/json").object("schema");
    Shape.parse("Error").schema(out).end().end().end().end().end();
  }
}
