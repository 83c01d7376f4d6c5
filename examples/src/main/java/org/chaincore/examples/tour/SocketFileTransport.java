package org.chaincore.examples.tour;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.transport.Connection;
import org.chaincore.sync.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A transport of a host's own: nodes of one machine speak through Unix domain sockets, files in a
 * directory that they share. Who may write there may connect; nobody else reaches a node at all.
 *
 * <p>A socket does not say who has connected, so whoever connects sends its address first. Two
 * threads a connection: for a handful of neighbours, not for a hundred peers.
 *
 * <p>Thread-safe.
 */
final class SocketFileTransport implements Transport {
  private final Path directory;
  private final NetworkAddress home;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(SocketFileTransport::daemon);
  private volatile @Nullable Acceptor acceptor;
  private volatile @Nullable ServerSocketChannel door;

  /**
   * A transport that is not started.
   *
   * @param home where others reach it: any address that no other has in this directory
   */
  SocketFileTransport(Path directory, NetworkAddress home) {
    this.directory = directory;
    this.home = home;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "socket-files");
    thread.setDaemon(true);
    return thread;
  }

  private Path fileOf(NetworkAddress address) {
    return directory.resolve(address.toString().replace(':', '_'));
  }

  @Override
  public void start(Acceptor hearing) {
    acceptor = hearing;
    try {
      Files.deleteIfExists(fileOf(home)); // Left behind by a process that was killed.
      ServerSocketChannel opened = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      opened.bind(UnixDomainSocketAddress.of(fileOf(home)));
      door = opened;
      threads.execute(() -> acceptAll(opened, hearing));
    } catch (IOException taken) {
      throw new UncheckedIOException("cannot listen at " + fileOf(home), taken);
    }
  }

  private void acceptAll(ServerSocketChannel opened, Acceptor hearing) {
    try {
      while (true) {
        SocketChannel channel = opened.accept();
        threads.execute(() -> accept(channel, hearing));
      }
    } catch (IOException | RejectedExecutionException closed) {
      SocketFileConnection.closeQuietly(opened);
    }
  }

  private void accept(SocketChannel channel, Acceptor hearing) {
    try {
      int length = Byte.toUnsignedInt(read(channel, 1)[0]);
      NetworkAddress from = NetworkAddress.parse(new String(read(channel, length), US_ASCII));
      SocketFileConnection connection = connection(channel, from);
      connection.begin(hearing.accepted(connection), threads);
    } catch (IOException | IllegalArgumentException stranger) {
      SocketFileConnection.closeQuietly(channel);
    }
  }

  @Override
  public void connect(NetworkAddress to, long attempt) {
    Acceptor hearing = acceptor;
    if (hearing == null) {
      return; // Closed: nobody waits for an answer.
    }
    try {
      threads.execute(() -> connect(to, attempt, hearing));
    } catch (RejectedExecutionException closed) {
      hearing.connectFailed(attempt);
    }
  }

  private void connect(NetworkAddress to, long attempt, Acceptor hearing) {
    try {
      SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(fileOf(to)));
      byte[] address = home.toString().getBytes(US_ASCII);
      channel.write(ByteBuffer.wrap(new byte[] {(byte) address.length}));
      channel.write(ByteBuffer.wrap(address));
      SocketFileConnection connection = connection(channel, to);
      connection.begin(hearing.connected(connection, attempt), threads);
    } catch (IOException nobody) {
      hearing.connectFailed(attempt);
    }
  }

  private SocketFileConnection connection(SocketChannel channel, NetworkAddress other) {
    SocketFileConnection connection = new SocketFileConnection(channel, other, open::remove);
    open.add(connection);
    if (acceptor == null) {
      connection.close(); // Whoever closed the transport meanwhile did not see this one.
    }
    return connection;
  }

  private static byte[] read(SocketChannel channel, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException();
      }
    }
    return bytes.array();
  }

  @Override
  public void close() {
    acceptor = null;
    ServerSocketChannel opened = door;
    if (opened != null) {
      SocketFileConnection.closeQuietly(opened);
      fileOf(home).toFile().delete();
    }
    open.forEach(Connection::close);
    threads.shutdown();
  }

  /** Waits for what was under way when it was closed. */
  boolean awaitEnd(long seconds) throws InterruptedException {
    return threads.awaitTermination(seconds, TimeUnit.SECONDS);
  }
}
