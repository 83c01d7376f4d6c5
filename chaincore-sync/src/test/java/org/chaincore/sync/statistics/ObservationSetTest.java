package org.chaincore.sync.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.chaincore.core.fixture.SeededRun;
import org.junit.jupiter.api.Test;

final class ObservationSetTest {
  private static List<SampledNode> held(ObservationSet set) {
    List<SampledNode> nodes = new ArrayList<>();
    for (int i = 0; i < set.size(); i++) {
      nodes.add(set.at(i));
    }
    return nodes;
  }

  @Test
  void offer_anyOrderWithRepeats_holdsTheNewestOfTheLowestRanks() {
    SeededRun.of(100, 60)
        .check(
            (random, size) -> {
              List<SampledNode> offered = new ArrayList<>();
              List<SampledNode> newest = new ArrayList<>();
              for (int i = 0; i < size; i++) {
                int last = random.nextInt(1, 5);
                for (int second = 0; second <= last; second++) {
                  offered.add(Nodes.sampled(Nodes.signed(i, second), Nodes.group(1)));
                }
                newest.add(offered.get(offered.size() - 1));
              }
              offered.addAll(offered.subList(0, offered.size() / 2));
              Collections.shuffle(offered, new Random(size));
              ObservationSet set = new ObservationSet(Nodes.SALT, 20);
              offered.forEach(set::offer);

              newest.sort(
                  Comparator.comparing(SampledNode::rank, Long::compareUnsigned)
                      .thenComparing(SampledNode::node));
              List<SignedObservation> expected =
                  newest.stream().limit(20).map(SampledNode::signed).toList();
              assertThat(held(set)).map(SampledNode::signed).isEqualTo(expected);
            });
  }

  @Test
  void offer_twoObservationsOfOneSecond_keepsTheSameInAnyOrder() {
    Observation one = new Observation(Nodes.EPOCH, 1, Nodes.CHAIN, Nodes.NODE);
    Observation two = new Observation(Nodes.EPOCH, 1, Nodes.CHAIN, new NodeFigures(9, 0, 0, 0, ""));
    SampledNode a = Nodes.sampled(Nodes.signed(1, one), Nodes.group(1));
    SampledNode b = Nodes.sampled(Nodes.signed(1, two), Nodes.group(1));
    ObservationSet set = new ObservationSet(Nodes.SALT, 3);
    ObservationSet other = new ObservationSet(Nodes.SALT, 3);
    List.of(a, b).forEach(set::offer);
    List.of(b, a).forEach(other::offer);

    assertThat(held(set)).isEqualTo(held(other)).hasSize(1);
  }

  @Test
  void offer_groupsOfWhatComesAndGoes_areCounted() {
    SourceGroup one = Nodes.group(1);
    SourceGroup other = Nodes.group(2);
    ObservationSet set = new ObservationSet(Nodes.SALT, 10);
    for (int i = 0; i < 30; i++) {
      set.offer(Nodes.sampled(Nodes.signed(i, 0), i % 2 == 0 ? one : other));
    }

    assertThat(one.held() + other.held()).isEqualTo(10);
    assertThat(set.isFull()).isTrue();
    set.release();
    assertThat(one.held() + other.held()).isZero();
  }

  @Test
  void at_outsideTheSet_throws() {
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> new ObservationSet(Nodes.SALT, 10).at(0));
  }
}
