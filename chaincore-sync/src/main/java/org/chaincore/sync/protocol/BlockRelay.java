package org.chaincore.sync.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.mempool.MempoolEntry;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.BlockTransactions;
import org.chaincore.sync.message.CompactBlock;
import org.chaincore.sync.message.GetBlockTransactions;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.SendCompact;
import org.chaincore.sync.message.SendHeaders;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Tells peers of new blocks, each in the way that it wants: by compact blocks, by headers or by
 * inv; and takes in compact blocks.
 *
 * <p>The last three peers that were first to bring a block are asked to send the next ones in
 * compact form without being asked (high bandwidth): a block then usually needs no round trip at
 * all. One of them is a peer that we chose where we have one, so that those who connect to us
 * cannot have all three places.
 *
 * <p><b>Taking in.</b> A compact block that several peers send is put together for each by itself,
 * so that what one leaves out or makes up is no matter for the others. Only one that would give us
 * a better chain is looked at, and each peer's only once: a block that could not be put together is
 * fetched whole. Whoever is first may be asked for what is missing, whoever it is; only those that
 * we asked for compact blocks may be asked beside it, and the last of them is one that we chose. So
 * peers that send compact blocks and then fall silent hold up a block for as long as any silent
 * peer could, and no longer; and their next ones are not put together for a while.
 *
 * <p>A single new block that was announced otherwise is asked for in compact form too (low
 * bandwidth), by {@link BlockAssignment}.
 *
 * <p>Sources: BIP130, BIP152.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class BlockRelay implements Machine {
  /** So many peers send us blocks unasked, as BIP152 has it: each more costs a block's bytes. */
  static final int MAX_HIGH_BANDWIDTH = 3;

  /**
   * Announcements of more blocks than this say only where the tip is; and whose chain is further
   * behind than this, and comes nearer, has nothing to tell yet. But headers whose blocks nobody
   * serves, or of a chain that is not followed, must not silence us. Source: Bitcoin Core.
   */
  static final int MAX_HEADERS_TOLD = 8;

  /** So many senders put together the same block at the same time; more is wasted bandwidth. */
  static final int MAX_SENDERS_OF_ONE = 3;

  /** So far above our tip a compact block may be: the mempool is of no use for others. */
  static final int MAX_AHEAD_BLOCKS = 2;

  /** Who delivered the last blocks; more are never new. */
  private static final int MAX_DELIVERERS = 64;

  /** Compact blocks of one peer that are remembered; more are never near the tip at a time. */
  private static final int MAX_TRIED = 16;

  /** Peers of an earlier version do not know sendheaders (BIP130). */
  private static final int SENDHEADERS_VERSION = 70_012;

  /** Peers of an earlier version do not know compact blocks (BIP152). */
  private static final int COMPACT_VERSION = 70_014;

  /** The compact form with witnesses. */
  private static final long WITH_WITNESS = 2;

  /** As long as a silent peer is waited for before another is asked for the whole block. */
  static final long TRANSACTIONS_TIME_MILLIS = BlockAssignment.OVERDUE_MILLIS;

  private final MachineContext context;
  private final HeaderSync headers;
  private final BlockFetch fetch;
  private final SplittableRandom random;
  private final Map<PeerId, Wish> wishes = new LinkedHashMap<>();
  private final Map<PeerId, Rebuild> rebuilds = new LinkedHashMap<>();
  private final Deque<PeerId> highBandwidth = new ArrayDeque<>();
  private final Map<Hash256, PeerId> deliverers = new LinkedHashMap<>();
  private @Nullable CompactBlock lastCompact;

  /** How a peer wants to hear of blocks. */
  private static final class Wish {
    private boolean headers;
    private boolean takesCompact;
    private boolean compactUnasked;

    /** Blocks whose compact form was tried. */
    private final RecentHashes tried = new RecentHashes(MAX_TRIED);
  }

  /**
   * A block that a peer's compact block is made into.
   *
   * @param isClaimed whether the peer counts as one that is asked for the block
   */
  private record Rebuild(HeaderNode node, PartialBlock block, boolean isClaimed) {}

  BlockRelay(MachineContext context, HeaderSync headers, BlockFetch fetch) {
    this.context = context;
    this.headers = headers;
    this.fetch = fetch;
    this.random = context.newRandom();
  }

  @Override
  public void established(Peer peer, long nowMillis) {
    wishes.put(peer.id(), new Wish());
    if (peer.facts().version() >= SENDHEADERS_VERSION) {
      context.out().send(peer.id(), new SendHeaders());
    }
    if (peer.facts().version() >= COMPACT_VERSION) {
      context.out().send(peer.id(), new SendCompact(false, WITH_WITNESS));
    }
  }

  @Override
  public void disconnected(Peer peer, long nowMillis) {
    wishes.remove(peer.id());
    highBandwidth.remove(peer.id());
    drop(peer);
  }

  /** The peer wants new blocks announced by their headers. */
  void sendHeaders(Peer peer) {
    wish(peer).headers = true;
  }

  /** The peer takes compact blocks, and says whether unasked. */
  void sendCompact(Peer peer, SendCompact message) {
    if (message.version() == WITH_WITNESS) {
      wish(peer).takesCompact = true;
      peer.offeredCompact();
      wish(peer).compactUnasked = message.highBandwidth();
    }
  }

  private Wish wish(Peer peer) {
    return wishes.computeIfAbsent(peer.id(), id -> new Wish());
  }

  /** A peer has brought a whole block: if it is good, the first to do so is worth listening to. */
  void delivered(Peer peer, Hash256 block) {
    deliverers.putIfAbsent(block, peer.id());
    if (deliverers.size() > MAX_DELIVERERS) {
      deliverers.remove(deliverers.keySet().iterator().next());
    }
  }

  /** The chain went on, or elsewhere. */
  void tipChanged(ChainEvent.TipChanged change, long nowMillis) {
    ChainView view = context.engine().view();
    HeaderNode tip = view.tip();
    List<ChainEvent.BlockRef> connected = change.connected();
    boolean isLast =
        !connected.isEmpty() && connected.get(connected.size() - 1).hash().equals(tip.hash());
    boolean isBehind = view.heaviestHeader().height() - tip.height() > MAX_HEADERS_TOLD;
    if (!isLast || (isBehind && fetch.isAdvancing(nowMillis))) {
      return; // What follows is told then, or we are catching up and nobody waits for our blocks.
    }
    PeerId deliverer = deliverers.remove(tip.hash());
    Peer first = deliverer == null ? null : context.peers().find(deliverer);
    if (first != null) {
      preferred(first);
    }
    announceToAll(tip);
  }

  /** Events were missed, perhaps the one that told of our tip. */
  void lagged() {
    ChainView view = context.engine().view();
    if (view.heaviestHeader().height() - view.height() <= MAX_HEADERS_TOLD) {
      announceToAll(view.tip());
    }
  }

  private void announceToAll(HeaderNode tip) {
    for (Peer peer : context.peers().established()) {
      if (!peer.knows(tip)) {
        announce(peer, tip);
      }
    }
  }

  /** Asks a peer that was first with a block to send blocks unasked, in place of the last such. */
  private void preferred(Peer peer) {
    if (!wish(peer).takesCompact) {
      return;
    }
    boolean isNew = !highBandwidth.remove(peer.id());
    if (isNew && highBandwidth.size() >= MAX_HIGH_BANDWIDTH) {
      PeerId last = leastPreferred(peer);
      highBandwidth.remove(last);
      context.out().send(last, new SendCompact(false, WITH_WITNESS));
    }
    highBandwidth.addLast(peer.id());
    if (isNew) {
      context.out().send(peer.id(), new SendCompact(true, WITH_WITNESS));
    }
  }

  /**
   * Who was first with a block longest ago; not the only one that we chose for one that we did not.
   */
  private PeerId leastPreferred(Peer newcomer) {
    PeerId oldest = highBandwidth.getFirst();
    boolean isOnlyChosen =
        isChosen(oldest) && highBandwidth.stream().filter(this::isChosen).count() == 1;
    return isOnlyChosen && newcomer.kind().isInbound()
        ? highBandwidth.stream().skip(1).findFirst().orElse(oldest)
        : oldest;
  }

  private boolean isChosen(PeerId id) {
    Peer peer = context.peers().find(id);
    return peer != null && !peer.kind().isInbound();
  }

  private void announce(Peer peer, HeaderNode tip) {
    Wish wish = wish(peer);
    Deque<BlockHeader> unknown = new ArrayDeque<>();
    HeaderNode node = tip;
    while (node != null && !isKnown(peer, node) && unknown.size() <= MAX_HEADERS_TOLD) {
      unknown.addFirst(node.header());
      node = node.parent();
    }
    boolean isConnected = unknown.size() <= MAX_HEADERS_TOLD;
    if (isConnected && wish.compactUnasked && unknown.size() == 1) {
      Optional<CompactBlock> compact = compact(tip.hash());
      if (compact.isPresent()) {
        context.out().send(peer.id(), compact.get());
        peer.toldHeader(tip);
        return;
      }
    }
    if (isConnected && wish.headers) {
      context.out().send(peer.id(), new Headers(List.copyOf(unknown)));
      peer.toldHeader(tip);
    } else {
      InventoryItem item = new InventoryItem(InventoryType.BLOCK, tip.hash());
      context.out().send(peer.id(), new Inventory(List.of(item)));
    }
  }

  /** Genesis is part of the rules: everybody has it. */
  private static boolean isKnown(Peer peer, HeaderNode node) {
    return node.parent() == null || peer.knows(node);
  }

  /** The compact form of a block; the last one is kept, since it goes to many peers. */
  private Optional<CompactBlock> compact(Hash256 hash) {
    CompactBlock last = lastCompact;
    if (last != null && last.header().hash().equals(hash)) {
      return Optional.of(last);
    }
    Optional<CompactBlock> compact =
        context.engine().block(hash).map(block -> CompactBlock.of(block, random.nextLong()));
    compact.ifPresent(made -> lastCompact = made);
    return compact;
  }

  void compactBlock(Peer peer, CompactBlock message, long nowMillis) {
    if (message.transactionCount() == 0) {
      context.out().complain(peer.id(), Misbehaviour.BAD_COMPACT_BLOCK, "no transactions");
      return;
    }
    HeaderNode node = headers.announced(peer, message.header(), nowMillis);
    fetch.cameCompact(peer, message.header().hash());
    boolean isSlow = fetch.isSlow(peer, nowMillis);
    if (node == null || isSlow || !isWanted(node) || !mayRebuild(peer, node)) {
      return; // Not wanted, or fetched like any other block.
    }
    if (!wish(peer).tried.add(node.hash())) {
      return; // Who could try again and again would keep others from being asked.
    }
    List<Transaction> mempool =
        context.engine().mempool().stream().map(MempoolEntry::transaction).toList();
    Optional<PartialBlock> partial = PartialBlock.of(message, mempool);
    if (partial.isEmpty()) {
      return;
    }
    drop(peer);
    if (partial.get().missing().isEmpty()) {
      finish(peer, node, partial.get().complete(List.of()), nowMillis);
      return;
    }
    boolean isClaimed = !fetch.isRequested(node.hash());
    if (isClaimed) {
      fetch.claim(peer, node, nowMillis);
    }
    rebuilds.put(peer.id(), new Rebuild(node, partial.get(), isClaimed));
    context.timers().set(Timer.COMPACT_BLOCK, peer.id(), nowMillis + TRANSACTIONS_TIME_MILLIS);
    context.out().send(peer.id(), new GetBlockTransactions(node.hash(), partial.get().missing()));
  }

  /** Whether a block would make a better chain, and be the next but one at most. */
  private boolean isWanted(HeaderNode node) {
    HeaderNode tip = context.engine().view().tip();
    HeaderNode below = node.parent();
    return isOpen(node)
        && node.chainWork().compareTo(tip.chainWork()) > 0
        && node.height() <= tip.height() + MAX_AHEAD_BLOCKS
        && below != null
        && below.hasBody();
  }

  private static boolean isOpen(HeaderNode node) {
    return !node.hasBody() && !node.isInvalid();
  }

  /** Whether this peer may put together a block, beside those who do already. */
  private boolean mayRebuild(Peer peer, HeaderNode node) {
    List<PeerId> senders = new ArrayList<>();
    rebuilds.forEach(
        (sender, rebuild) -> {
          if (rebuild.node == node) {
            senders.add(sender);
          }
        });
    if (senders.isEmpty()) {
      return true;
    }
    boolean isForChosen =
        senders.size() == MAX_SENDERS_OF_ONE - 1 && senders.stream().noneMatch(this::isChosen);
    return highBandwidth.contains(peer.id())
        && senders.size() < MAX_SENDERS_OF_ONE
        && (!isForChosen || isChosen(peer.id()));
  }

  void blockTransactions(Peer peer, BlockTransactions message, long nowMillis) {
    Rebuild rebuild = rebuilds.get(peer.id());
    if (rebuild == null || !rebuild.node.hash().equals(message.blockHash())) {
      return; // An answer that was not waited for any more.
    }
    drop(peer);
    if (!rebuild.block.isAnsweredBy(message.transactions())) {
      String detail = "transactions that were not asked for in block " + message.blockHash();
      context.out().complain(peer.id(), Misbehaviour.BAD_COMPACT_BLOCK, detail);
    } else if (isOpen(rebuild.node)) {
      finish(peer, rebuild.node, rebuild.block.complete(message.transactions()), nowMillis);
    }
  }

  /** A block was put together; where it does not fit its header it is fetched whole. */
  private void finish(Peer peer, HeaderNode node, Optional<Block> block, long nowMillis) {
    if (block.isPresent() && fetch.rebuilt(peer, block.get(), nowMillis).isNews()) {
      delivered(peer, node.hash());
    }
  }

  /**
   * The transactions that were asked for did not come in time: the block is asked for elsewhere.
   */
  void transactionsMissing(Peer peer, long nowMillis) {
    fetch.fellSilent(peer, nowMillis);
    drop(peer);
  }

  private void drop(Peer peer) {
    Rebuild rebuild = rebuilds.remove(peer.id());
    if (rebuild != null) {
      context.timers().cancel(Timer.COMPACT_BLOCK, peer.id());
      if (rebuild.isClaimed) {
        fetch.release(peer, rebuild.node.hash());
      }
    }
  }

  /** How many compact blocks wait for transactions. */
  int rebuildCount() {
    return rebuilds.size();
  }
}
