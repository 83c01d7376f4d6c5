package org.chaincore.sync.protocol;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chaincore.sync.message.Message;

/**
 * Counts messages and their bytes by their commands. There are as many as there are kinds of
 * message: what is of no known kind never gets here.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class MessageTraffic {
  private final Map<String, Count> counts = new TreeMap<>();

  private static final class Count {
    long received;
    long receivedBytes;
    long sent;
    long sentBytes;
  }

  void received(Message message, int bytes) {
    Count count = of(message);
    count.received++;
    count.receivedBytes += bytes;
  }

  void sent(Message message, int bytes) {
    Count count = of(message);
    count.sent++;
    count.sentBytes += bytes;
  }

  private Count of(Message message) {
    return counts.computeIfAbsent(message.command(), command -> new Count());
  }

  /** What was counted so far, by command. */
  SortedMap<String, MessageCounts> counts() {
    SortedMap<String, MessageCounts> copy = new TreeMap<>();
    for (Map.Entry<String, Count> entry : counts.entrySet()) {
      Count count = entry.getValue();
      copy.put(
          entry.getKey(),
          new MessageCounts(count.received, count.receivedBytes, count.sent, count.sentBytes));
    }
    return Collections.unmodifiableSortedMap(copy);
  }
}
