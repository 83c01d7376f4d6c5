package org.chaincore.core.archive;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.CoinSnapshots;
import org.chaincore.core.store.CoinSnapshots.Origin;
import org.chaincore.core.store.CoinSnapshots.Verdict;
import org.chaincore.core.value.Hash256;

/**
 * Validates the chain below a snapshot, beside the node that began from it: a second engine on a
 * store of its own, new or as an earlier check left it, connects block after block up to the
 * snapshot's, and then has the coins that the snapshot should have had. The host brings the blocks,
 * which peers have, in a thread of its choice; the check is done when {@link #verdict} is not
 * {@link Verdict#TRUSTED} any more, and the store of the node remembers that. It is told, and what
 * to do about a snapshot that was a lie is the host's to decide: the chain since then stands on it.
 *
 * <p>Not thread-safe.
 */
public final class SnapshotCheck {
  private static final long HOST = 0;

  private final CoinSnapshots judged;
  private final ChainEngine second;
  private final ChainStore secondStore;
  private final HeaderNode base;
  private Origin origin;

  private SnapshotCheck(
      CoinSnapshots judged,
      Origin origin,
      HeaderNode base,
      ChainEngine second,
      ChainStore secondStore) {
    this.judged = judged;
    this.origin = origin;
    this.base = base;
    this.second = second;
    this.secondStore = secondStore;
  }

  /**
   * Begins a check, or goes on with one.
   *
   * @param store the store that began from a snapshot
   * @param chain the chain of the node that runs on it
   * @param second an engine of the same network, which nobody else uses
   * @param secondStore its store, which gives snapshots
   * @param nowSeconds the node's clock, Unix seconds
   * @throws IllegalArgumentException if the store did not begin from a snapshot, or the second
   *     engine is of another network or beyond the snapshot
   */
  public static SnapshotCheck of(
      ChainStore store,
      ChainView chain,
      ChainEngine second,
      ChainStore secondStore,
      long nowSeconds) {
    CoinSnapshots judged = CoinSnapshot.snapshotsOf(store);
    Origin origin =
        judged
            .origin()
            .orElseThrow(
                () -> new IllegalArgumentException("the store did not begin from a snapshot"));
    HeaderNode base =
        chain
            .find(origin.block())
            .orElseThrow(
                () -> new IllegalArgumentException("no header of the snapshot " + origin.block()));
    CoinSnapshot.snapshotsOf(secondStore);
    SnapshotCheck check = new SnapshotCheck(judged, origin, base, second, secondStore);
    check.takeHeaders(nowSeconds);
    check.conclude();
    return check;
  }

  private void takeHeaders(long nowSeconds) {
    HeaderNode tip = second.view().tip();
    HeaderNode ours = base.ancestor(tip.height());
    if (ours == null || !ours.hash().equals(tip.hash())) {
      throw new IllegalArgumentException("the second chain is at " + tip + ", not below " + base);
    }
    List<BlockHeader> headers = new ArrayList<>(base.height() - tip.height());
    for (int height = tip.height() + 1; height <= base.height(); height++) {
      headers.add(at(height).header());
    }
    second.acceptHeaders(headers, nowSeconds);
  }

  private HeaderNode at(int height) {
    HeaderNode node = base.ancestor(height);
    if (node == null) {
      throw new IllegalArgumentException("no block of height " + height + " below " + base);
    }
    return node;
  }

  /** What is known by now. */
  public Verdict verdict() {
    return origin.verdict();
  }

  /** Up to which height the chain below was validated. */
  public int height() {
    return second.view().height();
  }

  /** The blocks to bring next, in their order; none when the check is done. */
  public List<Hash256> wanted(int most) {
    List<Hash256> wanted = new ArrayList<>();
    boolean isOpen = verdict() == Verdict.TRUSTED;
    for (int next = height() + 1; isOpen && next <= base.height() && wanted.size() < most; next++) {
      wanted.add(at(next).hash());
    }
    return wanted;
  }

  /**
   * Takes the next block, and after the last one concludes.
   *
   * @return whether it was that; a body that does not belong to its header is not
   * @throws org.chaincore.core.store.StoreException if a store failed. The block may be offered
   *     again; if none is wanted any more, {@link #conclude} is left to do
   */
  public boolean offer(Block block, long nowSeconds) {
    List<Hash256> wanted = wanted(1);
    if (wanted.isEmpty() || !wanted.get(0).equals(block.hash())) {
      return false;
    }
    BlockOutcome outcome = second.accept(block, HOST, nowSeconds);
    if (outcome instanceof BlockOutcome.Rejected rejected) {
      if (rejected.rejection().code().blamesBodyOnly()) {
        return false;
      }
      judge(Verdict.REFUTED);
      return true;
    }
    conclude();
    return true;
  }

  /**
   * Comes to the verdict if all blocks are there. Does nothing if some are not, or it is known.
   *
   * @throws org.chaincore.core.store.StoreException if a store failed; to be called again later
   */
  public void conclude() {
    if (verdict() == Verdict.TRUSTED && second.view().tip().hash().equals(base.hash())) {
      Hash256 found = CoinSetHash.of(CoinSnapshot.snapshotsOf(secondStore)).hash();
      judge(found.equals(origin.coins()) ? Verdict.CONFIRMED : Verdict.REFUTED);
    }
  }

  private void judge(Verdict verdict) {
    judged.judge(verdict);
    origin = origin.with(verdict);
  }
}
