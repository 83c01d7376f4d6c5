package org.chaincore.store.rocks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.ledger.SpentCoin;
import org.chaincore.core.store.BlockMark;
import org.chaincore.core.store.ChainCommit;
import org.chaincore.core.store.ChainCommit.ConnectedBlock;
import org.chaincore.core.store.ChainCommit.TipMove;
import org.chaincore.core.value.Hash256;
import org.chaincore.store.codec.BodyState;
import org.chaincore.store.codec.CoinFormat;
import org.chaincore.store.codec.HeaderRow;
import org.chaincore.store.codec.Keys;
import org.chaincore.store.codec.StateRow;
import org.chaincore.store.codec.TxidList;
import org.chaincore.store.coins.CoinCache;
import org.chaincore.store.database.Batch;
import org.chaincore.store.database.Table;
import org.jspecify.annotations.Nullable;

/**
 * One commit on its way into a batch: what it writes, and what the store is when that is written.
 * Nothing of the store changes until {@link #adoptCoins}. Not thread-safe; confined to the writer.
 */
final class CommitPlan {
  private final KnownHeaders known;
  private final CoinCache coins;
  private final Batch batch;
  private final Hash256 genesis;
  private final UndoRetention.Move retention;
  private final int prunedHeight;
  private final Map<Hash256, KnownHeaders.Entry> changed = new LinkedHashMap<>();
  private @Nullable TipMove move;
  private int headers;
  private int bodies;
  private StateRow state;

  /**
   * What a plan starts from.
   *
   * @param known the headers there are
   * @param coins the coins there are
   * @param genesis the block that has no row
   * @param chain where the chain stands
   */
  record Start(KnownHeaders known, CoinCache coins, Hash256 genesis, Standing chain) {}

  /**
   * Where the chain stands.
   *
   * @param state the tip, and how much there is
   * @param retention which undo data is kept
   * @param prunedHeight up to which height bodies are not
   */
  record Standing(StateRow state, UndoRetention retention, int prunedHeight) {}

  private CommitPlan(Start start, Batch batch) {
    this.known = start.known;
    this.coins = start.coins;
    this.genesis = start.genesis;
    this.batch = batch;
    this.state = start.chain.state;
    this.headers = state.headers();
    this.bodies = state.bodies();
    this.retention = start.chain.retention.move();
    this.prunedHeight = start.chain.prunedHeight;
  }

  /** Writes a commit into a batch. */
  static CommitPlan of(ChainCommit commit, Start start, Batch batch) {
    CommitPlan plan = new CommitPlan(start, batch);
    commit.headers().forEach(plan::addHeader);
    commit.blocks().forEach(plan::addBody);
    commit.marks().forEach(plan::mark);
    commit.tipMove().ifPresent(plan::moveTip);
    plan.end();
    return plan;
  }

  private KnownHeaders.@Nullable Entry find(Hash256 block) {
    KnownHeaders.Entry entry = changed.get(block);
    return entry != null ? entry : known.find(block);
  }

  /** A header that is there, or comes with the commit. */
  KnownHeaders.Entry require(Hash256 block) {
    KnownHeaders.Entry entry = find(block);
    if (entry == null) {
      throw new IllegalArgumentException("commit names a block whose header is unknown: " + block);
    }
    return entry;
  }

  private void addHeader(BlockHeader header) {
    if (find(header.hash()) != null) {
      return;
    }
    int height =
        header.previous().equals(genesis) ? 1 : require(header.previous()).row().height() + 1;
    int sequence = headers++;
    batch.put(Table.INDEX, Keys.ofHash(header.hash()), Keys.ofSequence(sequence));
    changed.put(header.hash(), new KnownHeaders.Entry(sequence, HeaderRow.of(header, height)));
  }

  private void addBody(Block block) {
    KnownHeaders.Entry entry = require(block.hash());
    HeaderRow row = entry.row();
    byte[] key = Keys.ofSequence(entry.sequence());
    if (row.height() <= prunedHeight) {
      // Its branch leaves the chain where nothing can be taken off: nobody will ask for it.
      if (!row.hasBody()) {
        batch.put(Table.TXIDS, key, TxidList.toBytes(block.txids()));
        change(entry, row.with(BodyState.held(bodies++, 0).pruned()));
      }
      return;
    }
    int bytes = batch.put(Table.BLOCKS, key, block::write);
    if (!row.hasBody()) {
      change(entry, row.with(BodyState.held(bodies++, bytes)));
    }
  }

  private void mark(Hash256 block, BlockMark mark) {
    KnownHeaders.Entry entry = require(block);
    change(entry, entry.row().withMark(mark));
  }

  private void change(KnownHeaders.Entry entry, HeaderRow row) {
    changed.put(row.header().hash(), new KnownHeaders.Entry(entry.sequence(), row));
  }

  private void moveTip(TipMove newMove) {
    move = newMove;
    for (Hash256 block : newMove.disconnected()) {
      KnownHeaders.Entry entry = require(block);
      if (!retention.disconnect(entry.sequence(), entry.row().height())) {
        batch.delete(Table.UNDO, Keys.ofSequence(entry.sequence()));
      }
      change(entry, entry.row().with(entry.row().body().withUndo(0)));
    }
    for (ConnectedBlock block : newMove.connected()) {
      KnownHeaders.Entry entry = require(block.hash());
      byte[] key = Keys.ofSequence(entry.sequence());
      int bytes = batch.put(Table.UNDO, key, out -> CoinFormat.writeUndo(out, block.undo()));
      retention.connect(entry.sequence());
      change(entry, entry.row().with(entry.row().body().withUndo(bytes)));
    }
  }

  private void end() {
    for (KnownHeaders.Entry entry : changed.values()) {
      batch.put(Table.HEADERS, Keys.ofSequence(entry.sequence()), entry.row().toBytes());
    }
    Hash256 tip = move == null ? state.tip() : move.tip();
    int height = move == null ? state.height() : heightOf(tip);
    long count = move == null ? state.coins() : state.coins() + newCoins(move);
    state = new StateRow(state.commits() + 1, tip, height, headers, bodies, count);
    batch.put(Table.META, Keys.ofState(), state.toBytes());
  }

  private int heightOf(Hash256 tip) {
    return tip.equals(genesis) ? 0 : require(tip).row().height();
  }

  /**
   * How many coins more there are. A block alone says that itself: what it creates was not there,
   * and of what is gone its undo data names what was. Only after that is the truth looked up.
   */
  private long newCoins(TipMove to) {
    long more = 0;
    if (isExtension(to)) {
      for (Coin coin : to.coins().values()) {
        more += coin == null ? 0 : 1;
      }
      return more - to.connected().get(0).undo().spent().size();
    }
    for (Map.Entry<OutPoint, @Nullable Coin> change : to.coins().entrySet()) {
      more += change.getValue() == null ? 0 : 1;
      more -= coins.coin(change.getKey()) == null ? 0 : 1;
    }
    return more;
  }

  private static boolean isExtension(TipMove move) {
    return move.disconnected().isEmpty() && move.connected().size() == 1;
  }

  /** The batch is written: the coins of the new tip. */
  void adoptCoins() {
    if (move == null) {
      return;
    }
    if (!isExtension(move)) {
      move.coins().forEach((outPoint, coin) -> coins.set(outPoint, coin, true));
      return;
    }
    for (SpentCoin spent : move.connected().get(0).undo().spent()) {
      coins.set(spent.outPoint(), null, true);
    }
    // What the block created was never there, and what it spent of that itself still is not.
    move.coins()
        .forEach(
            (outPoint, coin) -> {
              if (coin != null) {
                coins.set(outPoint, coin, false);
              }
            });
  }

  /** Where the chain stands after it. */
  StateRow state() {
    return state;
  }

  UndoRetention retention() {
    return retention.end();
  }

  /** The headers that it changes. */
  List<KnownHeaders.Entry> changed() {
    return List.copyOf(changed.values());
  }

  /** How many blocks the coins lag behind for it. */
  int lag() {
    return move == null ? 0 : move.disconnected().size() + move.connected().size();
  }
}
