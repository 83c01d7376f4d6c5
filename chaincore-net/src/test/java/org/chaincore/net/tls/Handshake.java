package org.chaincore.net.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** Two ends of TLS that shake hands in memory. Not thread-safe. */
final class Handshake {
  private final SSLEngine client;
  private final SSLEngine server;
  private final ByteBuffer toServer;
  private final ByteBuffer toClient;

  private Handshake(SSLEngine client, SSLEngine server) {
    this.client = client;
    this.server = server;
    int size = 4 * client.getSession().getPacketBufferSize();
    this.toServer = ByteBuffer.allocate(size);
    this.toClient = ByteBuffer.allocate(size);
  }

  /** Goes on until both are done; what one of them refuses is thrown. */
  static void run(SSLEngine client, SSLEngine server) throws SSLException {
    client.beginHandshake();
    server.beginHandshake();
    Handshake handshake = new Handshake(client, server);
    for (int step = 0; step < 40; step++) {
      handshake.step(client, handshake.toClient, handshake.toServer);
      handshake.step(server, handshake.toServer, handshake.toClient);
    }
    if (isUnderWay(client) || isUnderWay(server)) {
      throw new SSLException("the handshake does not end");
    }
  }

  private static boolean isUnderWay(SSLEngine engine) {
    return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
  }

  private void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
    ByteBuffer nothing = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    HandshakeStatus status = engine.getHandshakeStatus();
    if (status == HandshakeStatus.NEED_WRAP) {
      engine.wrap(ByteBuffer.allocate(0), out);
    }
    in.flip();
    if (in.hasRemaining()) {
      engine.unwrap(in, nothing);
    }
    in.compact();
  }

  @Override
  public String toString() {
    return client.getHandshakeStatus() + ", " + server.getHandshakeStatus();
  }
}
