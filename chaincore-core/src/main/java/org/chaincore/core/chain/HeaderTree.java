package org.chaincore.core.chain;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.pow.ProofOfWork;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Work;
import org.jspecify.annotations.Nullable;

/**
 * Every header that is known and keeps the header rules, as a tree that grows from genesis, or from
 * a trusted header above it.
 *
 * <p><b>Order of the checks.</b> A header that is here already is told by its hash. Of a new one
 * proof of work comes first: until a header has shown the work that it claims, it costs its sender
 * as little as it costs us, and nothing else is looked up or remembered for it. What follows,
 * parent, difficulty, times, version and checkpoints, needs the chain below.
 *
 * <p><b>Trusted start.</b> Above a trusted header some rules look below it. Where a difficulty rule
 * does, the header is counted as {@link #unchecked()}; the median time is judged only once all
 * headers that it takes are there, for the median of fewer could refuse a good header.
 *
 * <p>One writer at a time; {@link #find} and the nodes may be read by any thread.
 */
public final class HeaderTree {
  /**
   * So many headers off the heaviest chain, some 30 MB, are kept wherever they fork from it. Far
   * down work is cheap, for times can be stretched there: this stops a flood of such branches.
   * Beyond it a header needs a chain of more work than the heaviest, so that no flood keeps out the
   * chain that deserves to be followed.
   */
  public static final int MAX_SIDE_HEADERS = 100_000;

  /** Forks that leave the heaviest chain not further down are always taken: their work is dear. */
  public static final int NEAR_FORK_BLOCKS = 1_000;

  /** Leaves room for more headers above it than any chain has. */
  public static final int MAX_START = 2_000_000_000;

  /** For {@link #accept(BlockHeader, long, Work)}: to be taken however full the tree is. */
  public static final Work ALL_WORK = Work.ofWords(-1, -1, -1, -1);

  private final ChainParams params;
  private final HeaderNode root;
  private final HeaderRules rules;
  private final int maxSideHeaders;

  /**
   * The hash map of the JDK that stays fast under chosen keys: its long chains are trees over
   * comparable keys.
   */
  private final Map<Hash256, HeaderNode> nodes = new ConcurrentHashMap<>();

  private final BranchTips tips;
  private final Checkpoints checkpoints;

  private @Nullable HeaderNode highestCheckpoint;
  private int size = 1;
  private long unchecked;

  private HeaderTree(ChainParams params, BlockHeader rootHeader, int height, int maxSideHeaders) {
    this.params = params;
    this.maxSideHeaders = maxSideHeaders;
    Work claimed = ProofOfWork.under(params.work().limit()).work(rootHeader.bits());
    this.root = HeaderNode.root(rootHeader, height, claimed);
    this.rules = new HeaderRules(params, root);
    this.tips = new BranchTips(root);
    nodes.put(root.hash(), root);
    this.checkpoints = new Checkpoints(params.checkpoints());
    root.setBody(0);
  }

  /** The tree of a network, with nothing but its genesis. */
  public static HeaderTree of(ChainParams params) {
    return withRoom(params, MAX_SIDE_HEADERS);
  }

  /** A tree that takes fewer side headers than {@link #MAX_SIDE_HEADERS}. */
  static HeaderTree withRoom(ChainParams params, int maxSideHeaders) {
    return new HeaderTree(params, params.genesis().header(), 0, maxSideHeaders);
  }

  /**
   * A tree that grows from a header which is taken at its word.
   *
   * @param height its height, 1 to {@link #MAX_START}
   * @throws IllegalArgumentException if its bits are no target, or the network has a checkpoint at
   *     the height and this is not it
   */
  public static HeaderTree startingAt(ChainParams params, BlockHeader trusted, int height) {
    if (height < 1 || height > MAX_START) {
      throw new IllegalArgumentException(
          "a trusted start lies at 1.." + MAX_START + ", not at " + height);
    }
    Hash256 demanded = params.checkpoints().getOrDefault(height, trusted.hash());
    if (!demanded.equals(trusted.hash())) {
      throw new IllegalArgumentException(
          "trusted start " + trusted.hash() + " where the checkpoint is " + demanded);
    }
    return new HeaderTree(params, trusted, height, MAX_SIDE_HEADERS);
  }

  public ChainParams params() {
    return params;
  }

  public HeaderNode root() {
    return root;
  }

  /** How many headers there are, the root among them. */
  public int size() {
    return size;
  }

  /** The end of the chain of most work that is not known to be invalid; of equal work the first. */
  public HeaderNode heaviest() {
    return tips.heaviest();
  }

  /** How many headers have no child. */
  public int branchTips() {
    return tips.count();
  }

  /**
   * How many branches beside a chain ended lately: headers without child that are not known to be
   * invalid, are neither on the chain nor above its end, and stand above the last so many blocks
   * below that.
   *
   * @param chainTip where the chain ends
   */
  public int forks(HeaderNode chainTip, int windowBlocks) {
    return tips.forks(chainTip, windowBlocks);
  }

  /**
   * How many headers' difficulty could not be judged because the rule looks below a trusted start.
   */
  public long unchecked() {
    return unchecked;
  }

  public Optional<HeaderNode> find(Hash256 hash) {
    return Optional.ofNullable(nodes.get(hash));
  }

  /**
   * Judges a header and takes it in.
   *
   * @param nowSeconds the node's clock, Unix seconds
   */
  public HeaderOutcome accept(BlockHeader header, long nowSeconds) {
    return accept(header, nowSeconds, Work.ZERO);
  }

  /**
   * Judges a header of a chain that is longer, and takes it in. The first headers of a heavier
   * chain that forks far down have little work by themselves; what is known of its end keeps them
   * from being refused as a flood.
   *
   * @param nowSeconds the node's clock, Unix seconds
   * @param shown the work that was seen of the whole chain; {@link Work#ZERO} if nothing was
   */
  public HeaderOutcome accept(BlockHeader header, long nowSeconds, Work shown) {
    // Most headers continue the heaviest chain. They need no look into the map: what would be below
    // its end is not there.
    HeaderNode end = heaviest();
    boolean continues = header.previous().equals(end.hash());
    HeaderNode known = continues && !end.hasChild() ? null : nodes.get(header.hash());
    if (known != null) {
      return known.isInvalid()
          ? refused(RejectionCode.KNOWN_INVALID, "header was refused before")
          : new HeaderOutcome.Known(known);
    }
    Rejection workless = rules.checkWork(header);
    if (workless != null) {
      return new HeaderOutcome.Refused(workless);
    }
    HeaderNode parent = continues ? end : nodes.get(header.previous());
    if (parent == null) {
      return new HeaderOutcome.Unconnected(header.previous());
    }
    if (parent.isInvalid()) {
      return refused(RejectionCode.INVALID_PARENT, "parent " + header.previous() + " is invalid");
    }
    OptionalInt required = rules.requiredBits(header, parent);
    Rejection unfit = rules.checkPlace(header, required, parent, nowSeconds);
    if (unfit == null) {
      unfit = checkRoom(header, parent, shown);
    }
    if (unfit == null) {
      unfit = checkCheckpoints(header, parent.height() + 1);
    }
    if (unfit != null) {
      return new HeaderOutcome.Refused(unfit);
    }
    unchecked += required.isEmpty() ? 1 : 0;
    return new HeaderOutcome.Added(add(header, parent));
  }

  /**
   * Whether a header has the work that it claims, and claims enough; empty if so. Changes nothing.
   */
  public Optional<Rejection> checkProofOfWork(BlockHeader header) {
    return Optional.ofNullable(rules.checkWork(header));
  }

  private @Nullable Rejection checkRoom(BlockHeader header, HeaderNode parent, Work shown) {
    return isFloodedBy(header, parent, shown)
        ? Rejection.of(
            RejectionCode.TOO_MANY_HEADERS,
            "more than " + maxSideHeaders + " headers off the heaviest chain")
        : null;
  }

  private @Nullable Rejection checkCheckpoints(BlockHeader header, int height) {
    Hash256 demanded = checkpoints.at(height);
    if (demanded != null && !demanded.equals(header.hash())) {
      return Rejection.of(
          RejectionCode.CHECKPOINT_MISMATCH, "height " + height + " must be " + demanded);
    }
    if (highestCheckpoint != null && height <= highestCheckpoint.height()) {
      return Rejection.of(
          RejectionCode.FORK_BEFORE_CHECKPOINT,
          "forks at height " + height + ", below the checkpoint " + highestCheckpoint.height());
    }
    return null;
  }

  /** Whether there are as many side headers as are taken wherever they fork. */
  public boolean isFull() {
    return size - 1 - (heaviest().height() - root.height()) >= maxSideHeaders;
  }

  /** Whether there are too many side headers for one that neither is heaviest nor forks near it. */
  private boolean isFloodedBy(BlockHeader header, HeaderNode parent, Work shown) {
    if (!isFull() || forksNear(heaviest(), parent)) {
      return false;
    }
    Work most = heaviest().chainWork();
    Work work = parent.chainWork().plus(rules.work(header));
    return work.compareTo(most) <= 0 && shown.compareTo(most) <= 0;
  }

  /**
   * Whether what stands on a header leaves a chain at most {@link #NEAR_FORK_BLOCKS} below its end,
   * or continues it.
   */
  public static boolean forksNear(HeaderNode end, HeaderNode parent) {
    HeaderNode fork = end.forkWith(parent);
    return fork != null && end.height() - fork.height() <= NEAR_FORK_BLOCKS;
  }

  /**
   * The work of the chain that a run of headers ends, as far as the headers follow each other and
   * have the work that they claim. Changes nothing.
   *
   * @return zero if the first header's parent is not known
   */
  public Work workOf(List<BlockHeader> run) {
    Work work = Work.ZERO;
    Hash256 last = Hash256.ZERO;
    for (BlockHeader header : run) {
      HeaderNode parent = nodes.get(header.previous());
      boolean isConnected = parent != null || header.previous().equals(last);
      if (!isConnected || rules.checkWork(header) != null) {
        return work;
      }
      Work below = parent == null ? work : parent.chainWork();
      work = below.plus(rules.work(header));
      last = header.hash();
    }
    return work;
  }

  private HeaderNode add(BlockHeader header, HeaderNode parent) {
    HeaderNode node = parent.child(header, rules.work(header), size);
    size++;
    node.nextSibling = parent.firstChild;
    parent.firstChild = node;
    nodes.put(node.hash(), node);
    tips.added(node, parent);
    if (checkpoints.at(node.height()) != null) {
      highestCheckpoint = node;
    }
    return node;
  }

  /**
   * Takes back headers that were just added, newest first, because they could not be made durable.
   *
   * @throws IllegalArgumentException if the node is not the newest
   */
  public void takeBack(HeaderNode newest) {
    HeaderNode parent = newest.parent();
    if (newest.index() != size - 1 || parent == null || parent.firstChild != newest) {
      throw new IllegalArgumentException("not the newest: " + newest);
    }
    if (rules.requiredBits(newest.header(), parent).isEmpty()) {
      unchecked--;
    }
    boolean wasHeaviest = newest == heaviest();
    nodes.remove(newest.hash());
    parent.firstChild = newest.nextSibling;
    size--;
    tips.removed(newest, parent);
    if (highestCheckpoint == newest) {
      highestCheckpoint = checkpointBelow(parent);
    }
    if (wasHeaviest) {
      findHeaviest();
    }
  }

  /** Looks at all headers: only after one was taken back or marked, which is rare. */
  private void findHeaviest() {
    HeaderNode best = root;
    for (HeaderNode node : nodes.values()) {
      int byWork = node.chainWork().compareTo(best.chainWork());
      boolean isFirst = byWork == 0 && node.index() < best.index();
      if (!node.isInvalid() && (byWork > 0 || isFirst)) {
        best = node;
      }
    }
    tips.become(best);
  }

  private @Nullable HeaderNode checkpointBelow(HeaderNode node) {
    return params.checkpoints().headMap(node.height() + 1).isEmpty()
        ? null
        : node.ancestor(params.checkpoints().headMap(node.height() + 1).lastKey());
  }

  /** A node broke a rule: it and all its descendants are invalid. */
  void markInvalid(HeaderNode node) {
    node.setInvalid();
    Descendants.forEach(node, HeaderNode::setInvalidAncestor);
    findHeaviest();
  }

  /** The host refuses a node: it and all its descendants are invalid until reconsidered. */
  void markInvalidatedByHost(HeaderNode node) {
    node.setInvalidatedByHost();
    Descendants.forEach(node, HeaderNode::setInvalidAncestor);
    findHeaviest();
  }

  /**
   * Forgets what was held against a node, its ancestors and its descendants. Other branches that
   * were invalid only because of one of those ancestors are valid again too; what broke a rule of
   * its own elsewhere stays invalid.
   *
   * @param cleared told of every node that lost a mark of its own
   */
  void clearInvalid(HeaderNode node, Consumer<HeaderNode> cleared) {
    HeaderNode top = node;
    for (HeaderNode up = node; up != null && up.isInvalid(); up = up.parent()) {
      top = up;
    }
    HeaderNode lowest = top;
    clearMarks(lowest, cleared);
    // Parents come before their children, so a parent's state is final when its child is looked at.
    Descendants.forEach(
        lowest,
        at -> {
          HeaderNode parent = at.parent();
          if (node.descendsFrom(at) || at.descendsFrom(node)) {
            clearMarks(at, cleared);
          } else if (parent != null && !parent.isInvalid()) {
            at.clearInvalidAncestor();
          }
        });
    findHeaviest();
  }

  /** The nodes whose own marks {@link #clearInvalid} would clear. */
  List<HeaderNode> markedAround(HeaderNode node) {
    List<HeaderNode> marked = new ArrayList<>();
    Consumer<HeaderNode> collect =
        at -> {
          if (at.brokeRule() || at.isInvalidatedByHost()) {
            marked.add(at);
          }
        };
    for (HeaderNode up = node; up != null && up.isInvalid(); up = up.parent()) {
      collect.accept(up);
    }
    Descendants.forEach(node, collect);
    return marked;
  }

  private static void clearMarks(HeaderNode node, Consumer<HeaderNode> cleared) {
    boolean hadMark = node.brokeRule() || node.isInvalidatedByHost();
    node.clearInvalid();
    if (hadMark) {
      cleared.accept(node);
    }
  }

  private static HeaderOutcome refused(RejectionCode code, String detail) {
    return new HeaderOutcome.Refused(Rejection.of(code, detail));
  }
}
