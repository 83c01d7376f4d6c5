package org.chaincore.core.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("LockNotBeforeTry") // the tests take locks one by one on purpose
@Timeout(60)
final class LockEventsTest {
  @TempDir Path folder = Path.of(".");

  @Test
  void recording_inversionAndWait_holdsBothEvents() throws Exception {
    LockRegistry registry = LockRegistry.create();
    RankedReadWriteLock chain = registry.lock("chain", LockRank.CHAIN);
    RankedReadWriteLock utxo = registry.lock("utxo", LockRank.UTXO);
    Path file = folder.resolve("locks.jfr");
    try (Recording recording = new Recording();
        Crew crew = new Crew()) {
      recording.enable("org.chaincore.LockFault");
      recording.enable("org.chaincore.LockWait").withThreshold(Duration.ZERO);
      recording.start();
      utxo.writeLock().lock();
      assertThatThrownBy(() -> chain.readLock().lock()).isInstanceOf(LockOrderException.class);
      Crew.Hand reader = crew.start("reader", () -> utxo.readLock().lock());
      Crew.untilWaiting(utxo, 1);
      utxo.writeLock().unlock();
      reader.finish();
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    assertThat(events)
        .filteredOn(event -> event.getEventType().getName().equals("org.chaincore.LockFault"))
        .singleElement()
        .satisfies(event -> assertThat(event.getString("kind")).isEqualTo("inversion"));
    assertThat(events)
        .filteredOn(event -> event.getEventType().getName().equals("org.chaincore.LockWait"))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getString("lock")).isEqualTo("utxo");
              assertThat(event.getBoolean("write")).isFalse();
              assertThat(event.getString("outcome")).isEqualTo("ADMITTED");
            });
  }
}
