package org.chaincore.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.config.BlockLimits;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.ledger.BlockUndo;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.ledger.SpentCoin;
import org.chaincore.core.store.ChainCommit.ConnectedBlock;
import org.chaincore.core.store.ChainCommit.TipMove;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InMemoryChainStoreTest {
  private static final ChainParams PARAMS = TestHeaders.network().build();
  private static final ChainIdentity IDENTITY = ChainIdentity.of(PARAMS);
  private static final BlockHeader GENESIS = PARAMS.genesis().header();
  private static final BlockHeader FIRST = TestHeaders.child(GENESIS, 1);
  private static final BlockHeader SECOND = TestHeaders.child(FIRST, 2);
  private static final BlockHeader SIBLING = TestHeaders.child(FIRST, 3);

  private final InMemoryChainStore store = InMemoryChainStore.create();

  private static Coin coin(long units) {
    return new Coin(TestBlocks.pay(units), 1, true);
  }

  private StoredChain load() {
    return store.load(IDENTITY);
  }

  private static ChainCommit headers(BlockHeader... headers) {
    ChainCommit commit = ChainCommit.create();
    for (BlockHeader header : headers) {
      commit.header(header);
    }
    return commit;
  }

  private static TipMove move(
      List<Hash256> disconnected,
      List<ConnectedBlock> connected,
      Map<OutPoint, @Nullable Coin> coins,
      Hash256 tip) {
    return new TipMove(disconnected, connected, coins, tip);
  }

  @Test
  void load_ofANewStore_hasGenesisAsItsTip() {
    StoredChain chain = load();

    assertThat(chain.headers()).isEmpty();
    assertThat(chain.tip()).isEqualTo(GENESIS.hash());
    assertThat(store.coinCount()).isZero();
  }

  @Test
  void load_ofAnotherGenesis_isRefused() {
    load();

    ChainIdentity other = new ChainIdentity(FIRST.hash(), IDENTITY.fingerprint());
    assertThatThrownBy(() -> store.load(other))
        .isInstanceOf(StoreException.class)
        .hasMessage("store holds genesis " + GENESIS.hash() + ", not " + FIRST.hash());
    assertThat(load().tip()).isEqualTo(GENESIS.hash());
  }

  @Test
  void load_ofOtherParametersOnTheSameGenesis_isRefused() {
    load();

    ChainParams other = TestHeaders.network().limits(new BlockLimits(400_000, 80, 80)).build();
    assertThat(other.genesis().hash()).isEqualTo(GENESIS.hash());
    assertThatThrownBy(() -> store.load(ChainIdentity.of(other)))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "store holds consensus parameters of fingerprint "
                + PARAMS.fingerprint()
                + ", not "
                + other.fingerprint());
    assertThat(load().tip()).isEqualTo(GENESIS.hash());
  }

  @Test
  void load_refusedOfAClosedStore_leavesItClosed() {
    load();
    store.close();

    ChainIdentity other = new ChainIdentity(FIRST.hash(), FIRST.hash());
    assertThatThrownBy(() -> store.load(other)).hasMessageContaining("genesis");
    assertThatThrownBy(store::coinCount).hasMessage("store is closed");
  }

  @Test
  void load_afterCommits_givesHeadersInTheOrderOfTheirCommits() {
    load();
    store.commit(headers(FIRST, SIBLING));
    store.commit(headers(SECOND));

    assertThat(load().headers())
        .extracting(StoredHeader::header)
        .containsExactly(FIRST, SIBLING, SECOND);
    assertThat(load().tip()).isEqualTo(GENESIS.hash());
  }

  @Test
  void load_afterMarksAndBodies_remembersThemPerHeader() {
    Block body = new Block(SECOND, List.of(TestBlocks.coinbase(2, TestBlocks.pay(1))));
    load();
    store.commit(headers(FIRST, SECOND, SIBLING).block(body).mark(FIRST.hash(), BlockMark.INVALID));
    store.commit(
        ChainCommit.create()
            .mark(SIBLING.hash(), BlockMark.INVALIDATED_BY_HOST)
            .mark(FIRST.hash(), BlockMark.NONE));

    assertThat(load().headers())
        .containsExactly(
            new StoredHeader(FIRST, StoredHeader.NO_BODY, BlockMark.NONE),
            new StoredHeader(SECOND, 0, BlockMark.NONE),
            new StoredHeader(SIBLING, StoredHeader.NO_BODY, BlockMark.INVALIDATED_BY_HOST));
    assertThat(store.block(SECOND.hash())).contains(body);
    assertThat(store.block(FIRST.hash())).isEmpty();
  }

  @Test
  void load_ofBodiesInAnotherOrderThanHeaders_remembersWhichCameFirst() {
    Block second = new Block(SECOND, List.of(TestBlocks.coinbase(2, TestBlocks.pay(1))));
    Block sibling = new Block(SIBLING, List.of(TestBlocks.coinbase(2, TestBlocks.pay(1))));
    load();
    store.commit(headers(FIRST, SECOND, SIBLING).block(sibling));
    store.commit(ChainCommit.create().block(second));
    store.commit(ChainCommit.create().block(sibling));

    assertThat(load().headers())
        .extracting(StoredHeader::bodySequence)
        .containsExactly(StoredHeader.NO_BODY, 1, 0);
    assertThat(load().headers())
        .extracting(StoredHeader::hasBody)
        .containsExactly(false, true, true);
  }

  @Test
  void commit_ofATipMove_changesCoinsUndoAndTip() {
    OutPoint kept = TestBlocks.unknown(1);
    OutPoint spent = TestBlocks.unknown(2);
    BlockUndo undo = new BlockUndo(List.of(new SpentCoin(spent, coin(2))));
    load();
    Map<OutPoint, @Nullable Coin> created = new LinkedHashMap<>();
    created.put(kept, coin(1));
    created.put(spent, coin(2));
    store.commit(
        headers(FIRST)
            .moveTip(
                move(
                    List.of(),
                    List.of(new ConnectedBlock(FIRST.hash(), 1, BlockUndo.NOTHING)),
                    created,
                    FIRST.hash())));
    Map<OutPoint, @Nullable Coin> gone = new LinkedHashMap<>();
    gone.put(spent, null);
    gone.put(TestBlocks.unknown(3), null);
    store.commit(
        headers(SECOND)
            .moveTip(
                move(
                    List.of(),
                    List.of(new ConnectedBlock(SECOND.hash(), 2, undo)),
                    gone,
                    SECOND.hash())));

    assertThat(load().tip()).isEqualTo(SECOND.hash());
    assertThat(store.coin(kept)).isEqualTo(coin(1));
    assertThat(store.coin(spent)).isNull();
    assertThat(store.coinCount()).isEqualTo(1);
    assertThat(store.undo(FIRST.hash())).contains(BlockUndo.NOTHING);
    assertThat(store.undo(SECOND.hash())).contains(undo);
  }

  @Test
  void commit_ofAReorganisation_forgetsTheUndoOfWhatLeft() {
    load();
    store.commit(
        headers(FIRST, SECOND)
            .moveTip(
                move(
                    List.of(),
                    List.of(
                        new ConnectedBlock(FIRST.hash(), 1, BlockUndo.NOTHING),
                        new ConnectedBlock(SECOND.hash(), 2, BlockUndo.NOTHING)),
                    Map.of(),
                    SECOND.hash())));
    store.commit(
        headers(SIBLING)
            .moveTip(
                move(
                    List.of(SECOND.hash()),
                    List.of(new ConnectedBlock(SIBLING.hash(), 2, BlockUndo.NOTHING)),
                    Map.of(),
                    SIBLING.hash())));

    assertThat(store.undo(SECOND.hash())).isEmpty();
    assertThat(store.undo(FIRST.hash())).isPresent();
    assertThat(store.undo(SIBLING.hash())).isPresent();
    assertThat(load().tip()).isEqualTo(SIBLING.hash());
  }

  @Test
  void close_ofAStore_refusesEveryCallUntilItIsLoadedAgain() {
    load();
    store.commit(headers(FIRST));
    store.close();
    store.close();

    List<ThrowingCallable> calls =
        List.of(
            () -> store.commit(headers(SECOND)),
            () -> store.block(FIRST.hash()),
            () -> store.undo(FIRST.hash()),
            () -> store.coin(OutPoint.NULL),
            store::coinCount);
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call).isInstanceOf(StoreException.class).hasMessage("store is closed");
    }
    assertThat(load().headers()).extracting(StoredHeader::header).containsExactly(FIRST);
    assertThat(store.coinCount()).isZero();
  }

  @Test
  void isEmpty_ofACommit_isTrueUntilAnythingIsAdded() {
    Block block = TestBlocks.block(TestBlocks.coinbase(1, TestBlocks.pay(1)));
    TipMove move = move(List.of(), List.of(), Map.of(), FIRST.hash());

    assertThat(ChainCommit.create().isEmpty()).isTrue();
    assertThat(headers(FIRST).isEmpty()).isFalse();
    assertThat(ChainCommit.create().block(block).isEmpty()).isFalse();
    assertThat(ChainCommit.create().mark(FIRST.hash(), BlockMark.NONE).isEmpty()).isFalse();
    assertThat(ChainCommit.create().moveTip(move).isEmpty()).isFalse();
    assertThat(ChainCommit.create().moveTip(move).tipMove()).contains(move);
  }

  @Test
  void marks_ofACommit_keepTheirOrder() {
    ChainCommit commit = ChainCommit.create();
    List<Hash256> blocks = List.of(FIRST.hash(), SECOND.hash(), SIBLING.hash(), GENESIS.hash());
    blocks.forEach(block -> commit.mark(block, BlockMark.INVALID));

    assertThat(commit.marks().keySet()).containsExactlyElementsOf(blocks);
  }

  @Test
  void storeException_ofACause_keepsIt() {
    IllegalStateException cause = new IllegalStateException("disk");

    assertThat(new StoreException("broken", cause)).hasMessage("broken").hasCause(cause);
  }
}
