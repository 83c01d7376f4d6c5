package org.chaincore.sync.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.chaincore.core.value.LittleEndian;
import org.chaincore.core.value.Sha256;

/**
 * The 24 bytes before every payload: magic, command padded with zeros, length, and the first four
 * bytes of the payload's double SHA-256. Numbers are little-endian.
 */
final class FrameHeader {
  static final int BYTES = 24;

  static final int COMMAND_BYTES = 12;

  private static final int COMMAND = 4;
  private static final int LENGTH = 16;
  private static final int CHECKSUM = 20;

  private FrameHeader() {}

  static int magic(byte[] header) {
    return LittleEndian.getInt(header, 0);
  }

  /** The command; empty if it is not a proper one. */
  static Optional<String> command(byte[] header) {
    int length = 0;
    while (length < COMMAND_BYTES && header[COMMAND + length] != 0) {
      byte c = header[COMMAND + length];
      if (c < ' ' || c > '~') {
        return Optional.empty();
      }
      length++;
    }
    for (int i = length; i < COMMAND_BYTES; i++) {
      if (header[COMMAND + i] != 0) {
        return Optional.empty();
      }
    }
    return length == 0
        ? Optional.empty()
        : Optional.of(new String(header, COMMAND, length, StandardCharsets.US_ASCII));
  }

  /** A number that tells commands apart in a table; equal for equal ones. */
  static int commandHash(byte[] header) {
    long head = LittleEndian.getLong(header, COMMAND);
    long mixed = (head ^ LittleEndian.getInt(header, COMMAND + Long.BYTES)) * 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> Integer.SIZE);
  }

  static boolean isSameCommand(byte[] header, byte[] other) {
    return Arrays.equals(
        header, COMMAND, COMMAND + COMMAND_BYTES, other, COMMAND, COMMAND + COMMAND_BYTES);
  }

  /** The twelve bytes of the command, whatever they are. */
  static byte[] commandBytes(byte[] header) {
    return Arrays.copyOfRange(header, COMMAND, COMMAND + COMMAND_BYTES);
  }

  /** The declared length of the payload, 0..2³²−1. */
  static long length(byte[] header) {
    return Integer.toUnsignedLong(LittleEndian.getInt(header, LENGTH));
  }

  static int checksum(byte[] header) {
    return LittleEndian.getInt(header, CHECKSUM);
  }

  /**
   * The checksum of a payload.
   *
   * @param scratch room for a hash, so that a frame leaves none behind
   */
  static int checksum(Sha256 hasher, byte[] bytes, int offset, int length, byte[] scratch) {
    hasher.doubleHash(bytes, offset, length, scratch, 0);
    return LittleEndian.getInt(scratch, 0);
  }

  /** Fills in the header of a frame whose payload is in place. */
  static void write(byte[] frame, int magic, String command, Sha256 hasher, byte[] scratch) {
    int length = frame.length - BYTES;
    LittleEndian.putInt(frame, 0, magic);
    writeCommand(frame, command);
    LittleEndian.putInt(frame, LENGTH, length);
    LittleEndian.putInt(frame, CHECKSUM, checksum(hasher, frame, BYTES, length, scratch));
  }

  /** One that has nothing but its command. */
  static byte[] named(String command) {
    byte[] header = new byte[BYTES];
    writeCommand(header, command);
    return header;
  }

  /** Over zeros. */
  private static void writeCommand(byte[] header, String command) {
    for (int i = 0; i < command.length(); i++) {
      header[COMMAND + i] = (byte) command.charAt(i);
    }
  }
}
