package org.chaincore.net.tcp;

import java.util.concurrent.atomic.LongAdder;

/** What is counted while it happens. Thread-safe. */
final class Figures {
  final LongAdder refused = new LongAdder();
  final LongAdder failedHandshakes = new LongAdder();
  final LongAdder cut = new LongAdder();
  final LongAdder receivedBytes = new LongAdder();
}
