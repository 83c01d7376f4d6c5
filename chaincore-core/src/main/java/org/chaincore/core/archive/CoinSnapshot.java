package org.chaincore.core.archive;

import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.chain.HeaderOutcome;
import org.chaincore.core.chain.HeaderTree;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.store.ChainIdentity;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.CoinSnapshots;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot: the headers of a chain and the coins that its tip leaves, in a channel. Written from
 * a node's store; a new store may begin from one whose hash the host has from somebody it trusts.
 * The headers are judged as always; that the coins are what the blocks below leave is believed
 * until {@link SnapshotCheck} has validated it. Stateless.
 */
public final class CoinSnapshot {
  /** Coins are collected to frames of about this size. */
  private static final int FRAME_BYTES = 64 * 1024;

  /** The largest frame that is read: one coin more than the size has a script of its own. */
  static final int MAX_FRAME_BYTES = 5 * 1024 * 1024;

  private CoinSnapshot() {}

  /**
   * Writes the coins of the tip, as of one moment, and the headers below. The engine goes on
   * meanwhile.
   *
   * @param store the engine's store
   * @return what was written; its hash is what others may trust
   * @throws ArchiveException if the channel fails
   * @throws StoreException if the store is broken or gives no snapshots
   */
  public static CoinSetHash.Id write(
      ChainEngine engine, ChainStore store, WritableByteChannel out) {
    Writing writing = new Writing(engine, out);
    snapshotsOf(store).read(writing);
    return writing.end();
  }

  static CoinSnapshots snapshotsOf(ChainStore store) {
    return store
        .snapshots()
        .orElseThrow(() -> new StoreException("store gives and takes no snapshots"));
  }

  /** Writes what a store hands out. */
  private static final class Writing implements CoinSnapshots.Sink {
    private final ChainEngine engine;
    private final WritableByteChannel out;
    private final ByteWriter coins = ByteWriter.ofExpectedSize(2 * FRAME_BYTES);
    private CoinSetHash.Id id = new CoinSetHash.Id(Hash256.ZERO, 0, 0, Hash256.ZERO);
    private @Nullable Open open;

    Writing(ChainEngine engine, WritableByteChannel out) {
      this.engine = engine;
      this.out = out;
    }

    @Override
    public void begin(Hash256 tip, int height, long count) {
      id = new CoinSetHash.Id(tip, height, count, Hash256.ZERO);
    }

    /** An archive that is being written, and the hash of what is in it. */
    private record Open(FrameWriter archive, CoinSetHash hash) {}

    /** The first coin comes when the store has let commits go on. */
    private Open open() {
      if (open == null) {
        open = begin();
      }
      return open;
    }

    private Open begin() {
      ChainIdentity network = ChainIdentity.of(engine.params());
      ArchiveHead head =
          new ArchiveHead(ArchiveHead.Kind.SNAPSHOT, network, id.height(), id.count());
      FrameWriter archive = new FrameWriter(out, head);
      archive.frame(ByteWriter.create().hash(id.block()).toArray());
      // The block may be in the store and not in the view yet; asking for coins waits for that.
      ChainView view = engine.coins(List.of()).view();
      HeaderNode base =
          view.find(id.block())
              .orElseThrow(() -> new StoreException("engine does not run on the store"));
      List<BlockHeader> headers = new ArrayList<>(id.height());
      for (int height = 1; height <= id.height(); height++) {
        HeaderNode node = base.ancestor(height);
        if (node == null) {
          throw new StoreException("the chain begins above genesis");
        }
        headers.add(node.header());
        if (headers.size() == ChainExport.FRAME_HEADERS || height == id.height()) {
          archive.frame(ChainExport.frameOf(headers));
          headers.clear();
        }
      }
      return new Open(archive, CoinSetHash.of(id.block(), id.height(), id.count()));
    }

    @Override
    public void coin(OutPoint outPoint, Coin coin) {
      open().hash.add(outPoint, coin);
      CoinSetHash.write(coins, outPoint, coin);
      if (coins.size() >= FRAME_BYTES) {
        flush();
      }
    }

    private void flush() {
      open().archive.frame(coins.toArray());
      coins.clear();
    }

    CoinSetHash.Id end() {
      if (coins.size() > 0) {
        flush();
      }
      return new CoinSetHash.Id(id.block(), id.height(), id.count(), open().hash.result());
    }
  }

  /**
   * Begins a store from a snapshot. The store must be new but for headers, opened but not run by an
   * engine; an engine that is opened on it afterwards starts at the snapshot's block. If anything
   * is wrong the store is as it was.
   *
   * @param params the network
   * @param trustedCoins the hash that the host trusts, which also says which block it is
   * @param nowSeconds the node's clock, Unix seconds
   * @return what the store began from
   * @throws ArchiveException if the snapshot is broken, breaks a header rule or is another
   * @throws IllegalStateException if the store has a chain
   */
  public static CoinSetHash.Id restore(
      ReadableByteChannel in,
      ChainStore store,
      ChainParams params,
      Hash256 trustedCoins,
      long nowSeconds) {
    ChainIdentity network = ChainIdentity.of(params);
    FrameReader frames = new FrameReader(in, 0, MAX_FRAME_BYTES);
    ArchiveHead head = ArchiveHead.read(frames.head(), ArchiveHead.Kind.SNAPSHOT, network);
    if (head.firstHeight() < 1 || head.firstHeight() > HeaderTree.MAX_START || head.count() < 0) {
      throw new ArchiveException(
          ArchiveFault.DAMAGED, 0, head.count() + " coins at height " + head.firstHeight());
    }
    Hash256 block = frames.frame("block hash", bytes -> bytes.hash("block hash"));
    List<BlockHeader> chain =
        new Headers(frames, HeaderTree.of(params)).read(head.firstHeight(), nowSeconds);
    if (!chain.get(chain.size() - 1).hash().equals(block)) {
      throw frames.wrong(ArchiveFault.DAMAGED, "headers do not end in " + block);
    }
    CoinSetHash.Id id = new CoinSetHash.Id(block, head.firstHeight(), head.count(), trustedCoins);
    CoinSnapshots target = snapshotsOf(store);
    store.load(network);
    target.restore(
        chain,
        new SnapshotCoins(frames, id),
        new CoinSnapshots.Origin(
            block, head.firstHeight(), trustedCoins, CoinSnapshots.Verdict.TRUSTED));
    return id;
  }

  /** Headers of a snapshot, judged one after another. */
  private static final class Headers {
    private final FrameReader frames;
    private final HeaderTree tree;

    Headers(FrameReader frames, HeaderTree tree) {
      this.frames = frames;
      this.tree = tree;
    }

    List<BlockHeader> read(int count, long nowSeconds) {
      List<BlockHeader> chain = new ArrayList<>();
      Hash256 last = tree.root().hash();
      while (chain.size() < count) {
        List<BlockHeader> run = frames.frame("headers", ChainImport::readHeaders);
        if (run.isEmpty() || run.size() > count - chain.size()) {
          throw frames.wrong(
              ArchiveFault.DAMAGED, run.size() + " headers, " + (count - chain.size()) + " left");
        }
        for (BlockHeader header : run) {
          HeaderOutcome outcome = tree.accept(header, nowSeconds);
          if (!(outcome instanceof HeaderOutcome.Added) || !header.previous().equals(last)) {
            throw frames.wrong(
                ArchiveFault.REFUSED, "header of height " + (chain.size() + 1) + ": " + outcome);
          }
          last = header.hash();
          chain.add(header);
        }
      }
      return chain;
    }
  }
}
