package org.chaincore.store.directory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;

/**
 * Which process has the store open, for the message to the next one. Only a note: a wrong one harms
 * nobody.
 */
public final class OwnerNote {
  static final String NAME = "owner";
  private static final String PROBE = "probe";

  /** More characters were not written here. */
  private static final int MOST_BYTES = 200;

  private OwnerNote() {}

  /** Writes a file and says as whom. */
  static UserPrincipal probe(Path root) throws IOException {
    // One for each attempt, or two processes that open the directory would trip over each other.
    Path probe = Files.createTempFile(root, PROBE, null);
    try {
      return Files.getOwner(probe);
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  /** Notes that this process has it. */
  public static void write(StoreDirectory directory) {
    String note = "process " + ProcessHandle.current().pid() + "\n";
    try {
      Files.writeString(directory.root().resolve(NAME), note, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw StoreDirectory.failed("writing " + NAME, e);
    }
  }

  /** What the one who has it noted. */
  public static String read(StoreDirectory directory) {
    try {
      byte[] note = Files.readAllBytes(directory.root().resolve(NAME));
      String text = new String(note, StandardCharsets.UTF_8).strip();
      return text.length() > MOST_BYTES || text.isEmpty() ? "a process unknown" : text;
    } catch (IOException e) {
      return "a process unknown";
    }
  }
}
