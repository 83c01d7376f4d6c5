package org.chaincore.sync.codec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the format of a message by the twelve bytes that name it in a frame's header. A string of
 * them would be as large as a small message, and dropped at once. Immutable.
 */
final class CommandTable {
  private final @Nullable PayloadFormat<?>[] places;
  private final byte[][] names;

  /** A table of these, at most a quarter full, so that a search ends after a step or two. */
  CommandTable(List<PayloadFormat<?>> formats) {
    int size = Integer.highestOneBit(formats.size()) * 8;
    this.places = new @Nullable PayloadFormat<?>[size];
    this.names = new byte[size][];
    for (PayloadFormat<?> format : formats) {
      byte[] header = FrameHeader.named(format.command());
      int place = place(header);
      places[place] = format;
      names[place] = header;
    }
  }

  /** The format that a header names; null for a command that is unknown, or none at all. */
  @Nullable PayloadFormat<?> find(byte[] header) {
    return places[place(header)];
  }

  /** Where a command is, or would be. */
  private int place(byte[] header) {
    int mask = names.length - 1;
    int place = FrameHeader.commandHash(header) & mask;
    while (names[place] != null && !FrameHeader.isSameCommand(names[place], header)) {
      place = (place + 1) & mask;
    }
    return place;
  }
}
