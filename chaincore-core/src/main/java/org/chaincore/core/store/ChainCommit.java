package org.chaincore.core.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.ledger.BlockUndo;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * One change of the chain, which a store makes whole or not at all: new headers and blocks, marks,
 * and, where the tip moves, the blocks that leave and join the chain with the coins that change. An
 * extension and a reorganisation have the same form.
 *
 * <p>Built by the engine and read by the store; not thread-safe while it is built.
 */
public final class ChainCommit {
  private final List<BlockHeader> headers = new ArrayList<>(1);
  private final List<Block> blocks = new ArrayList<>(1);
  private final Map<Hash256, BlockMark> marks = new LinkedHashMap<>();
  private @Nullable TipMove tipMove;

  private ChainCommit() {}

  public static ChainCommit create() {
    return new ChainCommit();
  }

  /**
   * The tip goes from one block to another. Immutable.
   *
   * <p>Where one block joins and none leaves, no coin that the block creates was there before, and
   * of those that are gone the block's undo data names exactly the ones that were: a store need not
   * look them up to know how many there are.
   *
   * @param disconnected the blocks that leave the chain, highest first; their undo may be forgotten
   * @param connected the blocks that join it, lowest first, each with its undo
   * @param coins the net change; null where a coin is gone, which may never have been in the store
   * @param tip the new tip
   */
  public record TipMove(
      List<Hash256> disconnected,
      List<ConnectedBlock> connected,
      Map<OutPoint, @Nullable Coin> coins,
      Hash256 tip) {
    public TipMove {
      disconnected = List.copyOf(disconnected);
      connected = List.copyOf(connected);
    }
  }

  /**
   * A block that joins the chain.
   *
   * @param hash its hash
   * @param height its height
   * @param undo what brings back the coins it spends
   */
  public record ConnectedBlock(Hash256 hash, int height, BlockUndo undo) {}

  /** Adds a header that the store has not seen, behind its parent. */
  public ChainCommit header(BlockHeader header) {
    headers.add(header);
    return this;
  }

  /** Adds the body of a block whose header the store has or gets in this commit. */
  public ChainCommit block(Block block) {
    blocks.add(block);
    return this;
  }

  public ChainCommit mark(Hash256 block, BlockMark mark) {
    marks.put(block, mark);
    return this;
  }

  public ChainCommit moveTip(TipMove move) {
    tipMove = move;
    return this;
  }

  public List<BlockHeader> headers() {
    return List.copyOf(headers);
  }

  public List<Block> blocks() {
    return List.copyOf(blocks);
  }

  public Map<Hash256, BlockMark> marks() {
    return marks.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(marks));
  }

  public Optional<TipMove> tipMove() {
    return Optional.ofNullable(tipMove);
  }

  public boolean isEmpty() {
    return headers.isEmpty() && blocks.isEmpty() && marks.isEmpty() && tipMove == null;
  }
}
