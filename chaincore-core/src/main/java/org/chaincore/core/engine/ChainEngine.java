package org.chaincore.core.engine;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.MempoolLimits;
import org.chaincore.core.config.PolicyLimits;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.EventLog;
import org.chaincore.core.event.EventReader;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.ledger.Ledger;
import org.chaincore.core.ledger.SignatureChecks;
import org.chaincore.core.mempool.Mempool;
import org.chaincore.core.mempool.MempoolEntry;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.mempool.MempoolStats;
import org.chaincore.core.mining.BlockTemplate;
import org.chaincore.core.mining.TemplateResult;
import org.chaincore.core.orphan.OrphanBlock;
import org.chaincore.core.orphan.OrphanPool;
import org.chaincore.core.orphan.OrphanStats;
import org.chaincore.core.orphan.OrphanTransaction;
import org.chaincore.core.script.SpendableTemplate;
import org.chaincore.core.store.BodyRetention;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Work;
import org.jspecify.annotations.Nullable;

/**
 * A validating chain: offer it headers, blocks and transactions, and it keeps what is good, follows
 * the chain of most work, and tells what happened.
 *
 * <p><b>One writer, many readers.</b> Changes are made one at a time under the CHAIN lock, durable
 * before they are visible: planned, committed to the store, applied, published. {@link #view()} is
 * what readers use; it waits for nobody. Events are sealed under the lock, so their order is that
 * of the changes, and shown after it is let go, when the mempool has followed too; when a method
 * returns, the events of what it did are in {@link #events()}.
 *
 * <p><b>No change within a change.</b> What the engine calls (store, verifier, difficulty rule)
 * must not call a method back that changes something: that throws {@link IllegalStateException}. A
 * host may hold locks of its own, of lower rank in the same registry, while it calls the engine.
 *
 * <p><b>Nothing of its own.</b> The engine has no thread and no clock: it works in the caller's
 * thread, and time is an argument, in Unix seconds. Threads that the host lends check signatures
 * while a call lasts, take no lock and decide nothing. Two engines that are told the same in the
 * same order are in the same state.
 *
 * <p><b>Sources.</b> Whoever offers something says from whom it has it, by a number of the host's
 * choice; 0 is the host itself. What one source sends cannot push out what another is entitled to
 * keep.
 *
 * <p><b>A broken store.</b> Every method that changes something throws {@link
 * org.chaincore.core.store.StoreException} when the store fails. A change that could not be made
 * durable is not made: what was offered may be offered again. What had been made durable before, as
 * where a block is good but the store fails at an orphan that waited for it, stays, is told in the
 * events, and the next call that changes something takes up the rest.
 *
 * <p>Thread-safe.
 */
public final class ChainEngine {
  private final ChainParams params;
  private final ChainStore store;
  private final StoredBlocks blocks;
  private final EngineLocks locks;
  private final EventLog events;
  private final ChainState state;
  private final OrphanPool orphans;
  private final BlockIntake intake;
  private final Mempool mempool;
  private final MempoolFollower follower;
  private final int maxReorgDepthBlocks;

  private ChainEngine(EngineSetup setup) {
    this.params = setup.params();
    PolicyLimits limits = setup.limits();
    this.maxReorgDepthBlocks = limits.maxReorgDepthBlocks();
    this.store = setup.store();
    this.blocks = new StoredBlocks(store);
    this.locks = new EngineLocks(setup.locks());
    this.events = EventLog.ofCapacity(limits.keptEvents());
    SignatureChecks signatures =
        SignatureChecks.of(
            setup.signatures(), setup.workers(), limits.rememberedTransactions(), setup.salt());
    ReorgValidation validation = new ReorgValidation(store, blocks, Ledger.of(params, signatures));
    this.state =
        ChainState.open(
            new ChainState.Parts(params, store, locks.coinsOfTheWriter(), events, validation));
    this.orphans = OrphanPool.of(limits.orphans());
    this.mempool = Mempool.of(params, limits, signatures);
    state.moveToBest(maxReorgDepthBlocks);
    this.intake = new BlockIntake(state, orphans, events, this::followTip, maxReorgDepthBlocks);
    this.follower = new MempoolFollower(store, blocks, mempool, events, view());
    events.publish(events.seal());
  }

  /**
   * Opens the chain that a store holds, or begins one.
   *
   * @throws org.chaincore.core.store.StoreException if the store is broken or holds another
   *     network's chain
   * @throws IllegalArgumentException if the store forgets blocks that a reorganisation may need
   */
  public static ChainEngine open(EngineSetup setup) {
    int deepest = setup.limits().maxReorgDepthBlocks();
    int kept = setup.store().retention().keptBlocks();
    if (kept < deepest) {
      throw new IllegalArgumentException(
          "store keeps " + kept + " blocks, a reorganisation may take off " + deepest);
    }
    return new ChainEngine(setup);
  }

  public ChainParams params() {
    return params;
  }

  /** The chain as it is now. */
  public ChainView view() {
    return state.view();
  }

  /** What happened since this engine was opened, in order. */
  public EventReader events() {
    return events;
  }

  /**
   * Offers headers, parents before children; they are taken up to the first that is not good.
   *
   * <p>Where the tree has all the side headers that it takes, a run that forks far down is taken if
   * the chain that it ends has more work than the heaviest; so a long chain is offered whole, from
   * the fork to its end, or in parts by {@link #acceptHeaders(List, Work, long)}.
   */
  public HeadersOutcome acceptHeaders(List<BlockHeader> headers, long nowSeconds) {
    return acceptHeaders(headers, Work.ZERO, nowSeconds);
  }

  /**
   * Offers part of a chain whose work the caller has seen before, headers without proof not
   * counted. If that is more than the heaviest chain has, the part is not refused for lack of room,
   * however little work it has by itself.
   *
   * @param shown the work of the whole chain, from genesis
   */
  public HeadersOutcome acceptHeaders(List<BlockHeader> headers, Work shown, long nowSeconds) {
    return change(nowSeconds, () -> state.offerHeaders(headers, shown, nowSeconds));
  }

  /**
   * Offers a block. If it is good, the blocks that waited for it are judged too.
   *
   * @param source from whom it is, 0 for the host
   */
  public BlockOutcome accept(Block block, long source, long nowSeconds) {
    return change(
        nowSeconds,
        () -> {
          BlockOutcome outcome = intake.offer(block, source, nowSeconds);
          intake.recoverOrphans(nowSeconds);
          return outcome;
        });
  }

  /** Offers a transaction to the mempool, and then those that waited for it. */
  public MempoolOutcome accept(Transaction transaction, long source, long nowSeconds) {
    return change(
        nowSeconds,
        () -> locks.changeMempool(() -> follower.accept(transaction, source, nowSeconds)));
  }

  /**
   * A block to be mined on top of the chain. While a block is being taken in, it may for a moment
   * still build on the chain without it: mempool and chain always belong together.
   *
   * @param payout who gets subsidy and fees
   * @param extraNonce makes the coinbase the miner's own
   */
  public TemplateResult template(SpendableTemplate payout, Bytes extraNonce, long nowSeconds) {
    return locks.askMempool(
        () -> BlockTemplate.on(follower.chain(), mempool, payout, extraNonce, nowSeconds));
  }

  /**
   * Refuses a block by hand, with all that stands on it, until it is reconsidered: the chain leaves
   * it, however deep it lies, and goes where fork choice leads from there.
   *
   * @throws org.chaincore.core.store.StoreException if the store has pruned what it takes
   * @return false if the block is unknown or genesis
   */
  public boolean invalidate(Hash256 block, long nowSeconds) {
    return changeAt(block, nowSeconds, node -> state.invalidate(node, maxReorgDepthBlocks));
  }

  /**
   * Forgets what is held against a block, its ancestors and descendants, and follows the chain of
   * most work again, however deep a reorganisation that takes.
   *
   * @return false if the block is unknown or genesis
   */
  public boolean reconsider(Hash256 block, long nowSeconds) {
    return changeAt(block, nowSeconds, state::reconsider);
  }

  private boolean changeAt(Hash256 block, long nowSeconds, Consumer<HeaderNode> change) {
    return change(
        nowSeconds,
        () -> {
          Optional<HeaderNode> node = state.find(block).filter(found -> found.parent() != null);
          node.ifPresent(change);
          followTip(null, nowSeconds);
          return node.isPresent();
        });
  }

  /**
   * Follows the chain of most work even if it needs a deeper reorganisation than the node does by
   * itself: the host's answer to {@link ChainEvent.ReorgRefused}.
   */
  public void allowDeepReorg(long nowSeconds) {
    change(
        nowSeconds,
        () -> {
          state.moveToBest(Integer.MAX_VALUE);
          followTip(null, nowSeconds);
        });
  }

  /** Lets go of what has waited too long. To be called now and then, say every minute. */
  public void expire(long nowSeconds) {
    change(
        nowSeconds,
        () -> {
          orphans.expire(nowSeconds);
          changeMempool(() -> follower.expire(nowSeconds));
        });
  }

  /**
   * Changes what is kept of unconfirmed transactions, while the node runs: the only {@link
   * PolicyLimits} that can change then. What no longer fits is evicted, which the events tell; what
   * came in under a lower fee floor stays.
   */
  public void apply(MempoolLimits limits, long nowSeconds) {
    change(nowSeconds, () -> changeMempool(() -> follower.apply(limits, nowSeconds)));
  }

  /** What is kept of unconfirmed transactions, as it was last applied. */
  public MempoolLimits mempoolLimits() {
    return locks.askMempool(mempool::limits);
  }

  /**
   * A block of any branch, if its body is there and was not pruned.
   *
   * @throws org.chaincore.core.store.StoreException if it is damaged; it is among {@link
   *     #damagedBlocks()} from then on
   */
  public Optional<Block> block(Hash256 hash) {
    return isGenesis(hash) ? Optional.of(params.genesis()) : blocks.find(hash);
  }

  private boolean isGenesis(Hash256 hash) {
    return hash.equals(params.genesis().hash());
  }

  /**
   * The txids of a block of any branch, in their order: what a {@link
   * org.chaincore.core.block.MerkleTree#prove proof of inclusion} is made of. They outlive the body
   * where that is pruned.
   */
  public Optional<List<Hash256>> txids(Hash256 hash) {
    return isGenesis(hash) ? Optional.of(params.genesis().txids()) : store.txids(hash);
  }

  /** Which bodies of the chain there still are, and so what a node can offer its peers. */
  public BodyRetention retention() {
    return store.retention();
  }

  /**
   * The blocks whose bodies were found to be damaged when they were read, here or by the store when
   * it builds an index, or were reported so, and are not repaired yet: to be had from peers and
   * given to {@link #repair}. At most a thousand.
   */
  public Set<Hash256> damagedBlocks() {
    return blocks.damaged();
  }

  /** Adds a block to {@link #damagedBlocks()}, as after a verification of the store. */
  public void reportDamaged(Hash256 hash) {
    blocks.noteDamaged(hash);
  }

  /**
   * Offers the body of a block whose copy in the store is damaged. It is held against its header
   * and the rules of a block before it takes the place of the damaged one. What the chain could not
   * do for want of it, it does with the next change.
   */
  public RepairOutcome repair(Block body) {
    return locks.amend(() -> state.repair(body, blocks));
  }

  /** The coin at an out point, as the tip leaves it. */
  public Optional<Coin> coin(OutPoint outPoint) {
    return Optional.ofNullable(store.coin(outPoint));
  }

  /** Several coins, and the chain that they are of: no change of the tip falls between. */
  public CoinsAtTip coins(List<OutPoint> outPoints) {
    return locks.askCoins(() -> CoinsAtTip.read(view(), store, outPoints));
  }

  /** How many coins there are. */
  public long coinCount() {
    return store.coinCount();
  }

  /**
   * How many branches beside the chain are known, by their headers, that end in its last blocks.
   * What was found to be invalid is none, nor is what the chain has yet to follow.
   *
   * @param windowBlocks so many blocks below its end they may end
   */
  public int recentForks(int windowBlocks) {
    return locks.askChain(() -> state.forks(windowBlocks));
  }

  /** The blocks that wait for their parents, oldest first. */
  public List<OrphanBlock> orphans() {
    return locks.askChain(orphans::list);
  }

  public OrphanStats orphanStats() {
    return locks.askChain(orphans::stats);
  }

  /** The transactions of the mempool, in the order in which they came. */
  public List<MempoolEntry> mempool() {
    return locks.askMempool(mempool::entries);
  }

  /** A transaction of the mempool. */
  public Optional<MempoolEntry> mempoolEntry(Hash256 txid) {
    return locks.askMempool(() -> mempool.find(txid));
  }

  /** The transactions that wait for those they spend from, oldest first. */
  public List<OrphanTransaction> orphanTransactions() {
    return locks.askMempool(mempool::orphans);
  }

  public MempoolStats mempoolStats(long nowSeconds) {
    return locks.askMempool(() -> mempool.stats(nowSeconds));
  }

  /**
   * The mempool goes where the tip went.
   *
   * @param arrived a block that need not be read back from the store
   */
  private void followTip(@Nullable Block arrived, long nowSeconds) {
    ChainView chain = view();
    if (!follower.isOn(chain)) {
      changeMempool(() -> follower.follow(chain, arrived, nowSeconds));
    }
  }

  private <T> T change(long nowSeconds, Supplier<T> change) {
    return locks.change(nowSeconds, events, this::takeUpRest, change);
  }

  private void change(long nowSeconds, Runnable change) {
    change(nowSeconds, returning(change));
  }

  /** Does what the change before could not, because the store failed. */
  private void takeUpRest(long nowSeconds) {
    state.settle();
    followTip(null, nowSeconds);
    intake.recoverOrphans(nowSeconds);
  }

  private void changeMempool(Runnable change) {
    locks.changeMempool(returning(change));
  }

  private static Supplier<Boolean> returning(Runnable work) {
    return () -> {
      work.run();
      return true;
    };
  }
}
