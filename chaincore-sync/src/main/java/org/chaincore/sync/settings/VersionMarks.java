package org.chaincore.sync.settings;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.sync.identity.NodeId;

/**
 * The newest version that was applied of each signer. A document must be newer than those of all
 * trusted signers, so that none of them can roll back another. They are kept apart so that a stolen
 * key cannot end the versions for all by signing the largest number there is: once the host trusts
 * it no more, its mark does not count. It is kept all the same, for the case that the host changes
 * its mind. Not thread-safe.
 */
final class VersionMarks {
  /** Marks grow with the host's changes of mind; beyond this the oldest that do not count go. */
  static final int MAX = 64;

  private static final int MARK_BYTES = NodeId.BYTES + Long.BYTES;

  private final Map<NodeId, Long> marks = new LinkedHashMap<>();

  /** The newest version of a trusted signer, 0 if there is none. */
  long newest(TrustedSigners signers) {
    return marks.entrySet().stream()
        .filter(mark -> signers.contains(mark.getKey()))
        .mapToLong(Map.Entry::getValue)
        .max()
        .orElse(0);
  }

  void put(NodeId signer, long version, TrustedSigners signers) {
    marks.remove(signer);
    marks.put(signer, version);
    Iterator<NodeId> oldestFirst = marks.keySet().iterator();
    while (marks.size() > MAX && oldestFirst.hasNext()) {
      if (!signers.contains(oldestFirst.next())) {
        oldestFirst.remove();
      }
    }
  }

  boolean isEmpty() {
    return marks.isEmpty();
  }

  void addAll(VersionMarks others) {
    marks.putAll(others.marks);
  }

  static VersionMarks read(ByteReader in) {
    VersionMarks read = new VersionMarks();
    int at = in.position();
    int count = in.count("version marks", MARK_BYTES);
    if (count > MAX) {
      throw new MalformedBytesException(at, "version marks", count + " of at most " + MAX);
    }
    for (int i = 0; i < count; i++) {
      int markAt = in.position();
      NodeId signer = NodeId.read(in);
      long version = in.int64("version mark");
      if (version < 1 || read.marks.put(signer, version) != null) {
        throw new MalformedBytesException(
            markAt, "version mark", "version " + version + " of " + signer);
      }
    }
    return read;
  }

  void write(ByteWriter out) {
    out.compactSize(marks.size());
    marks.forEach(
        (signer, version) -> {
          signer.write(out);
          out.int64(version);
        });
  }
}
