package org.chaincore.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.chain.HeaderOutcome;
import org.chaincore.core.chain.HeaderTree;
import org.chaincore.core.config.BodyRules;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.MempoolLimits;
import org.chaincore.core.config.Networks;
import org.chaincore.core.config.OrphanLimits;
import org.chaincore.core.config.PolicyLimits;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.fixture.BlockDraft;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.ChainFixture.Fork;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.mining.BlockTemplate;
import org.chaincore.core.mining.TemplateResult;
import org.chaincore.core.pow.NonceRange;
import org.chaincore.core.pow.NonceSearch;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.script.SpendableTemplate;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Work;
import org.junit.jupiter.api.Test;

class ChainEngineTest {
  private static final long START = 1_800_000_000L;

  private final SpendableTemplate miner = KeyPair.ofSeed(new byte[32]).payToWitnessPubkeyHash();
  private final ChainEngine engine = ChainEngine.open(EngineSetup.inMemory(Networks.regtest()));

  @Test
  void accept_minedBlocks_followsThem() {
    for (int i = 0; i < 200; i++) {
      Block block = mine(START + i * 600L);
      assertThat(engine.accept(block, 0, START + i * 600L))
          .isInstanceOf(BlockOutcome.Accepted.class);
    }
    assertThat(engine.view().height()).isEqualTo(200);
    assertThat(engine.coinCount()).isEqualTo(200);
  }

  @Test
  void accept_branchInAnyOrder_endsAtItsTip() {
    ChainFixture chain = ChainFixture.begin();
    for (int seed = 0; seed < 20; seed++) {
      List<Block> branch = chain.branch(chain.tip(), 30);
      chain.deliverShuffled(branch, seed);
      assertThat(chain.tip()).isEqualTo(branch.get(29));
    }
    assertThat(chain.engine().orphanStats().recovered()).isPositive();
    assertThat(chain.engine().orphans()).isEmpty();
  }

  @Test
  void recentForks_afterForksOfAnyLength_countsThoseThatEndedLately() {
    ChainFixture chain = ChainFixture.begin();
    chain.mine(5);
    assertThat(chain.engine().recentForks(10)).isZero();
    Fork fork = chain.fork(3, 1);
    chain.deliver(fork.left());
    chain.deliver(fork.right());
    assertThat(chain.engine().recentForks(10)).isOne();
    assertThat(chain.engine().recentForks(2)).isZero();

    chain.engine().invalidate(fork.right().get(0).hash(), chain.now());
    assertThat(chain.engine().recentForks(10)).isZero();
    chain.engine().invalidate(fork.left().get(0).hash(), chain.now());
    chain.engine().reconsider(fork.right().get(0).hash(), chain.now());
    assertThat(chain.engine().recentForks(10)).isZero();
  }

  @Test
  void accept_moreSideBlocksThanAreKept_refusesAllButTheHeaviestBranch() {
    ChainFixture chain = ChainFixture.begin();
    chain.branch(chain.genesis(), 2).forEach(chain::deliver);
    for (int i = 0; i < ChainState.MAX_SIDE_BLOCKS; i++) {
      chain.branch(chain.genesis(), 1).forEach(chain::deliver);
    }
    List<Block> heavier = chain.branch(chain.genesis(), 3);
    long now = heavier.get(2).header().time();
    BlockOutcome refused = chain.engine().accept(heavier.get(0), 0, now);
    assertThat(((BlockOutcome.Rejected) refused).rejection().code())
        .isEqualTo(RejectionCode.SIDE_BLOCK_REFUSED);

    chain.engine().acceptHeaders(heavier.stream().map(Block::header).toList(), now);
    heavier.forEach(block -> chain.engine().accept(block, 0, now));
    assertThat(chain.engine().view().tip().hash()).isEqualTo(heavier.get(2).hash());
  }

  /** Cheap headers, as many as are taken, of branches that fork far below a chain of 1,500. */
  private static void fill(ChainFixture chain) {
    chain.engine().acceptHeaders(headers(chain, 1_500, 0), chain.now());
    for (int salt = 1; salt <= HeaderTree.MAX_SIDE_HEADERS / 1_499 + 1; salt++) {
      chain.engine().acceptHeaders(headers(chain, 1_499, salt), chain.now());
    }
    BlockHeader more = TestHeaders.child(chain.genesis().header(), 9_999);
    HeadersOutcome outcome = chain.engine().acceptHeaders(List.of(more), chain.now());
    assertThat(outcome.stoppedBy())
        .isInstanceOfSatisfying(
            HeaderOutcome.Refused.class,
            refused ->
                assertThat(refused.rejection().code()).isEqualTo(RejectionCode.TOO_MANY_HEADERS));
  }

  private static List<BlockHeader> headers(ChainFixture chain, int count, int salt) {
    List<BlockHeader> headers = new ArrayList<>();
    BlockHeader last = chain.genesis().header();
    for (int i = 0; i < count; i++) {
      last = TestHeaders.child(last, salt);
      headers.add(last);
    }
    return headers;
  }

  @Test
  void acceptHeaders_heavierChainWhereTheTreeIsFull_isTakenAndStays() {
    ChainFixture chain = ChainFixture.begin();
    fill(chain);
    List<BlockHeader> lighter = headers(chain, 1_400, 5_000);
    assertThat(chain.engine().acceptHeaders(lighter, chain.now()).added()).isZero();

    List<BlockHeader> heavier = headers(chain, 1_501, 5_001);
    assertThat(chain.engine().acceptHeaders(heavier, chain.now()).isComplete()).isTrue();
    assertThat(chain.engine().view().heaviestHeader().header()).isEqualTo(heavier.get(1_500));

    // In parts, by whoever has seen all of it.
    List<BlockHeader> heaviest = headers(chain, 1_502, 5_002);
    Work seen = Work.of(BigInteger.valueOf(2 * 1_503));
    for (int from = 0; from < 1_502; from += 751) {
      List<BlockHeader> part = heaviest.subList(from, from + 751);
      assertThat(chain.engine().acceptHeaders(part, seen, chain.now()).added()).isEqualTo(751);
    }
    chain.restart();
    assertThat(chain.engine().view().heaviestHeader().header()).isEqualTo(heaviest.get(1_501));
  }

  @Test
  void acceptHeaders_runThatOnlyClaimsMoreWorkWhereTheTreeIsFull_isRefused() {
    ChainFixture chain = ChainFixture.begin();
    fill(chain);
    List<BlockHeader> good = headers(chain, 1_400, 5_000);
    List<BlockHeader> run = new ArrayList<>(good);
    run.set(700, TestHeaders.unmined(good.get(700)));
    run.addAll(headers(chain, 1_400, 5_001));

    assertThat(chain.engine().acceptHeaders(run, chain.now()).added()).isZero();
  }

  /** From block 1,000 on the fixture's network pays half. */
  private static Block withHalfReward(ChainFixture chain, Block parent) {
    return chain.draftOn(parent).reward(ChainFixture.REWARD / 2).make();
  }

  @Test
  void accept_ofOurOwnChainWhereTheTreeIsFull_goesOn() {
    ChainFixture chain = ChainFixture.begin();
    chain.mine(HeaderTree.NEAR_FORK_BLOCKS - 1);
    chain.deliver(withHalfReward(chain, chain.tip()));
    chain.deliver(withHalfReward(chain, chain.tip()));
    fill(chain);
    Block second = withHalfReward(chain, chain.tip());
    assertThat(chain.deliver(second)).isInstanceOf(BlockOutcome.Accepted.class);
    Block third = withHalfReward(chain, second);
    HeadersOutcome headers = chain.engine().acceptHeaders(List.of(third.header()), chain.now());
    assertThat(headers.isComplete()).isTrue();
    assertThat(chain.deliver(third)).isInstanceOf(BlockOutcome.Accepted.class);
    assertThat(chain.engine().view().tip().hash()).isEqualTo(third.hash());
  }

  @Test
  void view_afterHeadersCameOrTheirBlockWasInvalid_showsTheHeaviestHeader() {
    ChainFixture chain = ChainFixture.begin();
    List<Block> branch = chain.branch(chain.mine(2).get(1), 3);
    chain.engine().acceptHeaders(branch.stream().map(Block::header).toList(), chain.now());
    assertThat(chain.engine().view().heaviestHeader().hash()).isEqualTo(branch.get(2).hash());

    chain.engine().invalidate(branch.get(1).hash(), chain.now());
    assertThat(chain.engine().view().heaviestHeader().hash()).isEqualTo(branch.get(0).hash());
  }

  @Test
  void accept_bodyOnHeadersOnlyNetwork_holdsNothingAgainstTheHeader() {
    ChainParams params = TestHeaders.network().bodyRules(BodyRules.HEADERS_ONLY).build();
    ChainEngine headersOnly = ChainEngine.open(EngineSetup.inMemory(params));
    Block block = BlockDraft.on(params.genesis().header(), 1).make();
    long now = block.header().time();
    headersOnly.acceptHeaders(List.of(block.header()), now);
    BlockOutcome outcome = headersOnly.accept(block, 0, now);
    assertThat(((BlockOutcome.Rejected) outcome).rejection().code())
        .isEqualTo(RejectionCode.BODIES_NOT_JUDGED);
    assertThat(headersOnly.view().find(block.hash()).orElseThrow().isInvalid()).isFalse();
  }

  @Test
  void reopen_bodiesCameInAnotherOrderThanHeaders_keepsFirstBodyAsFirstSeen() {
    ChainFixture chain = ChainFixture.begin();
    ChainFixture.Fork fork = chain.fork(1, 1);
    Block third = chain.branch(chain.genesis(), 1).get(0);
    Block left = fork.left().get(0);
    Block right = fork.right().get(0);
    chain
        .engine()
        .acceptHeaders(List.of(left.header(), right.header(), third.header()), chain.now());
    chain.deliver(List.of(right, left, third));
    chain.restart();
    assertThat(chain.tip()).isEqualTo(right);
    chain.engine().invalidate(third.hash(), chain.now());
    assertThat(chain.tip()).isEqualTo(right);
  }

  @Test
  void open_storeOfAnotherNetwork_throws() {
    InMemoryChainStore store = InMemoryChainStore.create();
    ChainFixture.on(store, 10).mine(1);
    EngineSetup other = EngineSetup.inMemory(Networks.regtest()).withStore(store);
    assertThatThrownBy(() -> ChainEngine.open(other)).isInstanceOf(StoreException.class);
  }

  @Test
  void invalidate_unknownOrGenesis_isFalse() {
    assertThat(engine.invalidate(Hash256.ofWords(1, 2, 3, 4), START)).isFalse();
    assertThat(engine.invalidate(engine.params().genesis().hash(), START)).isFalse();
    assertThat(engine.reconsider(engine.params().genesis().hash(), START)).isFalse();
  }

  @Test
  void accept_genesis_isKnown() {
    Block genesis = engine.params().genesis();
    assertThat(engine.accept(genesis, 0, START)).isInstanceOf(BlockOutcome.AlreadyKnown.class);
    assertThat(engine.block(genesis.hash())).contains(genesis);
  }

  @Test
  void accept_orphansBeyondTheRoom_saysThatTheyAreNotKept() {
    OrphanLimits one = new OrphanLimits(1, 10_000, 1, 1, 60);
    PolicyLimits limits = new PolicyLimits(MempoolLimits.DEFAULT, one, 10, 100, 2);
    ChainEngine small =
        ChainEngine.open(ChainFixture.setupOn(InMemoryChainStore.create(), 10).withLimits(limits));
    Block first = BlockDraft.on(small.params().genesis().header(), 1).make();
    Block a = BlockDraft.on(first.header(), 2).salt(1).make();
    Block b = BlockDraft.on(first.header(), 2).salt(2).make();
    long now = b.header().time();
    assertThat(small.accept(a, 1, now)).isEqualTo(new BlockOutcome.Orphaned(first.hash(), true));
    assertThat(small.accept(a, 1, now)).isEqualTo(new BlockOutcome.Orphaned(first.hash(), true));
    assertThat(small.accept(b, 2, now)).isEqualTo(new BlockOutcome.Orphaned(first.hash(), false));
    small.expire(now + 60);
    assertThat(small.orphans()).isEmpty();
  }

  @Test
  void accept_orphanWhoseChildHeaderIsKnownButRefused_isToldWhenJudged() {
    ChainFixture chain = ChainFixture.begin();
    Block parent = chain.branch(chain.genesis(), 1).get(0);
    Block child = chain.draftOn(parent).coinbaseHeight(7).make();
    Block late = chain.draftOn(parent).time(parent.header().time()).make();
    chain.deliver(List.of(child, late));
    chain.engine().acceptHeaders(List.of(parent.header(), child.header()), chain.now());
    chain.engine().invalidate(child.hash(), chain.now());
    chain.deliver(parent);
    assertThat(chain.eventsFrom(0))
        .filteredOn(event -> event instanceof ChainEvent.BlockRejected)
        .extracting(event -> ((ChainEvent.BlockRejected) event).rejection().code())
        .containsExactly(RejectionCode.KNOWN_INVALID, RejectionCode.TIME_TOO_OLD);
  }

  @Test
  void accept_spendUnderARelativeTimeLock_waitsForTheMedianTime() {
    ChainFixture chain = ChainFixture.begin();
    chain.mine(4);
    long units512 = (1L << 22) | 1;
    Transaction open = chain.pay(chain.coin(), 40_000);
    Transaction locked = open.withInputs(List.of(open.inputs().get(0).withSequence(units512)));
    BlockOutcome early = chain.deliver(chain.blockOn(chain.tip(), locked));
    assertThat(((BlockOutcome.Rejected) early).rejection().code())
        .isEqualTo(RejectionCode.SEQUENCE_LOCKED);
    for (int i = 1; i <= 7; i++) {
      long later = TestHeaders.GENESIS_TIME + 1_000 + i;
      chain.deliver(chain.draftOn(chain.tip()).time(later).make());
    }
    assertThat(chain.offer(locked)).isInstanceOf(MempoolOutcome.Accepted.class);
    chain.mineWith(locked);
    assertThat(chain.engine().coin(locked.outPoint(0))).isPresent();
  }

  private Block mine(long now) {
    TemplateResult result = engine.template(miner, Bytes.EMPTY, now);
    BlockTemplate template = ((TemplateResult.Ready) result).template();
    NonceSearch.Result found = NonceSearch.search(template.header(), NonceRange.ALL, () -> false);
    BlockHeader header = ((NonceSearch.Found) found).header();
    return template.block(header.nonce());
  }
}
