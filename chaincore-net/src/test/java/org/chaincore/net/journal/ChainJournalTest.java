package org.chaincore.net.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.chaincore.net.journal.Explanation.Standing;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.protocol.SyncEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChainJournalTest {
  private static final PeerId PEER = new PeerId(7);

  private final ChainFixture chain = ChainFixture.begin();
  private final ChainJournal journal = ChainJournal.of(chain.engine(), chain.locks(), chain::now);

  @AfterEach
  void close() {
    journal.close();
  }

  private static Hash256 hash(int number) {
    return Hash256.ofWire(Sha256.hash(new byte[] {(byte) number, (byte) (number >> 8)}));
  }

  private Optional<Explanation> explain(Hash256 hash) {
    return journal.explain(hash, unknown -> Optional.empty());
  }

  private static Rejection why() {
    return new Rejection(RejectionCode.BAD_SPEND, "input 0");
  }

  private void refuse(Hash256 block) {
    journal.heard(new SyncEvent.BlockRefused(PEER, block, why()));
  }

  @Test
  void explain_aBlockOfAPeer_namesItsAddressAfterItHasGone() {
    Block bad = chain.draftOn(chain.tip()).reward(ChainFixture.REWARD + 1).make();
    journal.heard(new SyncEvent.PeerReady(PEER, NetworkAddress.parse("192.0.2.1:5"), "/x/"));
    chain.engine().accept(bad, PEER.value(), chain.now());
    refuse(bad.hash());
    journal.heard(new SyncEvent.PeerGone(PEER));

    Explanation.OfBlock block = (Explanation.OfBlock) explain(bad.hash()).orElseThrow();
    assertThat(block.standing()).isEqualTo(Standing.BROKE_A_RULE);
    assertThat(block.standing().isRefused()).isTrue();
    assertThat(block.cause().from()).isEqualTo("192.0.2.1:5");
    assertThat(block.cause().rejection())
        .satisfies(rule -> assertThat(rule.code()).isEqualTo(RejectionCode.BAD_COINBASE_AMOUNT));
  }

  @Test
  void explain_whatAPeerIsBlamedFor_saysItsNumberIfItDidNotGreet() {
    journal.heard(
        new SyncEvent.PeerMisbehaved(
            PEER, Misbehaviour.INVALID_TRANSACTION, "transaction " + hash(1) + ": bad"));

    Explanation.OfRefused refused = (Explanation.OfRefused) explain(hash(1)).orElseThrow();
    assertThat(refused.cause().from()).isEqualTo("peer 7, which did not greet");
    assertThat(refused.cause().detail()).isEqualTo("transaction " + hash(1) + ": bad");
    assertThat(refused.cause().rejection()).isNull();
  }

  @Test
  void heard_aDetailWithoutAHashOrOfGreatLength_isNotRemembered() {
    journal.heard(new SyncEvent.PeerMisbehaved(PEER, Misbehaviour.FLOOD, "ping"));
    journal.heard(
        new SyncEvent.PeerMisbehaved(PEER, Misbehaviour.FLOOD, hash(1) + " " + "x".repeat(1_000)));

    assertThat(explain(hash(1))).isEmpty();
  }

  @Test
  void refusals_withoutEnd_pushOutTheOldest() {
    for (int i = 0; i <= ChainJournal.MAX_REFUSALS; i++) {
      journal.refused(hash(i), why(), "host");
      refuse(hash(10_000 + i));
    }

    assertThat(explain(hash(0))).isEmpty();
    assertThat(explain(hash(1))).isPresent();
    assertThat(explain(hash(10_000))).isEmpty();
    assertThat(explain(hash(10_001))).isPresent();
  }

  @Test
  void explain_aBlockThatLost_isStale() {
    Block start = chain.tip();
    Block lost = chain.mine(1).get(0);
    List<Block> branch = chain.branch(start, 2);
    branch.forEach(block -> chain.engine().accept(block, 0, chain.now()));

    assertThat(explain(lost.hash()))
        .get()
        .satisfies(
            known ->
                assertThat(((Explanation.OfBlock) known).standing()).isEqualTo(Standing.STALE));
    assertThat(journal.stale()).containsOnlyKeys(lost.hash());
    assertThat(journal.counts().reorganisations()).isEqualTo(1);
  }

  @Test
  void explain_aTransactionThatAnIndexKnows_isConfirmedOnlyOnTheChain() {
    Block block = chain.mine(2).get(0);
    BlockRef there = new BlockRef(1, block.hash());
    BlockRef elsewhere = new BlockRef(1, hash(5));

    assertThat(journal.explain(hash(3), any -> Optional.of(there)))
        .contains(new Explanation.OfConfirmed(hash(3), there, 2));
    assertThat(journal.explain(hash(3), any -> Optional.of(elsewhere))).isEmpty();
  }

  @Test
  void heard_otherThings_areNotRemembered() {
    journal.heard(new SyncEvent.CaughtUp(5, hash(1)));

    assertThat(explain(hash(1))).isEmpty();
  }

  @Test
  void explain_afterEventsWereMissed_goesOnWithWhatIsThere() {
    ChainFixture busy = ChainFixture.keepingEvents(4);
    try (ChainJournal late = ChainJournal.of(busy.engine(), busy.locks(), busy::now)) {
      busy.mine(20);
      ChainFixture.Fork fork = busy.fork(1, 2);
      busy.deliver(fork.left());
      busy.deliver(fork.right());

      Explanation.OfBlock lost =
          (Explanation.OfBlock)
              late.explain(fork.left().get(0).hash(), unknown -> Optional.empty()).orElseThrow();

      assertThat(lost.standing()).isIn(Standing.STALE, Standing.SIDE);
      assertThat(late.explain(busy.tip().hash(), unknown -> Optional.empty())).isPresent();
    }
  }

  @Test
  void explain_aHeaderWithoutItsBody_saysWhatIsMissing() {
    Block next = chain.branch(chain.tip(), 1).get(0);
    chain.engine().acceptHeaders(List.of(next.header()), chain.now());

    Explanation.OfBlock header = (Explanation.OfBlock) explain(next.hash()).orElseThrow();

    assertThat(header.standing()).isEqualTo(Standing.BODY_MISSING);
    assertThat(header.isBodyMissing()).isTrue();
    assertThat(header.confirmations()).isZero();
  }
}
