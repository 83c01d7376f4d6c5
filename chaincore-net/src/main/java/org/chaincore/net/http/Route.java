package org.chaincore.net.http;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * One line of the table of all that can be asked: how it is reached, who may, who answers, and how
 * it is described.
 *
 * @param method {@code GET} or {@code POST}; whatever answers GET answers HEAD too
 * @param template the path, whose parts in braces stand for anything, such as {@code
 *     /balance/{address}}
 * @param access who may
 * @param endpoint who answers
 * @param about what it does, for readers and for clients that are generated
 */
record Route(String method, String template, Access access, Endpoint endpoint, About about) {
  /** What no body of a request is longer than: the largest block in JSON. */
  static final int MAX_BODY_BYTES = 16 * 1024 * 1024;

  /** Enough for the largest transaction that nodes relay, in JSON. */
  static final int MAX_TRANSACTION_BODY_BYTES = 1024 * 1024;

  /** Enough for everything else; a signed document of settings in hex has 14,900 at most. */
  static final int MAX_SMALL_BODY_BYTES = 16 * 1024;

  private static final Set<String> HEAVY =
      Set.of(
          "/blockchain",
          "/blockchain/headers",
          "/blocks/range",
          "/orphaned_blocks",
          "/transaction_pool",
          "/balance/{address}",
          "/utxos/{address}",
          "/transactions/{address}",
          "/explain/{hash}",
          "/proof/{txid}",
          "/mine_block");

  /** Who answers. */
  @FunctionalInterface
  interface Endpoint {
    /**
     * Answers a call, in a thread that may wait for the chain, but not for peers.
     *
     * @throws ApiFault if the call is not granted
     */
    CompletableFuture<ApiResponse> answer(Call call);
  }

  /**
   * A description.
   *
   * @param summary a line
   * @param parameters what stands in path and query
   * @param body the shape of the request's body, empty if there is none; see {@link Shape}
   * @param response the shape of the answer if all went well, or a media type
   */
  record About(String summary, List<Parameter> parameters, String body, String response) {
    About {
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * A parameter.
   *
   * @param name as it is written
   * @param isInPath whether it is a part of the path
   * @param shape of its values
   * @param meaning in words
   */
  record Parameter(String name, boolean isInPath, String shape, String meaning) {
    static Parameter inPath(String name, String meaning) {
      return new Parameter(name, true, "string", meaning);
    }

    static Parameter query(String name, String shape, String meaning) {
      return new Parameter(name, false, shape, meaning);
    }
  }

  static Route get(String template, Function<Call, ApiResponse> endpoint, About about) {
    return new Route("GET", template, Access.READ, now(endpoint), about);
  }

  static Route submit(String template, Function<Call, ApiResponse> endpoint, About about) {
    return new Route("POST", template, Access.SUBMIT, now(endpoint), about);
  }

  static Route write(String template, Endpoint endpoint, About about) {
    return new Route("POST", template, Access.WRITE, endpoint, about);
  }

  /** What answers without waiting for others. */
  static Endpoint now(Function<Call, ApiResponse> endpoint) {
    return call -> CompletableFuture.completedFuture(endpoint.apply(call));
  }

  int maxBodyBytes() {
    if (access != Access.SUBMIT) {
      return MAX_SMALL_BODY_BYTES;
    }
    return template.equals("/submit_block") ? MAX_BODY_BYTES : MAX_TRANSACTION_BODY_BYTES;
  }

  /** Whether it may read much of the store, or wait long for the chain. */
  boolean isHeavy() {
    return access == Access.SUBMIT || HEAVY.contains(template);
  }

  /** Whether the path is a plain one. */
  boolean isFixed() {
    return template.indexOf('{') < 0;
  }
}
