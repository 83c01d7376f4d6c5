package org.chaincore.core.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.fixture.Payments;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Amount;
import org.junit.jupiter.api.Test;

class PoolGraphTest {
  @Test
  void linkAndUnlink_inAnyOrder_keepEverySumExact() {
    SeededRun.of(100, 18).check(PoolGraphTest::run);
  }

  private static void run(RandomGenerator random, int size) {
    PoolGraph graph = new PoolGraph();
    List<PoolNode> out = relatives(random, size);
    List<PoolNode> in = new ArrayList<>();
    for (int i = 0; i < 4 * size; i++) {
      boolean links = in.isEmpty() || (!out.isEmpty() && random.nextInt(5) < 3);
      List<PoolNode> from = links ? out : in;
      PoolNode node = from.remove(random.nextInt(from.size()));
      if (links) {
        graph.link(node);
        in.add(node);
      } else {
        graph.unlink(node);
        out.add(node);
      }
      check(graph, in);
    }
  }

  /** Transactions that spend from one another in all ways. */
  private static List<PoolNode> relatives(RandomGenerator random, int count) {
    Payments payments = Payments.withAnySignature();
    List<PoolNode> nodes = new ArrayList<>();
    List<OutPoint> free = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      free.add(payments.mint(1_000_000));
      int inputs = 1 + random.nextInt(Math.min(3, free.size()));
      List<OutPoint> from = new ArrayList<>();
      for (int j = 0; j < inputs; j++) {
        from.add(free.remove(random.nextInt(free.size())));
      }
      Transaction made =
          payments.payment(from.toArray(OutPoint[]::new)).outputs(1 + random.nextInt(3)).make();
      for (int j = 0; j < made.outputs().size(); j++) {
        free.add(made.outPoint(j));
      }
      Amount fee = Amount.of(random.nextInt(1_000));
      nodes.add(new PoolNode(new MempoolEntry(made, fee, 1, random.nextInt(9), i)));
    }
    return nodes;
  }

  private static void check(PoolGraph graph, List<PoolNode> in) {
    List<MempoolEntry> all = in.stream().map(PoolNode::entry).toList();
    for (PoolNode node : in) {
      List<MempoolEntry> up = new ArrayList<>(ModelMempool.ancestors(node.entry(), all));
      up.add(node.entry());
      assertSums(node.ancestors(), up);
      List<MempoolEntry> down =
          all.stream()
              .filter(
                  e ->
                      e.equals(node.entry())
                          || ModelMempool.ancestors(e, all).contains(node.entry()))
              .toList();
      assertSums(node.descendants(), down);
    }
    assertSums(graph.totals(), all);
    assertThat(graph.byArrival()).containsExactlyElementsOf(sorted(in, PoolNode.BY_ARRIVAL));
    assertThat(graph.bestFirst()).containsExactlyElementsOf(sorted(in, MiningPackage.BEST_FIRST));
    assertThat(graph.worstFirst()).containsExactlyElementsOf(sorted(in, PoolNode.WORST_FIRST));
  }

  private static void assertSums(Totals totals, List<MempoolEntry> members) {
    assertThat(totals.count()).isEqualTo(members.size());
    assertThat(totals.virtualBytes()).isEqualTo(ModelMempool.virtualBytes(members));
    assertThat(totals.fees()).isEqualTo(ModelMempool.fees(members));
  }

  private static List<PoolNode> sorted(List<PoolNode> nodes, Comparator<? super PoolNode> order) {
    List<PoolNode> sorted = new ArrayList<>(nodes);
    sorted.sort(order);
    return sorted;
  }
}
