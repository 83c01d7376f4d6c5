package org.chaincore.net.process;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What no client of the HTTP interface should do. */
final class HostileClients {
  private static final int SLOW = 500;
  private static final int STREAMS = 100;
  private static final int PIPELINED = 500;
  private static final String HOST = " HTTP/1.1\r\nHost: localhost\r\n";

  private HostileClients() {}

  /** Begins all of it. */
  static void begin(HostileSockets sockets, long seed) {
    sockets.begin("slowloris", seed + 1, HostileClients::slowloris);
    sockets.begin("long URI", seed + 2, sending("GET /" + "x".repeat(10_000) + HOST + "\r\n"));
    sockets.begin(
        "smuggling",
        seed + 3,
        sending(
            "POST /add_transaction"
                + HOST
                + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                + "GET /status"
                + HOST
                + "\r\n"));
    sockets.begin(
        "foreign host", seed + 4, sending("GET /status HTTP/1.1\r\nHost: evil.example\r\n\r\n"));
    sockets.begin(
        "no token",
        seed + 5,
        sending("POST /addpeer" + HOST + "Content-Length: 20\r\n\r\n{\"peer_url\":\"1.1:1\"}"));
    sockets.begin("greedy", seed + 6, HostileClients::greedy);
    sockets.begin("unread events", seed + 7, HostileClients::unreadEvents);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Says it and reads what comes, to the end. */
  private static HostileSockets.Attack sending(String text) {
    return (sockets, random) -> {
      try (Socket socket = sockets.connect(random);
          InputStream in = socket.getInputStream()) {
        socket.getOutputStream().write(bytes(text));
        byte[] unread = new byte[2_000];
        int read = in.read(unread);
        String answer = read < 0 ? "" : new String(unread, 0, read, StandardCharsets.ISO_8859_1);
        if (answer.startsWith("HTTP/1.1 2")) {
          throw new IllegalStateException("it was answered " + answer);
        }
      }
    };
  }

  /** Hundreds of requests that come a byte at a time and are never whole. */
  private static void slowloris(HostileSockets sockets, SplittableRandom random)
      throws IOException {
    List<Socket> all = new ArrayList<>();
    try {
      for (int i = 0; i < SLOW; i++) {
        Socket socket = sockets.connect(random);
        all.add(socket);
        socket.getOutputStream().write(bytes("GET /status HTTP/1.1\r\nHost: loc"));
      }
      while (sockets.isOn()) {
        sockets.pause(1_000);
        for (Socket socket : all) {
          socket.getOutputStream().write('x');
        }
      }
    } finally {
      for (Socket socket : all) {
        socket.close();
      }
    }
  }

  /** Asks for long answers and reads none. */
  private static void greedy(HostileSockets sockets, SplittableRandom random) throws IOException {
    try (Socket socket = sockets.connect(random)) {
      for (int i = 0; i < PIPELINED && sockets.isOn(); i++) {
        socket.getOutputStream().write(bytes("GET /blockchain?start=0" + HOST + "\r\n"));
      }
      sockets.pause(2_000);
    }
  }

  private static void unreadEvents(HostileSockets sockets, SplittableRandom random)
      throws IOException {
    List<Socket> all = new ArrayList<>();
    try {
      for (int i = 0; i < STREAMS; i++) {
        Socket socket = sockets.connect(random);
        all.add(socket);
        socket.getOutputStream().write(bytes("GET /events?from=0" + HOST + "\r\n"));
      }
      sockets.pause(5_000);
    } finally {
      for (Socket socket : all) {
        socket.close();
      }
    }
  }
}
