package org.chaincore.bench.workload;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** {@code GET /status}, again and again over one connection. Not thread-safe. */
public final class StatusRequests implements AutoCloseable {
  private static final String LENGTH = "content-length: ";

  private final Socket socket;
  private final InputStream in;
  private final byte[] request;
  private final StringBuilder line = new StringBuilder();

  private StatusRequests(Socket socket, byte[] request) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.request = request;
  }

  /** Connects. */
  public static StatusRequests to(InetSocketAddress address) throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setTcpNoDelay(true);
    String host = "127.0.0.1:" + address.getPort();
    String request = "GET /status HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    return new StatusRequests(socket, request.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Asks once.
   *
   * @return bytes of the answer's body
   */
  public int ask() throws IOException {
    socket.getOutputStream().write(request);
    String status = readLine();
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException("answered: " + status);
    }
    int length = -1;
    for (String header = readLine(); !header.isEmpty(); header = readLine()) {
      if (header.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
        length = Integer.parseInt(header.substring(LENGTH.length()));
      }
    }
    if (in.readNBytes(length).length != length) {
      throw new IOException("the answer ended early");
    }
    return length;
  }

  private String readLine() throws IOException {
    line.setLength(0);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection ended");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
