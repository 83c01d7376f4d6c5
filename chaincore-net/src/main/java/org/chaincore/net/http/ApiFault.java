package org.chaincore.net.http;

/** A request that is not granted, thrown by whoever sees it first and turned into its answer. */
final class ApiFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient ApiResponse response;

  private ApiFault(ApiResponse response, String what) {
    super(what, null, false, false);
    this.response = response;
  }

  static ApiFault of(ApiResponse response) {
    return new ApiFault(response, "answered " + response.status());
  }

  /** A caller's mistake. */
  static ApiFault badRequest(String whatAndWhere) {
    return new ApiFault(ApiResponse.error(400, whatAndWhere), whatAndWhere);
  }

  static ApiFault notFound(String what) {
    return new ApiFault(ApiResponse.error(404, what), what);
  }

  static ApiFault conflict(String why) {
    return new ApiFault(ApiResponse.error(409, why), why);
  }

  /** The node cannot now. */
  static ApiFault busy(String why, int retryAfterSeconds) {
    ApiResponse response =
        ApiResponse.error(503, why).with("Retry-After", Integer.toString(retryAfterSeconds));
    return new ApiFault(response, why);
  }

  ApiResponse response() {
    return response;
  }
}
