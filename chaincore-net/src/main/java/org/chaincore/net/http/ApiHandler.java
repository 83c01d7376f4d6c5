package org.chaincore.net.http;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.chaincore.sync.protocol.SyncEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of the HTTP interface, whoever brings them: {@link HttpServer}, or a server
 * that the host runs anyway.
 *
 * <p>A server gives it a request as it stands before its body, and learns whether the body is worth
 * reading; then it gives it the body and gets the answer. It has to bound headers, connections and
 * time itself.
 *
 * <p>Whatever a client sends, the answer is one of its mistakes or what it asked for: a mistake of
 * ours is logged, and the client learns only that there was one.
 *
 * <p>Thread-safe.
 */
public final class ApiHandler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);

  private final NodeDesk node;
  private final Once<Router> router;
  private final ApiAccess access;

  private ApiHandler(ApiSources sources, ApiAccess access) {
    this.node = new NodeDesk(sources);
    this.router = new Once<>(() -> new Router(ApiTable.of(node)));
    this.access = access;
  }

  /** Shows a node to whom it may be shown. */
  public static ApiHandler of(ApiSources sources, ApiAccess access) {
    return new ApiHandler(sources, access);
  }

  Router router() {
    return router.get();
  }

  /**
   * Judges a request before its body: where it comes from, what it asks for, who asks.
   *
   * @param head the request, whose body is not looked at
   */
  public Admission admit(ApiRequest head) {
    return admit(head, access);
  }

  /** The same for a server that knows by which names it is reached. */
  Admission admit(ApiRequest head, ApiAccess letIn) {
    try {
      Optional<ApiResponse> stranger = letIn.strangerIn(head);
      if (stranger.isPresent()) {
        return Admission.refused(stranger.get());
      }
      Router.Match match = router.get().match(head.method(), head.path());
      if (match.route().access() == Access.WRITE && !letIn.isEntitled(head)) {
        return Admission.refused(
            ApiResponse.error(401, "this needs the token of the node")
                .with("WWW-Authenticate", "Bearer realm=\"chaincore\""));
      }
      node.called();
      return Admission.granted(match.route(), body -> answer(match, head.withBody(body)));
    } catch (ApiFault fault) {
      return Admission.refused(fault.response());
    }
  }

  ApiAccess access() {
    return access;
  }

  /** Judges and answers a request whose body is there; see {@link Admission#answer}. */
  public CompletableFuture<ApiResponse> handle(ApiRequest request) {
    Admission admission = admit(request);
    Optional<ApiResponse> refusal = admission.refusal();
    if (refusal.isPresent()) {
      return CompletableFuture.completedFuture(refusal.get());
    }
    if (request.body().length() > admission.maxBodyBytes()) {
      return CompletableFuture.completedFuture(tooLarge(admission));
    }
    return admission.answer(request.body());
  }

  static ApiResponse tooLarge(Admission admission) {
    return ApiResponse.error(413, "the body is longer than " + admission.maxBodyBytes() + " bytes");
  }

  private static CompletableFuture<ApiResponse> answer(Router.Match match, ApiRequest request) {
    try {
      return match
          .route()
          .endpoint()
          .answer(Call.of(request, match.path()))
          .exceptionally(failure -> answerTo(failure, match.route()));
    } catch (RuntimeException failure) {
      return CompletableFuture.completedFuture(answerTo(failure, match.route()));
    }
  }

  private static ApiResponse answerTo(Throwable failure, Route route) {
    if (failure instanceof CompletionException && failure.getCause() != null) {
      return answerTo(failure.getCause(), route);
    }
    if (failure instanceof ApiFault fault) {
      return fault.response();
    }
    if (failure instanceof CancellationException) {
      return ApiFault.busy("the node is stopping", 5).response();
    }
    LOG.error("{} {} failed", route.method(), route.template(), failure);
    return ApiResponse.error(500, "the node failed at this; its log says why");
  }

  /**
   * Lets it know what the driver tells, so that it can explain from whom a refused block came. For
   * a host to call from where it hears of events, unless it tells a journal of its own, see {@link
   * ApiSources.Desks}; returns at once.
   */
  public void heard(SyncEvent event) {
    node.journal().heard(event);
  }

  /** An answer for a server that has no room to ask. */
  static ApiResponse busy(String why) {
    return ApiFault.busy(why, 1).response();
  }

  /** An answer to what is no request. */
  static ApiResponse malformed(int status, String why) {
    return ApiResponse.error(status, why);
  }

  /** Remembers no more of the node; requests are still answered. */
  @Override
  public void close() {
    node.close();
  }
}
