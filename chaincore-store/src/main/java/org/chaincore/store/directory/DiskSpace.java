package org.chaincore.store.directory;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How operating systems say that nothing more can be written, of which neither Java nor RocksDB
 * makes a type of its own in all cases. Where a system speaks another language than English it goes
 * for a failure of the disk. Stateless.
 */
public final class DiskSpace {
  /** ENOSPC and EDQUOT of POSIX systems, and the errors 112, 39 and 1816 of Windows. */
  private static final List<String> FULL =
      List.of(
          "no space left",
          "quota exceeded",
          "not enough space on the disk",
          "disk is full",
          "not enough quota");

  private DiskSpace() {}

  /** Whether a message says that the disk, or what this user may take of it, is full. */
  public static boolean isFull(@Nullable String message) {
    String said = String.valueOf(message).toLowerCase(Locale.ROOT);
    return FULL.stream().anyMatch(said::contains);
  }
}
