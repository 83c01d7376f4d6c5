package org.chaincore.net.journal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.core.event.EventReader;
import org.chaincore.core.lock.LockRank;
import org.chaincore.core.lock.LockRegistry;
import org.chaincore.core.mempool.MempoolEntry;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.value.Hash256;
import org.chaincore.net.journal.Explanation.Standing;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.protocol.SyncEvent;
import org.jspecify.annotations.Nullable;

/**
 * What a node remembers of what happened since it began: counts, blocks that lost to a
 * reorganisation, why blocks and transactions were refused or let go, and who sent them. It reads
 * the engine's events as they come, a few steps each; what the driver tells it is {@link #heard}.
 *
 * <p>All of it is bounded, and none of it is kept over a restart. Thread-safe.
 */
public final class ChainJournal implements AutoCloseable {
  /** In the place of a peer, for what clients of the HTTP interface submit. */
  public static final long API_SOURCE = Long.MAX_VALUE;

  /** Blocks that left the chain. A chain that is fought over makes many; the oldest go first. */
  static final int MAX_STALE = 1_000;

  /** Refusals. Whoever sends bad blocks without end only pushes out the refusals of others. */
  static final int MAX_REFUSALS = 1_000;

  /** Transactions that left the mempool. */
  static final int MAX_REMOVALS = 5_000;

  /**
   * Transactions whose wtxid is another than their txid. A mempool may hold more than these;
   * whoever fills it pushes out the oldest, which are then found by their txid only.
   */
  static final int MAX_NAMES = 50_000;

  /** Peers whose addresses are known by their numbers, after they have gone too. */
  static final int MAX_PEERS = 1_000;

  private static final int EVENTS_AT_ONCE = 256;
  private static final long HOST_SOURCE = 0;

  /** Above all locks of a node: no other is taken under it. */
  private static final LockRank RANK = LockRank.host("JOURNAL", 800);

  private static final Pattern HASH = Pattern.compile("\\b[0-9a-f]{64}\\b");

  /** Characters of a detail; those that name a block are shorter. */
  private static final int MAX_DETAIL = 1_000;

  /**
   * What was counted.
   *
   * @param blocks that were judged and kept, on the chain or beside it
   * @param transactions that were let into the mempool
   * @param reorganisations of the chain
   * @param refusedBlocks that broke a rule
   */
  public record Counts(long blocks, long transactions, long reorganisations, long refusedBlocks) {}

  private final ChainEngine engine;
  private final LongSupplier nowSeconds;
  private final Orphans orphans;
  private final Lock lock;
  private final EventReader.Subscription subscription;

  // Guarded by the lock.
  private final Map<Hash256, Long> stale = bounded(MAX_STALE);
  private final Map<Hash256, Refusal> refusals = bounded(MAX_REFUSALS);
  private final Map<Hash256, ChainEvent.RemovalReason> removals = bounded(MAX_REMOVALS);
  private final Map<Hash256, Sender> senders = bounded(MAX_REFUSALS);
  private final Map<PeerId, String> peers = bounded(MAX_PEERS);
  private final Map<Hash256, Hash256> txids = bounded(MAX_NAMES);
  private long cursor;
  private long blocks;
  private long transactions;
  private long reorganisations;
  private long refusedBlocks;

  /** Why something was refused, and whom it came from if it was no peer. */
  private record Refusal(Rejection rejection, @Nullable String from) {}

  /** A peer that sent something that was refused. */
  private record Sender(String from, String detail) {}

  private ChainJournal(ChainEngine engine, LockRegistry locks, LongSupplier nowSeconds) {
    this.engine = engine;
    this.nowSeconds = nowSeconds;
    this.orphans = new Orphans(engine, source -> underLock(() -> source(source)));
    this.lock = locks.lock("journal", RANK).writeLock();
    this.cursor = engine.events().cursor();
    this.subscription = engine.events().subscribe(this::follow);
    List<MempoolEntry> waiting = engine.mempool();
    underLock(
        () -> {
          waiting.forEach(entry -> name(entry.transaction()));
          return waiting;
        });
  }

  /**
   * A journal that begins now.
   *
   * @param nowSeconds the node's clock, Unix seconds; read from any thread
   */
  public static ChainJournal of(ChainEngine engine, LockRegistry locks, LongSupplier nowSeconds) {
    return new ChainJournal(engine, locks, nowSeconds);
  }

  private static <K, V> Map<K, V> bounded(int most) {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }

  private void follow() {
    underLock(
        () -> {
          while (cursor < engine.events().cursor()) {
            EventReader.Page page = engine.events().read(cursor, EVENTS_AT_ONCE);
            if (page instanceof EventReader.Page.Events read) {
              read.events().forEach(this::note);
              cursor = read.cursor();
            } else if (page instanceof EventReader.Page.Lagged lagged) {
              cursor = lagged.oldest();
            }
          }
          return cursor;
        });
  }

  private void note(ChainEvent event) {
    if (event instanceof ChainEvent.TipChanged moved) {
      blocks += moved.connected().size();
      reorganisations += moved.isReorg() ? 1 : 0;
      for (int i = moved.disconnected().size() - 1; i >= 0; i--) {
        ChainEvent.BlockRef left = moved.disconnected().get(i);
        stale.put(left.hash(), nowSeconds.getAsLong());
      }
      moved.connected().forEach(joined -> stale.remove(joined.hash()));
    } else if (event instanceof ChainEvent.SideBlockStored) {
      blocks++;
    } else if (event instanceof ChainEvent.BlockRejected refused) {
      refusedBlocks++;
      refusals.putIfAbsent(refused.hash(), new Refusal(refused.rejection(), null));
    } else if (event instanceof ChainEvent.TransactionAccepted accepted) {
      transactions++;
      refusals.remove(accepted.transaction().txid());
      refusals.remove(accepted.transaction().wtxid());
      name(accepted.transaction());
    } else if (event instanceof ChainEvent.TransactionRemoved removed) {
      removals.put(removed.txid(), removed.reason());
    }
  }

  private void name(Transaction transaction) {
    if (!transaction.wtxid().equals(transaction.txid())) {
      txids.put(transaction.wtxid(), transaction.txid());
    }
  }

  /**
   * The driver has told something. Returns at once.
   *
   * @param event what; of most kinds nothing is remembered
   */
  public void heard(SyncEvent event) {
    if (event instanceof SyncEvent.PeerReady ready) {
      underLock(() -> peers.put(ready.peer(), ready.address().toString()));
    } else if (event instanceof SyncEvent.BlockRefused refused) {
      sent(refused.block(), refused.peer(), refused.rejection().toString());
    } else if (event instanceof SyncEvent.PeerMisbehaved wrong) {
      blamed(wrong);
    }
  }

  /** If a hash is told, what it is of came from that peer. */
  private void blamed(SyncEvent.PeerMisbehaved wrong) {
    Matcher hash = HASH.matcher(wrong.detail());
    if (wrong.detail().length() <= MAX_DETAIL && hash.find()) {
      sent(Hash256.parse(hash.group()), wrong.peer(), wrong.detail());
    }
  }

  private void sent(Hash256 what, PeerId peer, String detail) {
    underLock(() -> senders.put(what, new Sender(source(peer.value()), detail)));
  }

  /**
   * A transaction that the host or one of its clients submitted was refused.
   *
   * @param from {@code host}, or where the client is
   */
  public void refused(Transaction what, Rejection why, String from) {
    refused(what.txid(), why, from);
    refused(what.wtxid(), why, from);
  }

  /**
   * A block that the host or one of its clients submitted was refused.
   *
   * @param what its hash
   * @param from {@code host}, or where the client is
   */
  public void refused(Hash256 what, Rejection why, String from) {
    underLock(() -> refusals.put(what, new Refusal(why, from)));
  }

  /**
   * Says why a block or a transaction is where it is.
   *
   * @param hash of a block, or a txid, or a wtxid
   * @param confirmed finds the block of the chain that has a transaction, as far as an index knows;
   *     asked without a lock
   * @return empty if the node knows, or remembers, nothing of it
   */
  public Optional<Explanation> explain(
      Hash256 hash, Function<Hash256, Optional<BlockRef>> confirmed) {
    ChainView view = engine.view();
    Hash256 txid = underLock(() -> txids.getOrDefault(hash, hash));
    return view.find(hash)
        .map(header -> block(header, view))
        .or(() -> orphans.block(hash))
        .or(() -> pending(txid))
        .or(() -> orphans.transaction(hash))
        .or(() -> confirmed.apply(txid).flatMap(block -> confirmed(txid, block)))
        .or(() -> refused(hash))
        .or(() -> removed(txid));
  }

  private Explanation block(HeaderNode header, ChainView view) {
    boolean isOnChain = view.onChain(header.hash()).isPresent();
    return new Explanation.OfBlock(
        header.hash(),
        isOnChain ? Standing.ON_CHAIN : standing(header),
        header.height(),
        header.chainWork(),
        isOnChain ? view.height() - header.height() + 1 : 0,
        !header.hasBody() && !isOnChain,
        underLock(() -> cause(header.hash())));
  }

  private Standing standing(HeaderNode header) {
    if (header.isInvalid()) {
      if (header.isInvalidatedByHost()) {
        return Standing.REFUSED_BY_HOST;
      }
      return header.brokeRule() ? Standing.BROKE_A_RULE : Standing.ON_A_REFUSED_BLOCK;
    }
    if (!header.hasBody()) {
      return Standing.BODY_MISSING;
    }
    return underLock(() -> stale.containsKey(header.hash())) ? Standing.STALE : Standing.SIDE;
  }

  /** Under the lock. */
  private Explanation.Cause cause(Hash256 hash) {
    Refusal refusal = refusals.get(hash);
    Sender sender = senders.get(hash);
    String from = refusal == null ? null : refusal.from;
    if (from == null && sender != null) {
      from = sender.from;
    }
    if (refusal != null) {
      return new Explanation.Cause(refusal.rejection, refusal.rejection.detail(), from);
    }
    return new Explanation.Cause(null, sender == null ? null : sender.detail, from);
  }

  /** Under the lock. */
  private String source(long source) {
    if (source == HOST_SOURCE) {
      return "host";
    }
    return source == API_SOURCE
        ? "api"
        : peers.getOrDefault(new PeerId(source), "peer " + source + ", which did not greet");
  }

  private Optional<Explanation> pending(Hash256 txid) {
    return engine
        .mempoolEntry(txid)
        .map(
            entry ->
                new Explanation.OfPending(
                    txid, entry.fee(), entry.feeRate(), entry.arrivalSeconds()));
  }

  /** Of the chain as it is: an index may be a block older or newer. */
  private Optional<Explanation> confirmed(Hash256 txid, BlockRef block) {
    ChainView view = engine.view();
    return view.onChain(block.hash())
        .map(
            header ->
                new Explanation.OfConfirmed(txid, block, view.height() - header.height() + 1));
  }

  private Optional<Explanation> refused(Hash256 hash) {
    return underLock(
        () ->
            refusals.containsKey(hash) || senders.containsKey(hash)
                ? Optional.of(new Explanation.OfRefused(hash, cause(hash)))
                : Optional.empty());
  }

  private Optional<Explanation> removed(Hash256 txid) {
    return underLock(
        () ->
            Optional.ofNullable(removals.get(txid))
                .map(reason -> new Explanation.OfRemoved(txid, reason)));
  }

  /** What was counted. */
  public Counts counts() {
    return underLock(() -> new Counts(blocks, transactions, reorganisations, refusedBlocks));
  }

  /** Blocks that left the chain and did not come back, and when, in the order in which they did. */
  public Map<Hash256, Long> stale() {
    return underLock(() -> new LinkedHashMap<>(stale));
  }

  private <T extends @Nullable Object> T underLock(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** Remembers nothing more; what it knows is still told. */
  @Override
  public void close() {
    subscription.close();
  }
}
