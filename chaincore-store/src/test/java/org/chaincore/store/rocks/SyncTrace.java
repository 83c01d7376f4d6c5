package org.chaincore.store.rocks;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what {@code strace -f -y} wrote of an {@link AppendingProcess}: whether each block was on
 * the disk before the process said that it is kept.
 *
 * <p>A block goes to RocksDB's log first. So before each {@code kept} the log must have been
 * written to, every byte written to a log must be covered by an fsync or fdatasync of that log
 * which began after the write had ended and itself ended well, and a log that is new must be known
 * to its directory, by an fsync of that. A call that another thread interrupts in the trace counts
 * as a write when it begins and as a sync when it ends. Not thread-safe.
 */
final class SyncTrace {
  private static final Pattern CALL =
      Pattern.compile("^(\\d+) +(?:<\\.\\.\\. )?(\\w+)(?: resumed>|\\()(.*)$");

  private static final Pattern FILE = Pattern.compile("^\\d+<([^>]*)>");
  private static final Pattern NEW_LOG =
      Pattern.compile("\"([^\"]*/tables)/\\d+\\.log\".*O_CREAT.*");
  private static final Pattern IS_LOG = Pattern.compile(".*/tables/\\d+\\.log");
  private static final Pattern KEPT = Pattern.compile("^1<[^>]*>, \"kept .*");

  /** What the trace shows. */
  record Result(int acknowledged, int unsynced, int syncs) {}

  /** A sync that has begun. */
  private record Begun(String file, long writes) {}

  private final Map<String, Begun> unfinished = new HashMap<>();
  private final Map<String, Long> writes = new HashMap<>();
  private final Set<String> dirtyLogs = new HashSet<>();
  private final Set<String> changedDirectories = new HashSet<>();
  private boolean isWritten;
  private int acknowledged;
  private int unsynced;
  private int syncs;

  private SyncTrace() {}

  static Result read(List<String> lines) {
    SyncTrace trace = new SyncTrace();
    lines.forEach(trace::line);
    return new Result(trace.acknowledged, trace.unsynced, trace.syncs);
  }

  private void line(String line) {
    Matcher call = CALL.matcher(line);
    if (!call.matches()) {
      return;
    }
    String thread = call.group(1);
    String rest = call.group(3);
    boolean isResumed = line.contains("resumed>");
    switch (call.group(2)) {
      case "write", "writev", "pwrite64", "pwritev" -> {
        if (!isResumed) {
          write(rest);
        }
      }
      case "openat" -> {
        Matcher made = NEW_LOG.matcher(rest);
        if (made.find()) {
          changedDirectories.add(made.group(1));
        }
      }
      case "fsync", "fdatasync" -> {
        if (!isResumed) {
          begin(thread, rest);
        }
        if (!rest.contains("<unfinished")) {
          end(thread, rest.endsWith("= 0"));
        }
      }
      default -> {}
    }
  }

  private void write(String arguments) {
    if (KEPT.matcher(arguments).matches()) {
      acknowledged++;
      unsynced += isWritten && dirtyLogs.isEmpty() && changedDirectories.isEmpty() ? 0 : 1;
      isWritten = false;
      return;
    }
    String file = file(arguments);
    if (IS_LOG.matcher(file).matches()) {
      isWritten = true;
      dirtyLogs.add(file);
      writes.merge(file, 1L, Long::sum);
    }
  }

  private void begin(String thread, String arguments) {
    String file = file(arguments);
    unfinished.put(thread, new Begun(file, writes.getOrDefault(file, 0L)));
  }

  private void end(String thread, boolean isGood) {
    Begun begun = unfinished.remove(thread);
    if (begun == null || !isGood) {
      return;
    }
    syncs++;
    if (begun.writes == writes.getOrDefault(begun.file, 0L)) {
      dirtyLogs.remove(begun.file);
    }
    changedDirectories.remove(begun.file);
  }

  private static String file(String arguments) {
    Matcher file = FILE.matcher(arguments);
    return file.find() ? file.group(1) : "";
  }
}
