package org.chaincore.sync.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.chaincore.core.config.OrphanLimits;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Work;
import org.chaincore.sync.protocol.ProtocolSizes;

/** What must hold of the honest nodes of a network, at any time and when it has healed. */
final class Invariants {
  /** Messages on their way, timers and what the run itself plans; a leak would pass this soon. */
  private static final int MAX_PLANNED = 100_000;

  private final Simulation simulation;
  private final List<Member> members;
  private Work most = Work.ZERO;

  Invariants(Simulation simulation, List<Member> members) {
    this.simulation = simulation;
    this.members = members;
  }

  /** An honest node has shown a chain of this work. */
  void published(Work work) {
    most = most.compareTo(work) > 0 ? most : work;
  }

  /** What holds at any time. */
  void check() {
    assertThat(simulation.planned()).as("events that are planned").isLessThan(MAX_PLANNED);
    for (Member member : members) {
      if (member.isRunning()) {
        member.followEvents();
        checkMemory(member);
      }
    }
  }

  private static void checkMemory(Member member) {
    ChainEngine engine = member.engine();
    assertThat(engine.orphans().size())
        .as("orphans of %s", member)
        .isLessThanOrEqualTo(OrphanLimits.DEFAULT.maxBlocks());
    ProtocolSizes.of(member.node().protocol()).requireBounded(member.toString());
  }

  /** What holds when nothing has been wrong for a while. */
  void checkEnd() {
    check();
    assertThat(members).as("running nodes").allMatch(Member::isRunning);
    Set<Hash256> tips = members.stream().map(Member::tip).collect(Collectors.toSet());
    assertThat(tips).as("tips of honest nodes\n%s", picture()).hasSize(1);
    Member first = members.get(0);
    assertThat(first.engine().view().work()).as("work of the chain").isGreaterThanOrEqualTo(most);
    Books books = Books.of(first.engine());
    books.checkAgainst(first.engine());
    for (Member member : members) {
      assertThat(member.engine().coinCount()).isEqualTo(first.engine().coinCount());
      checkPromises(member, books);
    }
  }

  /** What a node accepted is on the chain, in its mempool, or it said why not. */
  private static void checkPromises(Member member, Books books) {
    for (Hash256 txid : member.acknowledged()) {
      boolean isThere =
          books.has(txid)
              || member.engine().mempoolEntry(txid).isPresent()
              || member.lostFor(txid) != null;
      assertThat(isThere).as("%s accounts for transaction %s", member, txid).isTrue();
    }
  }

  /** Where everybody is. */
  String picture() {
    return members.stream()
        .map(
            member ->
                member
                    + (member.isRunning()
                        ? " at "
                            + member.height()
                            + " "
                            + member.tip()
                            + ", heaviest header "
                            + member.engine().view().heaviestHeader()
                            + ", clock "
                            + (member.node().clockMillis() - simulation.nowMillis())
                            + ", "
                            + member.node().connections()
                            + " connections, "
                            + ProtocolSizes.of(member.node().protocol())
                            + "\n"
                            + ProtocolSizes.sources(member.node().protocol())
                        : " is down"))
        .collect(Collectors.joining("\n"));
  }
}
