package org.chaincore.sync.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.chaincore.sync.peer.PeerFixture.NOW;
import static org.chaincore.sync.peer.PeerFixture.at;
import static org.chaincore.sync.peer.PeerFixture.seen;

import java.util.Arrays;
import java.util.List;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;

final class PeerMemoryTest {
  private static final NetworkAddress KNOWN = at("20.1.0.1:8333");
  private static final NetworkAddress BANNED = at("20.2.0.1:8333");
  private static final NetworkAddress BAD = at("20.3.0.1:8333");

  private final PeerMemory memory = PeerMemory.of(7, GroupingRule.BY_PREFIX);

  PeerMemoryTest() {
    memory.book().add(List.of(seen(KNOWN, NOW)), KNOWN, NOW);
    memory.bans().ban(BANNED, NOW + 100, NOW);
    memory.bans().discourage(BAD, NOW);
    memory.keep(new Anchors(List.of(KNOWN)));
  }

  private byte[] written() {
    ByteWriter out = ByteWriter.create();
    memory.write(out);
    return out.toArray();
  }

  private static PeerMemory read(byte[] bytes) {
    return PeerMemory.read(ByteReader.of(bytes), GroupingRule.BY_PREFIX, NOW);
  }

  @Test
  void read_whatWasWritten_remembersAll() {
    PeerMemory read = read(written());

    assertThat(read.book().known(KNOWN)).isPresent();
    assertThat(read.bans().isBanned(BANNED, NOW)).isTrue();
    assertThat(read.bans().isDiscouraged(BAD, NOW)).isTrue();
    assertThat(read.anchors().addresses()).containsExactly(KNOWN);
    assertThat(read.rule()).isEqualTo(GroupingRule.BY_PREFIX);
  }

  @Test
  void restore_aSnapshot_remembersAllAndIsTheSameAgain() {
    Bytes snapshot = memory.snapshot();
    PeerMemory restored = PeerMemory.restore(snapshot, GroupingRule.BY_PREFIX, NOW);

    assertThat(restored.bans().isBanned(BANNED, NOW)).isTrue();
    assertThat(restored.snapshot()).isEqualTo(snapshot);
    assertThat(snapshot).isEqualTo(Bytes.of(written()));
  }

  @Test
  void restore_aSnapshotWithMoreBehindIt_isRefused() {
    byte[] longer = Arrays.copyOf(written(), written().length + 1);
    assertThatThrownBy(() -> PeerMemory.restore(Bytes.of(longer), GroupingRule.BY_PREFIX, NOW))
        .isInstanceOf(MalformedBytesException.class);
  }

  @Test
  void read_bytesOfWhichOneWasChanged_isRefusedWhicheverItWas() {
    byte[] bytes = written();
    for (int i = 0; i < bytes.length; i++) {
      byte[] changed = bytes.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> read(changed)).isInstanceOf(MalformedBytesException.class);
    }
  }

  @Test
  void read_underAnotherRule_isRefused() {
    byte[] bytes = written();
    assertThatThrownBy(() -> PeerMemory.read(ByteReader.of(bytes), GroupingRule.BY_ADDRESS, NOW))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessageContaining("book.rule");
  }

  @Test
  void takeAnchors_once_forgetsThem() {
    assertThat(memory.takeAnchors().addresses()).containsExactly(KNOWN);
    assertThat(memory.takeAnchors().addresses()).isEmpty();
    assertThat(read(written()).anchors().addresses()).isEmpty();
  }
}
