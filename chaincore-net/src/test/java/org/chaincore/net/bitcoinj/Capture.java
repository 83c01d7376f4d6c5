package org.chaincore.net.bitcoinj;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.chaincore.core.value.Bytes;

/**
 * What was said on some TCP connections, in the order in which it was heard, to be written as a
 * capture file. The bytes are those that were said, in the pieces in which they came; the headers
 * around them are made up, with a port of our own for the side that listens. Thread-safe.
 */
final class Capture {
  /** The port of the side that listens. */
  static final int PORT = 18_444;

  /** Raw IPv4 packets, without a link layer. */
  private static final int LINK_RAW = 101;

  private static final int PCAP_MAGIC = 0xa1b2c3d4;
  private static final int FIRST_CLIENT_PORT = 40_000;
  private static final int HEADERS_BYTES = 40;
  private static final int LOOPBACK = 0x7f000001;
  private static final int SYN = 0x02;
  private static final int PUSH = 0x08;
  private static final int ACK = 0x10;

  private static final int FRAME_HEADER_BYTES = 24;
  private static final int COMMAND_AT = 4;
  private static final int COMMAND_BYTES = 12;
  private static final int LENGTH_AT = 16;

  /** Behind the version of a transaction. */
  private static final int WITNESS_MARK_AT = 4;

  private static final int HANDSHAKE_PACKETS = 3;

  /** So many bytes said by one side of a connection. */
  private record Piece(int connection, boolean isFromClient, Bytes bytes) {}

  private final List<Piece> pieces = new ArrayList<>();

  synchronized void heard(int connection, boolean isFromClient, byte[] bytes) {
    pieces.add(new Piece(connection, isFromClient, Bytes.of(bytes)));
  }

  private synchronized List<Piece> all() {
    return List.copyOf(pieces);
  }

  /** The same without one of the pieces that are whole messages of this command. */
  Capture without(String command) {
    Capture rest = new Capture();
    boolean isFound = false;
    for (Piece piece : all()) {
      if (!isFound && isMessage(piece.bytes.toArray(), command)) {
        isFound = true;
      } else {
        rest.pieces.add(piece);
      }
    }
    return requireFound(rest, isFound, command);
  }

  /** The same with a message of this command that claims to hold far more than it does. */
  Capture withDamaged(String command) {
    Capture damaged = new Capture();
    boolean isFound = false;
    for (Piece piece : all()) {
      byte[] bytes = piece.bytes.toArray();
      if (!isFound && isMessage(bytes, command)) {
        isFound = true;
        bytes[FRAME_HEADER_BYTES] = (byte) 0xfc; // The largest count of one byte.
      }
      damaged.pieces.add(new Piece(piece.connection, piece.isFromClient, Bytes.of(bytes)));
    }
    return requireFound(damaged, isFound, command);
  }

  private static Capture requireFound(Capture made, boolean isFound, String command) {
    if (!isFound) {
      throw new IllegalStateException("no piece is one whole " + command);
    }
    return made;
  }

  private static boolean isMessage(byte[] bytes, String command) {
    return bytes.length > FRAME_HEADER_BYTES
        && commandAt(bytes, 0).equals(command)
        && FRAME_HEADER_BYTES + lengthAt(bytes, 0) == bytes.length;
  }

  private static String commandAt(byte[] bytes, int frame) {
    return new String(bytes, frame + COMMAND_AT, COMMAND_BYTES, US_ASCII).replace("\0", "");
  }

  private static int lengthAt(byte[] bytes, int frame) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(frame + LENGTH_AT);
  }

  /** Is told of every whole message. */
  private interface Visitor {
    void message(int packet, String command, byte[] payload);
  }

  /** How many whole messages of each command were said. */
  SortedMap<String, Integer> messages() {
    SortedMap<String, Integer> counts = new TreeMap<>();
    visit((packet, command, payload) -> counts.merge(command, 1, Integer::sum));
    return counts;
  }

  /** The packets, counted from 1, in which a transaction with a witness ends (BIP144). */
  SortedSet<Integer> packetsOfWitnessTransactions() {
    SortedSet<Integer> packets = new TreeSet<>();
    visit(
        (packet, command, payload) -> {
          boolean isMarked = payload.length > WITNESS_MARK_AT + 1 && payload[WITNESS_MARK_AT] == 0;
          if (command.equals("tx") && isMarked && payload[WITNESS_MARK_AT + 1] == 1) {
            packets.add(packet);
          }
        });
    return packets;
  }

  private void visit(Visitor visitor) {
    SortedMap<String, byte[]> begun = new TreeMap<>();
    SortedSet<Integer> connections = new TreeSet<>();
    int packet = 0;
    for (Piece piece : all()) {
      packet += connections.add(piece.connection) ? 1 + HANDSHAKE_PACKETS : 1;
      String side = piece.connection + (piece.isFromClient ? ">" : "<");
      byte[] rest = begun.getOrDefault(side, new byte[0]);
      byte[] bytes = Arrays.copyOf(rest, rest.length + piece.bytes.length());
      System.arraycopy(piece.bytes.toArray(), 0, bytes, rest.length, piece.bytes.length());
      int at = 0;
      while (bytes.length - at >= FRAME_HEADER_BYTES
          && bytes.length - at >= FRAME_HEADER_BYTES + lengthAt(bytes, at)) {
        int end = at + FRAME_HEADER_BYTES + lengthAt(bytes, at);
        visitor.message(
            packet, commandAt(bytes, at), Arrays.copyOfRange(bytes, at + FRAME_HEADER_BYTES, end));
        at = end;
      }
      begun.put(side, Arrays.copyOfRange(bytes, at, bytes.length));
    }
  }

  /** Writes a pcap file. */
  void write(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      ByteBuffer head = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
      head.putInt(PCAP_MAGIC).putShort((short) 2).putShort((short) 4);
      head.putLong(0).putInt(0xffff).putInt(LINK_RAW);
      out.write(head.array());
      int packets = 0;
      SortedMap<Integer, int[]> said = new TreeMap<>();
      for (Piece piece : all()) {
        int[] sequence = said.get(piece.connection);
        if (sequence == null) {
          sequence = new int[] {1, 1};
          said.put(piece.connection, sequence);
          Piece clients = new Piece(piece.connection, true, Bytes.EMPTY);
          Piece servers = new Piece(piece.connection, false, Bytes.EMPTY);
          out.write(packet(packets++, clients, 0, 0, SYN));
          out.write(packet(packets++, servers, 0, 1, SYN | ACK));
          out.write(packet(packets++, clients, 1, 1, ACK));
        }
        int side = piece.isFromClient ? 0 : 1;
        out.write(packet(packets++, piece, sequence[side], sequence[1 - side], PUSH | ACK));
        sequence[side] += piece.bytes.length();
      }
    }
  }

  private static byte[] packet(int number, Piece piece, int sequence, int acknowledged, int flags) {
    int length = HEADERS_BYTES + piece.bytes.length();
    ByteBuffer record = ByteBuffer.allocate(16 + length).order(ByteOrder.LITTLE_ENDIAN);
    record.putInt(number / 1_000).putInt(number % 1_000 * 1_000).putInt(length).putInt(length);
    record.order(ByteOrder.BIG_ENDIAN);
    record.putShort((short) 0x4500).putShort((short) length).putInt(number << 16);
    record.put((byte) 64).put((byte) 6).putShort((short) 0).putInt(LOOPBACK).putInt(LOOPBACK);
    int client = FIRST_CLIENT_PORT + piece.connection;
    record.putShort((short) (piece.isFromClient ? client : PORT));
    record.putShort((short) (piece.isFromClient ? PORT : client));
    record.putInt(sequence).putInt(acknowledged).put((byte) 0x50).put((byte) flags);
    record.putShort((short) 0xffff).putInt(0).put(piece.bytes.toArray());
    return record.array();
  }
}
