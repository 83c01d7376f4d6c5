package org.chaincore.net.bitcoinj;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.chaincore.net.node.ChainNode;
import org.chaincore.sync.peer.NetworkAddress;

/** Stands before a node, passes on all that is said, and writes it down. Thread-safe. */
final class RecordingProxy implements AutoCloseable {
  /** About what one packet carries, so that messages come in pieces. */
  private static final int PIECE_BYTES = 1_400;

  private final Capture capture = new Capture();
  private final ServerSocket listening;
  private final InetSocketAddress target;

  // Guarded by this.
  private final List<Socket> sockets = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private boolean isClosed;

  RecordingProxy(ChainNode node) throws IOException {
    NetworkAddress at = node.p2pAddress().orElseThrow();
    target = new InetSocketAddress(InetAddress.getByAddress(at.host().toArray()), at.port());
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  NetworkAddress address() {
    return NetworkAddress.parse("127.0.0.1:" + listening.getLocalPort());
  }

  /** What was said; to be read when the connections are closed. */
  Capture capture() {
    return capture;
  }

  /** Part of a thread's work, which ends when a socket is closed. */
  private interface Work {
    void run() throws IOException;
  }

  private synchronized void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException closed) {
                // One side has left, or the proxy.
              }
            },
            "recording proxy");
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private synchronized void keep(Socket socket) throws IOException {
    sockets.add(socket);
    if (isClosed) {
      socket.close();
    }
  }

  private void accept() throws IOException {
    for (int connection = 0; ; connection++) {
      int number = connection;
      Socket near = listening.accept();
      keep(near);
      Socket far = new Socket(target.getAddress(), target.getPort());
      keep(far);
      start(() -> pass(near, far, number, true));
      start(() -> pass(far, near, number, false));
    }
  }

  private void pass(Socket from, Socket to, int connection, boolean isFromClient)
      throws IOException {
    // Whatever ends one side ends the other.
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[PIECE_BYTES];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        capture.heard(connection, isFromClient, Arrays.copyOf(buffer, read));
        out.write(buffer, 0, read);
      }
    }
  }

  @Override
  public void close() throws IOException {
    List<Thread> running;
    synchronized (this) {
      isClosed = true;
      listening.close();
      for (Socket socket : sockets) {
        socket.close();
      }
      running = List.copyOf(threads);
    }
    try {
      for (Thread thread : running) {
        thread.join(Follower.WAIT_SECONDS * 1_000);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
