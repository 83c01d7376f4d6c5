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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP interface of a node: its token, its pages and its server. Thread-safe. */
final class NodeApi implements Shutdown.Part {
  static final String TOKEN_FILE = "api-token";

  private static final Logger LOG = LoggerFactory.getLogger(NodeApi.class);

  private final HttpServer server;
  private final ApiHandler handler;
  private final Path tokenFile;

  private final boolean isTokenTemporary;

  private NodeApi(HttpServer server, ApiHandler handler, Path tokenFile, boolean isTokenTemporary) {
    this.server = server;
    this.handler = handler;
    this.tokenFile = tokenFile;
    this.isTokenTemporary = isTokenTemporary;
  }

  /**
   * Where the interface is and who may write.
   *
   * @param bind where it listens; port 0 takes a free one
   * @param tokenFile where the token is, or is put; null: in the data directory, or a temporary
   *     file that is gone when the node is closed
   * @param dataDirectory the node's, if it has one
   */
  record Place(InetSocketAddress bind, @Nullable Path tokenFile, @Nullable Path dataDirectory) {
    /** Nobody has said where to keep it, so that it is of no use when the node is closed. */
    private boolean isTokenTemporary() {
      return tokenFile == null && dataDirectory == null;
    }

    private Path token() throws IOException {
      if (tokenFile != null) {
        return tokenFile;
      }
      return dataDirectory == null
          ? temporary().resolve(TOKEN_FILE)
          : dataDirectory.resolve(TOKEN_FILE);
    }

    /** It says whose it is, should a process be killed and leave it behind. */
    private static Path temporary() throws IOException {
      return Files.createTempDirectory("chaincore-" + ProcessHandle.current().pid() + "-");
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
    Path file = null;
    try {
      file = place.token();
      return start(place, ApiToken.at(file), file, threads, sources);
    } catch (IOException broken) {
      deleteTemporary(place, file);
      throw new NodeStartException(
          NodeStartException.Reason.DIRECTORY, "cannot keep the token of the interface", broken);
    } catch (RuntimeException | Error failed) {
      deleteTemporary(place, file);
      throw failed;
    }
  }

  private static NodeApi start(
      Place place, ApiToken token, Path file, NetworkThreads threads, Sources sources) {
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
      return new NodeApi(server, handler, file, place.isTokenTemporary());
    } catch (RuntimeException | Error failed) {
      handler.close();
      throw failed;
    }
  }

  private static void deleteTemporary(Place place, @Nullable Path file) {
    if (file != null && place.isTokenTemporary()) {
      delete(file);
    }
  }

  InetSocketAddress address() {
    return server.address();
  }

  Path tokenFile() {
    return tokenFile;
  }

  @Override
  public boolean close(Duration within) {
    boolean hasEnded = server.close(within);
    handler.close();
    if (isTokenTemporary) {
      delete(tokenFile);
    }
    return hasEnded;
  }

  /** With the directory that was made for it. */
  private static void delete(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
      Files.deleteIfExists(temporary.toAbsolutePath().getParent());
    } catch (IOException kept) {
      LOG.warn("{} is left behind: {}", temporary, String.valueOf(kept.getMessage()));
    }
  }
}
