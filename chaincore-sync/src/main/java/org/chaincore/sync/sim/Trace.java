package org.chaincore.sync.sim;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.Consumer;
import org.chaincore.core.value.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Everything that happened in a simulation, as one hash: two runs with equal hashes were the same
 * run.
 *
 * <p>Not thread-safe; confined to its simulation.
 */
final class Trace {
  private static final int PENDING_BYTES = 8_192;

  private final MessageDigest digest;
  private final byte[] pending = new byte[PENDING_BYTES];
  private int used;
  private @Nullable Consumer<String> reader;
  private long lines;

  Trace() {
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Has every line told as well. */
  void readBy(Consumer<String> newReader) {
    reader = newReader;
  }

  /** Something that is the same in many lines, such as who sends to whom, and what it did. */
  void add(long nowMillis, String subject, String what) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      put((byte) (nowMillis >>> shift));
    }
    put(subject);
    put(what);
    put((byte) '\n');
    lines++;
    Consumer<String> reading = reader;
    if (reading != null) {
      reading.accept(nowMillis + " " + subject + what);
    }
  }

  /** The texts are ASCII: a byte a character tells them apart. */
  private void put(String text) {
    for (int i = 0; i < text.length(); i++) {
      put((byte) text.charAt(i));
    }
  }

  private void put(byte one) {
    if (used == pending.length) {
      digest.update(pending);
      used = 0;
    }
    pending[used++] = one;
  }

  long lines() {
    return lines;
  }

  /** The hash of all lines so far. */
  Bytes hash() {
    try {
      MessageDigest soFar = (MessageDigest) digest.clone();
      soFar.update(pending, 0, used);
      return Bytes.of(soFar.digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
    }
  }
}
