package org.chaincore.sync.sim;

import java.nio.charset.StandardCharsets;
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
  private final MessageDigest digest;
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

  void add(long nowMillis, String what) {
    String line = nowMillis + " " + what + "\n";
    digest.update(line.getBytes(StandardCharsets.UTF_8));
    lines++;
    Consumer<String> reading = reader;
    if (reading != null) {
      reading.accept(line);
    }
  }

  long lines() {
    return lines;
  }

  /** The hash of all lines so far. */
  Bytes hash() {
    try {
      MessageDigest soFar = (MessageDigest) digest.clone();
      return Bytes.of(soFar.digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
    }
  }
}
