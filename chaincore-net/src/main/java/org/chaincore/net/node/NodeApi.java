package org.chaincore.net.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.chaincore.net.http.ApiAccess;
import org.chaincore.net.http.ApiHandler;
import org.chaincore.net.http.ApiSources;
import org.chaincore.net.http.ApiToken;
import org.chaincore.net.http.HttpOptions;
import org.chaincore.net.http.HttpServer;
import org.chaincore.net.tcp.NetworkThreads;
import org.jspecify.annotations.Nullable;

/** The HTTP interface of a node: its token, its pages and its server. Thread-safe. */
final class NodeApi {
  static final String TOKEN_FILE = "api-token";

  private final HttpServer server;
  private final ApiHandler handler;
  private final Path tokenFile;

  private NodeApi(HttpServer server, ApiHandler handler, Path tokenFile) {
    this.server = server;
    this.handler = handler;
    this.tokenFile = tokenFile;
  }

  /**
   * Where the interface is and who may write.
   *
   * @param bind where it listens; port 0 takes a free one
   * @param tokenFile where the token is, or is put; null: in the data directory, or a temporary
   *     file
   * @param dataDirectory the node's, if it has one
   */
  record Place(InetSocketAddress bind, @Nullable Path tokenFile, @Nullable Path dataDirectory) {
    private Path token() throws IOException {
      if (tokenFile != null) {
        return tokenFile;
      }
      return dataDirectory == null
          ? Files.createTempDirectory("chaincore").resolve(TOKEN_FILE)
          : dataDirectory.resolve(TOKEN_FILE);
    }
  }

  /** A part of {@link ApiSources} that the node knows before the interface listens. */
  @FunctionalInterface
  interface Sources {
    ApiSources withPort(AtomicInteger port);
  }

  /**
   * Begins to serve.
   *
   * @throws NodeStartException if the token cannot be kept
   * @throws java.io.UncheckedIOException if the system does not let it listen there
   */
  static NodeApi start(Place place, NetworkThreads threads, Sources sources) {
    Path file;
    ApiToken token;
    try {
      file = place.token();
      token = ApiToken.at(file);
    } catch (IOException broken) {
      throw new NodeStartException(
          NodeStartException.Reason.DIRECTORY, "cannot keep the token of the interface", broken);
    }
    boolean isAnywhere =
        place.bind.getAddress() != null && place.bind.getAddress().isAnyLocalAddress();
    ApiAccess access = new ApiAccess(token, Set.of(place.bind.getHostString()), isAnywhere);
    AtomicInteger port = new AtomicInteger(place.bind.getPort());
    ApiHandler handler = ApiHandler.of(sources.withPort(port), access);
    try {
      HttpOptions options =
          new HttpOptions(place.bind, HttpOptions.Limits.DEFAULT, HttpOptions.Times.DEFAULT);
      HttpServer server = HttpServer.start(handler, options, threads);
      port.set(server.address().getPort());
      return new NodeApi(server, handler, file);
    } catch (RuntimeException failed) {
      handler.close();
      throw failed;
    }
  }

  InetSocketAddress address() {
    return server.address();
  }

  Path tokenFile() {
    return tokenFile;
  }

  boolean close(Duration within) {
    boolean hasEnded = server.close(within);
    handler.close();
    return hasEnded;
  }
}
