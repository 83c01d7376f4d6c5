package org.chaincore.sync.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.SipKey;
import org.chaincore.sync.peer.InboundPeer.Merits;
import org.junit.jupiter.api.Test;

final class EvictionTest {
  private static final int HONEST_GROUPS = 100;

  private final Eviction eviction = Eviction.of(SipKey.of(1, 2));

  @Test
  void choose_nobody_isNobody() {
    assertThat(eviction.choose(List.of())).isEmpty();
  }

  @Test
  void choose_soFewThatAllAreProtected_isNobody() {
    List<InboundPeer> peers = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      peers.add(peer(i, i, i, Merits.NONE));
      assertThat(eviction.choose(peers)).isEmpty();
    }
    peers.add(peer(5, 5, 5, Merits.NONE));
    assertThat(eviction.choose(peers)).isPresent();
  }

  @Test
  void choose_largestGroup_losesItsYoungest() {
    List<InboundPeer> peers = new ArrayList<>();
    for (int i = 1; i <= 8; i++) {
      peers.add(peer(i, i, i, Merits.NONE));
    }
    for (int i = 9; i <= 20; i++) {
      peers.add(peer(i, 99, i, Merits.NONE));
    }

    assertThat(eviction.choose(peers)).contains(new PeerId(20));
  }

  @Test
  void choose_discouraged_goesFirstWhateverItsMerits() {
    List<InboundPeer> peers = new ArrayList<>();
    for (int i = 2; i <= 20; i++) {
      peers.add(peer(i, 99, i, Merits.NONE));
    }
    peers.add(new InboundPeer(new PeerId(1), group(1), 0, new Merits(1, 1_000, 1_000), true));

    assertThat(eviction.choose(peers)).contains(new PeerId(1));
  }

  @Test
  void choose_bestByAnyMeasure_isNeverChosen() {
    SeededRun.of(300, 60)
        .check(
            (random, size) -> {
              List<InboundPeer> peers = randomPeers(random, size);
              long best = 1_000_000;
              peers.add(peer(9_001, 7, best, new Merits(0, 0, 0)));
              peers.add(peer(9_002, 7, best, new Merits(best, best, 0)));
              peers.add(peer(9_003, 7, best, new Merits(best, 0, best)));

              Optional<PeerId> gone = eviction.choose(peers);
              assertThat(gone.map(PeerId::value).orElse(0L)).isLessThan(9_000);
            });
  }

  @Test
  void choose_anyOrderOfTheSamePeers_isTheSame() {
    SeededRun.of(200, 60)
        .check(
            (random, size) -> {
              List<InboundPeer> peers = randomPeers(random, size);
              Optional<PeerId> gone = eviction.choose(peers);
              Collections.shuffle(peers, new Random(random.nextLong()));

              assertThat(eviction.choose(peers)).isEqualTo(gone);
            });
  }

  @Test
  void choose_floodFromOneGroup_pushesOutItsOwnOnly() {
    SeededRun.of(30, 200)
        .check(
            (random, size) -> {
              List<InboundPeer> peers = randomPeers(random, 12);
              peers.replaceAll(peer -> peer(peer.peer().value(), (int) peer.peer().value(), peer));
              List<PeerId> honest = peers.stream().map(InboundPeer::peer).toList();
              // The attacker has to take some slots: twelve honest peers and twelve of his.
              for (int i = 0; i < 12 + size; i++) {
                long now = 2_000_000L + i;
                peers.add(peer(20_000L + i, 999, now, new Merits(50, 0, now)));
                if (peers.size() > 24) {
                  PeerId gone = eviction.choose(peers).orElseThrow();
                  peers.removeIf(peer -> peer.peer().equals(gone));
                }
              }

              assertThat(peers).extracting(InboundPeer::peer).containsAll(honest);
            });
  }

  @Test
  void choose_anotherSecret_protectsOtherGroups() {
    List<InboundPeer> peers = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      peers.add(peer(i, i, 1_000 - i, Merits.NONE));
    }
    long differing =
        LongStream.range(0, 100)
            .mapToObj(k -> Eviction.of(SipKey.of(k, k)).choose(peers))
            .distinct()
            .count();

    assertThat(differing).isGreaterThan(1);
  }

  private static List<InboundPeer> randomPeers(RandomGenerator random, int size) {
    List<InboundPeer> peers = new ArrayList<>();
    for (int i = 1; i <= size; i++) {
      Merits merits =
          new Merits(1 + random.nextInt(100), random.nextInt(1_000), random.nextInt(1_000));
      peers.add(peer(i, random.nextInt(HONEST_GROUPS), random.nextInt(1_000), merits));
    }
    return peers;
  }

  private static InboundPeer peer(long id, int group, InboundPeer as) {
    return peer(id, group, as.sinceMillis(), as.merits());
  }

  private static InboundPeer peer(long id, int group, long since, Merits merits) {
    return new InboundPeer(new PeerId(id), group(group), since, merits, false);
  }

  private static NetworkGroup group(int number) {
    return GroupingRule.BY_PREFIX.groupOf(PeerFixture.inGroup(number, new SplittableRandom(1)));
  }
}
