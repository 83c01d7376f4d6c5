package org.chaincore.core.engine;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.ForkChoice;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.chain.HeaderOutcome;
import org.chaincore.core.chain.HeaderTree;
import org.chaincore.core.chain.ReorgPlan;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.EventLog;
import org.chaincore.core.lock.Published;
import org.chaincore.core.rules.BlockRules;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.store.BlockMark;
import org.chaincore.core.store.ChainCommit;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Work;
import org.jspecify.annotations.Nullable;

/**
 * The tree, the tip and the store, kept in step. Every change goes one way: it is planned on paper,
 * committed to the store, and only then applied here and published. What fails before the commit
 * leaves no trace, a header that came with it is taken back; nothing can fail after it.
 *
 * <p>An extension is the reorganisation that disconnects nothing, so there is one path for both.
 *
 * <p>Not thread-safe; confined to the writer, but for {@link #view()}.
 */
final class ChainState {
  /**
   * Bodies off the chain that are kept beside those of the heaviest headers. Stops whoever fills
   * the store with cheap side blocks.
   */
  static final int MAX_SIDE_BLOCKS = 1_000;

  private final ChainParams params;
  private final ChainStore store;
  private final Lock coinsLock;
  private final EventLog events;
  private final BlockRules blockRules;
  private final HeaderTree tree;
  private final HeaderIntake headerIntake;
  private final ForkChoice choice;
  private final ReorgValidation validation;
  private final Published<ChainView> view;

  /** A header in the tree that the store has not got. */
  private @Nullable HeaderNode uncommitted;

  /** Whether marks were taken away, and the chain that may be best since was not looked for. */
  private boolean isUnsettled;

  private HeaderNode tip;

  private ChainState(Parts parts, LoadedChain loaded) {
    this.params = parts.params;
    this.store = parts.store;
    this.coinsLock = parts.coinsLock;
    this.events = parts.events;
    this.validation = parts.validation;
    this.blockRules = BlockRules.of(parts.params);
    this.tree = loaded.tree();
    this.headerIntake = new HeaderIntake(tree, parts.store);
    this.choice = loaded.choice();
    this.tip = loaded.tip();
    this.view = Published.of(ChainView.of(tree, tip));
  }

  /** What the state works with. */
  record Parts(
      ChainParams params,
      ChainStore store,
      Lock coinsLock,
      EventLog events,
      ReorgValidation validation) {}

  static ChainState open(Parts parts) {
    return new ChainState(parts, LoadedChain.from(parts.store, parts.params));
  }

  ChainView view() {
    return view.get();
  }

  /** See {@link HeaderIntake#offer}. */
  HeadersOutcome offerHeaders(List<BlockHeader> headers, Work shown, long nowSeconds) {
    HeadersOutcome outcome = headerIntake.offer(headers, shown, tip, nowSeconds);
    publish();
    return outcome;
  }

  /**
   * Judges a block and takes it in. The next block of our own chain finds room for its header
   * always: nobody can stop us from mining by filling the tree.
   *
   * @param maxReorgDepth how many blocks may leave the chain for it
   */
  BlockOutcome offer(Block block, long nowSeconds, int maxReorgDepth) {
    boolean isNext = block.header().previous().equals(tip.hash());
    HeaderOutcome outcome =
        tree.accept(block.header(), nowSeconds, isNext ? HeaderTree.ALL_WORK : Work.ZERO);
    if (outcome instanceof HeaderOutcome.Refused refused) {
      return new BlockOutcome.Rejected(refused.rejection());
    }
    if (outcome instanceof HeaderOutcome.Unconnected unconnected) {
      return new BlockOutcome.Orphaned(unconnected.parent(), false);
    }
    if (outcome instanceof HeaderOutcome.Known known) {
      return known.node().hasBody()
          ? new BlockOutcome.AlreadyKnown(known.node())
          : place(block, known.node(), maxReorgDepth);
    }
    HeaderNode added = ((HeaderOutcome.Added) outcome).node();
    uncommitted = added;
    try {
      return place(block, added, maxReorgDepth);
    } finally {
      if (uncommitted != null) {
        tree.takeBack(uncommitted);
        uncommitted = null;
      }
    }
  }

  private BlockOutcome place(Block block, HeaderNode node, int maxReorgDepth) {
    HeaderNode parent = node.parent();
    if (parent == null) {
      return new BlockOutcome.AlreadyKnown(node);
    }
    if (!parent.hasBody()) {
      // The header is good, and says that its branch has the more work.
      if (uncommitted == node) {
        commit(commitWithHeader(node), () -> {});
      }
      return new BlockOutcome.Orphaned(parent.hash(), false);
    }
    Optional<Rejection> fault = judgeBody(block, parent);
    if (fault.isPresent()) {
      if (!fault.get().code().blamesBodyOnly()) {
        commitInvalid(node, node);
      }
      return new BlockOutcome.Rejected(fault.get());
    }
    if (node.chainWork().compareTo(tip.chainWork()) > 0) {
      return moveTo(block, node, maxReorgDepth);
    }
    Optional<Rejection> unwanted = checkSideBlock(node);
    return unwanted.isPresent()
        ? new BlockOutcome.Rejected(unwanted.get())
        : keepAside(block, node);
  }

  /**
   * Bodies of side branches are kept while there is room. Those of the heaviest headers are always
   * kept: to have the most work is to be wanted.
   */
  private Optional<Rejection> checkSideBlock(HeaderNode node) {
    int sideBlocks = choice.bodies() - tip.height();
    return sideBlocks >= MAX_SIDE_BLOCKS && !tree.heaviest().descendsFrom(node)
        ? Optional.of(
            Rejection.of(
                RejectionCode.SIDE_BLOCK_REFUSED, "more than " + MAX_SIDE_BLOCKS + " side blocks"))
        : Optional.empty();
  }

  /** What is wrong with a body by itself and at its place, coins apart; empty if nothing is. */
  private Optional<Rejection> judgeBody(Block block, HeaderNode parent) {
    Optional<Rejection> fault = blockRules.check(block);
    if (fault.isPresent()) {
      return fault;
    }
    long medianTimePast = parent.medianTimePast(params.time().medianSpanBlocks());
    return blockRules.checkAt(block, parent.height() + 1, medianTimePast);
  }

  /** Puts a body in the place of its damaged copy, if it is good where it stands. */
  RepairOutcome repair(Block body, StoredBlocks blocks) {
    HeaderNode node = find(body.hash()).filter(HeaderNode::hasBody).orElse(null);
    HeaderNode parent = node == null ? null : node.parent();
    if (node == null || parent == null) {
      return new RepairOutcome.NotNeeded();
    }
    Optional<Rejection> fault = judgeBody(body, parent);
    if (fault.isPresent()) {
      return new RepairOutcome.Rejected(fault.get());
    }
    return blocks.repair(body) ? new RepairOutcome.Repaired(node) : new RepairOutcome.NotNeeded();
  }

  private BlockOutcome keepAside(Block block, HeaderNode node) {
    commit(commitWithHeader(node).block(block), () -> choice.bodyArrived(node));
    events.stage(new ChainEvent.SideBlockStored(ref(node)));
    return new BlockOutcome.Accepted(node, false);
  }

  private BlockOutcome moveTo(Block block, HeaderNode node, int maxReorgDepth) {
    ReorgPlan plan = ReorgPlan.between(tip, node);
    int mostDepth = undoable(tip, maxReorgDepth);
    if (plan.depth() > mostDepth) {
      BlockOutcome kept = keepAside(block, node);
      events.stage(new ChainEvent.ReorgRefused(ref(node), plan.depth(), mostDepth));
      return kept;
    }
    ReorgValidation.Result result = validation.tryPlan(plan, block);
    if (result instanceof ReorgValidation.Result.Valid valid) {
      ChainCommit commit = commitWithHeader(node).block(block);
      commitMove(commit, valid.move(), plan, () -> choice.bodyArrived(node));
      return new BlockOutcome.Accepted(node, true);
    }
    ReorgValidation.Result.Invalid invalid = (ReorgValidation.Result.Invalid) result;
    commitInvalid(node, invalid.culprit());
    if (invalid.culprit() == node) {
      return new BlockOutcome.Rejected(invalid.rejection());
    }
    events.stage(new ChainEvent.BlockRejected(invalid.culprit().hash(), invalid.rejection()));
    return new BlockOutcome.Rejected(
        Rejection.of(
            RejectionCode.INVALID_PARENT,
            "ancestor " + invalid.culprit().hash() + " broke " + invalid.rejection()));
  }

  /**
   * Goes to the best chain there is.
   *
   * @param maxReorgDepth how many blocks may leave the chain for it
   */
  void moveToBest(int maxReorgDepth) {
    move(tip, undoable(tip, maxReorgDepth), null);
  }

  /** What the store has pruned cannot be taken off the chain, whoever wants it. */
  private int undoable(HeaderNode from, int maxReorgDepth) {
    return Math.min(maxReorgDepth, store.retention().depthBelow(from.height()));
  }

  /**
   * The host refuses a block. If the chain has it, the chain goes back below it, however deep that
   * is, and from there where fork choice leads, in the same commit.
   *
   * @param maxReorgDepth how many further blocks may leave the chain
   */
  void invalidate(HeaderNode node, int maxReorgDepth) {
    HeaderNode parent = node.parent();
    if (parent == null || node.brokeRule()) {
      return;
    }
    if (tip.descendsFrom(node) && !node.isInvalid()) {
      requireUndoable(node);
      move(parent, undoable(parent, maxReorgDepth), node);
    } else {
      commit(refusal(node), () -> choice.invalidate(node));
    }
  }

  private void requireUndoable(HeaderNode node) {
    int pruned = store.retention().prunedHeight();
    if (node.height() <= pruned) {
      throw new StoreException(
          StoreFault.PRUNED, node + " cannot leave the chain, which is pruned up to " + pruned);
    }
  }

  private static ChainCommit refusal(HeaderNode node) {
    return ChainCommit.create().mark(node.hash(), BlockMark.INVALIDATED_BY_HOST);
  }

  /**
   * Goes to the best chain that can be reached from {@code base}, trying branch after branch until
   * one is valid all the way; {@code base} itself is.
   *
   * @param refused a block of the chain that the host refuses with this move, the child of {@code
   *     base}; null for none
   */
  private void move(HeaderNode base, int maxReorgDepth, @Nullable HeaderNode refused) {
    HeaderNode best = choice.bestFrom(base, maxReorgDepth, refused);
    while (best != tip) {
      ReorgPlan plan = ReorgPlan.between(tip, best);
      ReorgValidation.Result result = validation.tryPlan(plan, null);
      if (result instanceof ReorgValidation.Result.Valid valid) {
        ChainCommit commit = refused == null ? ChainCommit.create() : refusal(refused);
        commitMove(commit, valid.move(), plan, () -> refuse(refused));
        return;
      }
      ReorgValidation.Result.Invalid invalid = (ReorgValidation.Result.Invalid) result;
      commitInvalid(best, invalid.culprit());
      events.stage(new ChainEvent.BlockRejected(invalid.culprit().hash(), invalid.rejection()));
      best = choice.bestFrom(base, maxReorgDepth, refused);
    }
  }

  private void refuse(@Nullable HeaderNode refused) {
    if (refused != null) {
      choice.invalidate(refused);
    }
  }

  /** The host takes back what is held against a block, its ancestors and descendants. */
  void reconsider(HeaderNode node) {
    ChainCommit commit = ChainCommit.create();
    choice.markedAround(node).forEach(marked -> commit.mark(marked.hash(), BlockMark.NONE));
    if (!commit.isEmpty()) {
      commit(commit, () -> choice.reconsider(node, cleared -> {}));
    }
    isUnsettled = true;
    settle();
  }

  /** Looks for the best chain after {@link #reconsider}, if a broken store prevented that. */
  void settle() {
    if (isUnsettled) {
      moveToBest(Integer.MAX_VALUE);
      isUnsettled = false;
    }
  }

  private void commitMove(
      ChainCommit commit, ChainCommit.TipMove move, ReorgPlan plan, Runnable apply) {
    HeaderNode newTip = plan.target();
    coinsLock.lock();
    try {
      commit(
          commit.moveTip(move),
          () -> {
            apply.run();
            tip = newTip;
          });
    } finally {
      coinsLock.unlock();
    }
    events.stage(new ChainEvent.TipChanged(refs(plan.disconnect()), refs(plan.connect())));
  }

  /** Remembers that a block is invalid; {@code arrived} is the header that led there. */
  private void commitInvalid(HeaderNode arrived, HeaderNode culprit) {
    ChainCommit commit = commitWithHeader(arrived).mark(culprit.hash(), BlockMark.INVALID);
    commit(commit, () -> choice.markInvalid(culprit));
  }

  private ChainCommit commitWithHeader(HeaderNode node) {
    ChainCommit commit = ChainCommit.create();
    return uncommitted == node ? commit.header(node.header()) : commit;
  }

  /** Makes a change durable, and only then does it here and shows it. */
  private void commit(ChainCommit commit, Runnable apply) {
    store.commit(commit);
    uncommitted = null;
    apply.run();
    publish();
  }

  private void publish() {
    view.set(ChainView.of(tree, tip));
  }

  private static ChainEvent.BlockRef ref(HeaderNode node) {
    return new ChainEvent.BlockRef(node.height(), node.hash());
  }

  private static List<ChainEvent.BlockRef> refs(List<HeaderNode> nodes) {
    return nodes.size() == 1
        ? List.of(ref(nodes.get(0)))
        : nodes.stream().map(ChainState::ref).toList();
  }

  /** See {@link HeaderTree#forks}. */
  int forks(int windowBlocks) {
    return tree.forks(view().tip(), windowBlocks);
  }

  Optional<HeaderNode> find(Hash256 hash) {
    return tree.find(hash);
  }
}
