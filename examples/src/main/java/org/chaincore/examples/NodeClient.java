package org.chaincore.examples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks nodes by HTTP. A node that is slow, silent or endless costs a bounded time and a bounded
 * memory. Thread-safe.
 */
final class NodeClient {
  /** The longest answer that is asked for has a tenth of it. */
  static final int MAX_ANSWER_BYTES = 1 << 20;

  private static final int MAX_DEPTH = 32;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .build();

  private final HttpClient client;
  private final Duration timeout;

  /** Waits so long for each answer, from the connection to its last byte. */
  NodeClient(Duration timeout) {
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  /** A node that did not answer as it should; the message says how. */
  static final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    NoAnswer(String what) {
      super(what);
    }
  }

  /** Gathers a body, up to a bound. */
  private static final class BoundedBody implements BodySubscriber<byte[]> {
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Flow.Subscription subscription;

    @SuppressWarnings("NullAway.Init") // The subscription comes before anything else.
    BoundedBody() {}

    @Override
    public CompletionStage<byte[]> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
      subscription = begun;
      begun.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> more) {
      for (ByteBuffer next : more) {
        if (bytes.size() + next.remaining() > MAX_ANSWER_BYTES) {
          subscription.cancel();
          body.completeExceptionally(
              new IOException("it answers more than " + MAX_ANSWER_BYTES + " bytes"));
          return;
        }
        byte[] chunk = new byte[next.remaining()];
        next.get(chunk);
        bytes.writeBytes(chunk);
      }
    }

    @Override
    public void onError(Throwable failure) {
      body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      body.complete(bytes.toByteArray());
    }
  }

  /**
   * Asks for an object.
   *
   * @param node scheme, host and port
   * @param path with its query
   * @throws NoAnswer if none comes in time, or another than an object of JSON with status 200
   */
  JsonNode get(URI node, String path) throws NoAnswer, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(node.resolve(path)).timeout(timeout).GET().build();
    CompletableFuture<HttpResponse<byte[]>> asked =
        client.sendAsync(request, head -> new BoundedBody());
    HttpResponse<byte[]> answer;
    try {
      // The request's own time ends with the head of the answer; this one does not.
      answer = asked.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      asked.cancel(true);
      throw new NoAnswer("no answer within " + timeout.toMillis() + " ms");
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      String message = cause.getMessage() == null ? "" : ": " + cause.getMessage();
      throw new NoAnswer(cause.getClass().getSimpleName() + message);
    }
    if (answer.statusCode() != 200) {
      throw new NoAnswer("status " + answer.statusCode() + ", not 200");
    }
    return object(answer.body());
  }

  private static JsonNode object(byte[] body) throws NoAnswer {
    JsonNode read;
    try {
      read = JSON.readTree(body);
    } catch (IOException malformed) {
      throw new NoAnswer("its answer is no JSON");
    }
    if (read == null || !read.isObject()) {
      throw new NoAnswer("its answer is no object");
    }
    return read;
  }
}
