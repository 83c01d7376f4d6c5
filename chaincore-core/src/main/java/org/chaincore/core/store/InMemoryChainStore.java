package org.chaincore.core.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.ledger.BlockUndo;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * A store on the heap, for tests, laboratories and chains that need not outlive their process. It
 * survives nothing, and it grows with the chain.
 *
 * <p>Closed, it refuses every call until it is loaded again, and then has what it had: a node in
 * one process can be stopped and started on it.
 *
 * <p>Thread-safe as the port demands.
 */
public final class InMemoryChainStore implements ChainStore {
  private final Map<Hash256, BlockHeader> headers = new LinkedHashMap<>();
  private final Map<Hash256, Integer> bodySequences = new HashMap<>();
  private final Map<Hash256, BlockMark> marks = new ConcurrentHashMap<>();
  private final Map<Hash256, Block> blocks = new ConcurrentHashMap<>();
  private final Map<Hash256, BlockUndo> undos = new ConcurrentHashMap<>();
  private final Map<OutPoint, Coin> coins = new ConcurrentHashMap<>();
  private final @Nullable InMemoryIndexes indexes;
  private @Nullable ChainIdentity identity;
  private @Nullable Hash256 tip;
  private int height;
  private volatile CoinSnapshots.@Nullable Origin origin;
  private volatile boolean closed;

  private InMemoryChainStore(boolean isIndexed) {
    this.indexes = isIndexed ? new InMemoryIndexes(this::requireOpen) : null;
  }

  /** A store without indexes. */
  public static InMemoryChainStore create() {
    return new InMemoryChainStore(false);
  }

  /** A store that can look up transactions and addresses. */
  public static InMemoryChainStore indexed() {
    return new InMemoryChainStore(true);
  }

  @Override
  public StoredChain load(ChainIdentity asked) {
    if (identity != null) {
      identity.requireSame(asked);
    }
    identity = asked;
    closed = false;
    if (indexes != null) {
      indexes.begin(asked.genesis());
    }
    List<StoredHeader> stored = new ArrayList<>(headers.size());
    for (BlockHeader header : headers.values()) {
      stored.add(stored(header));
    }
    return new StoredChain(stored, tip == null ? asked.genesis() : tip);
  }

  private StoredHeader stored(BlockHeader header) {
    Hash256 hash = header.hash();
    return new StoredHeader(
        header,
        bodySequences.getOrDefault(hash, StoredHeader.NO_BODY),
        marks.getOrDefault(hash, BlockMark.NONE));
  }

  @Override
  public void commit(ChainCommit commit) {
    requireOpen();
    commit.headers().forEach(header -> headers.put(header.hash(), header));
    commit.blocks().forEach(this::putBlock);
    commit.marks().forEach(this::mark);
    commit.tipMove().ifPresent(this::moveTip);
  }

  private void putBlock(Block block) {
    bodySequences.putIfAbsent(block.hash(), bodySequences.size());
    blocks.put(block.hash(), block);
  }

  private void mark(Hash256 block, BlockMark mark) {
    if (mark == BlockMark.NONE) {
      marks.remove(block);
    } else {
      marks.put(block, mark);
    }
  }

  private void moveTip(ChainCommit.TipMove move) {
    move.disconnected().forEach(this::disconnect);
    move.connected().forEach(this::connect);
    synchronized (coins) {
      move.coins().forEach(this::putCoin);
      tip = move.tip();
      height += move.connected().size() - move.disconnected().size();
    }
  }

  private void disconnect(Hash256 hash) {
    BlockUndo undo = undos.remove(hash);
    if (indexes != null) {
      indexes.disconnect(require(blocks.get(hash)), require(undo));
    }
  }

  private void connect(ChainCommit.ConnectedBlock block) {
    undos.put(block.hash(), block.undo());
    if (indexes != null) {
      indexes.connect(require(blocks.get(block.hash())), block.height(), block.undo());
    }
  }

  private static <T> T require(@Nullable T ofTheChain) {
    return Objects.requireNonNull(ofTheChain, "commit moves the tip over a block that is not here");
  }

  private void putCoin(OutPoint outPoint, @Nullable Coin coin) {
    if (coin == null) {
      coins.remove(outPoint);
    } else {
      coins.put(outPoint, coin);
    }
  }

  @Override
  public Optional<Block> block(Hash256 hash) {
    requireOpen();
    return Optional.ofNullable(blocks.get(hash));
  }

  @Override
  public Optional<BlockUndo> undo(Hash256 hash) {
    requireOpen();
    return Optional.ofNullable(undos.get(hash));
  }

  @Override
  public @Nullable Coin coin(OutPoint outPoint) {
    requireOpen();
    return coins.get(outPoint);
  }

  @Override
  public long coinCount() {
    requireOpen();
    return coins.size();
  }

  @Override
  public Optional<TransactionIndex> transactionIndex() {
    return indexes == null ? Optional.empty() : Optional.of(indexes.transactions());
  }

  @Override
  public Optional<AddressIndex> addressIndex() {
    return indexes == null ? Optional.empty() : Optional.of(indexes.addresses());
  }

  @Override
  public IndexProgress buildIndexes(int mostBlocks) {
    return indexes == null ? new IndexProgress(0, 0) : indexes.progress();
  }

  @Override
  public BodyRetention retention() {
    CoinSnapshots.Origin from = origin;
    return from == null
        ? BodyRetention.EVERYTHING
        : new BodyRetention(from.height(), Integer.MAX_VALUE);
  }

  @Override
  public Optional<CoinSnapshots> snapshots() {
    return Optional.of(new Snapshots());
  }

  /** Copies all coins before it gives any out, under the lock that commits take. */
  private final class Snapshots implements CoinSnapshots {
    @Override
    public void read(Sink sink) {
      List<Map.Entry<OutPoint, Coin>> all;
      synchronized (coins) {
        requireOpen();
        Hash256 at = tip;
        if (at == null) {
          throw new StoreException("store has no chain");
        }
        all = new ArrayList<>(coins.entrySet());
        sink.begin(at, height, all.size());
      }
      all.sort(Map.Entry.comparingByKey(ORDER));
      all.forEach(entry -> sink.coin(entry.getKey(), entry.getValue()));
    }

    @Override
    public void restore(List<BlockHeader> chain, Iterator<Entry> entries, Origin from) {
      requireOpen();
      if (tip != null || !blocks.isEmpty() || indexes != null) {
        throw new IllegalStateException("a store that has a chain, or indexes, begins from itself");
      }
      Map<OutPoint, Coin> restored = new HashMap<>();
      entries.forEachRemaining(entry -> restored.put(entry.outPoint(), entry.coin()));
      for (BlockHeader header : chain) {
        headers.put(header.hash(), header);
        bodySequences.put(header.hash(), bodySequences.size());
      }
      coins.putAll(restored);
      tip = from.block();
      height = from.height();
      origin = from;
    }

    @Override
    public Optional<Origin> origin() {
      requireOpen();
      return Optional.ofNullable(origin);
    }

    @Override
    public void judge(Verdict verdict) {
      requireOpen();
      Origin from = origin;
      origin = from == null ? null : from.with(verdict);
    }
  }

  /** Keeps what it holds: the heap is given back with the last reference. */
  @Override
  public void close() {
    closed = true;
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreException(StoreFault.CLOSED, "store is closed");
    }
  }
}
