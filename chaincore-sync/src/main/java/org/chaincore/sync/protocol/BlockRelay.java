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
 * <p>The last three peers that were first with a block are asked to send the next ones in compact
 * form without being asked (high bandwidth): a block then usually needs no round trip at all. A
 * compact block that several of them send is put together for each sender by itself, so that what
 * one leaves out or makes up is no matter for the others. Sources: BIP130, BIP152.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class BlockRelay implements Machine {
  /** So many peers send us blocks unasked, as BIP152 has it: each more costs a block's bytes. */
  static final int MAX_HIGH_BANDWIDTH = 3;

  /** Announcements of more blocks than this say only where the tip is; source: Bitcoin Core. */
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

  private static final long TRANSACTIONS_TIME_MILLIS = 10_000;

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
    private boolean compactUnasked;

    /** Blocks that its compact form was tried of. */
    private final RecentHashes tried = new RecentHashes(MAX_TRIED);
  }

  /** A block that a peer's compact block is made into. */
  private record Rebuild(HeaderNode node, PartialBlock block) {}

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
    drop(peer, nowMillis);
  }

  /** The peer wants new blocks announced by their headers. */
  void sendHeaders(Peer peer) {
    wish(peer).headers = true;
  }

  /** The peer takes compact blocks, and says whether unasked. */
  void sendCompact(Peer peer, SendCompact message) {
    if (message.version() == WITH_WITNESS) {
      wish(peer).compactUnasked = message.highBandwidth();
    }
  }

  private Wish wish(Peer peer) {
    return wishes.computeIfAbsent(peer.id(), id -> new Wish());
  }

  /** A peer sends a block, in whatever form: whoever is first is worth listening to. */
  void delivered(Peer peer, Hash256 block) {
    deliverers.putIfAbsent(block, peer.id());
    if (deliverers.size() > MAX_DELIVERERS) {
      deliverers.remove(deliverers.keySet().iterator().next());
    }
  }

  /** The chain went on, or elsewhere. */
  void tipChanged(ChainEvent.TipChanged change, long nowMillis) {
    ChainView view = context.engine().view();
    List<HeaderNode> news = new ArrayList<>();
    for (ChainEvent.BlockRef ref : change.connected()) {
      view.onChain(ref.hash()).ifPresent(news::add);
    }
    if (news.isEmpty()) {
      return; // The chain has moved on since; what took its place is told in an event of its own.
    }
    HeaderNode tip = news.get(news.size() - 1);
    PeerId deliverer = deliverers.remove(tip.hash());
    Peer first = deliverer == null ? null : context.peers().find(deliverer);
    if (first != null && first.isEstablished()) {
      preferred(first);
    }
    if (view.heaviestHeader().height() - tip.height() > MAX_HEADERS_TOLD) {
      return; // We are catching up, and have nothing to tell that anybody waits for.
    }
    for (Peer peer : context.peers().established()) {
      if (!peer.knows(tip)) {
        announce(peer, tip, news);
      }
    }
  }

  /** Asks a peer that was first with a block to send blocks unasked, in place of the last such. */
  private void preferred(Peer peer) {
    boolean canCompact = peer.facts().version() >= COMPACT_VERSION;
    if (!canCompact || highBandwidth.contains(peer.id())) {
      return;
    }
    if (highBandwidth.size() >= MAX_HIGH_BANDWIDTH) {
      context.out().send(highBandwidth.removeFirst(), new SendCompact(false, WITH_WITNESS));
    }
    highBandwidth.addLast(peer.id());
    context.out().send(peer.id(), new SendCompact(true, WITH_WITNESS));
  }

  private void announce(Peer peer, HeaderNode tip, List<HeaderNode> news) {
    Wish wish = wish(peer);
    List<HeaderNode> unknown = news.stream().filter(node -> !peer.knows(node)).toList();
    HeaderNode below = unknown.get(0).parent();
    boolean isConnected = below != null && peer.knows(below);
    if (isConnected && wish.compactUnasked && unknown.size() == 1) {
      Optional<CompactBlock> compact = compact(tip.hash());
      if (compact.isPresent()) {
        context.out().send(peer.id(), compact.get());
        peer.toldHeader(tip);
        return;
      }
    }
    if (isConnected && wish.headers && unknown.size() <= MAX_HEADERS_TOLD) {
      List<BlockHeader> told = unknown.stream().map(HeaderNode::header).toList();
      context.out().send(peer.id(), new Headers(told));
      peer.toldHeader(tip);
    } else {
      InventoryItem item = new InventoryItem(InventoryType.BLOCK, tip.hash());
      context.out().send(peer.id(), new Inventory(List.of(item)));
    }
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
    HeaderNode node = headers.announced(peer, message.header(), nowMillis);
    if (node == null || node.hasBody() || node.isInvalid()) {
      return;
    }
    HeaderNode tip = context.engine().view().tip();
    HeaderNode below = node.parent();
    boolean isNear = node.height() <= tip.height() + MAX_AHEAD_BLOCKS;
    boolean isBuildable = below != null && below.hasBody();
    if (!isNear || !isBuildable || senders(node) >= MAX_SENDERS_OF_ONE) {
      return; // Fetched like any other block.
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
    drop(peer, nowMillis);
    if (partial.get().missing().isEmpty()) {
      finish(peer, partial.get().complete(List.of()), nowMillis);
      return;
    }
    rebuilds.put(peer.id(), new Rebuild(node, partial.get()));
    fetch.claim(peer, node, nowMillis);
    context.timers().set(Timer.COMPACT_BLOCK, peer.id(), nowMillis + TRANSACTIONS_TIME_MILLIS);
    context.out().send(peer.id(), new GetBlockTransactions(node.hash(), partial.get().missing()));
  }

  private long senders(HeaderNode node) {
    return rebuilds.values().stream().filter(rebuild -> rebuild.node == node).count();
  }

  void blockTransactions(Peer peer, BlockTransactions message, long nowMillis) {
    Rebuild rebuild = rebuilds.get(peer.id());
    if (rebuild == null || !rebuild.node.hash().equals(message.blockHash())) {
      return; // An answer that was not waited for any more.
    }
    drop(peer, nowMillis);
    if (message.transactions().size() != rebuild.block.missing().size()) {
      context
          .out()
          .complain(
              peer.id(),
              Misbehaviour.BAD_COMPACT_BLOCK,
              message.transactions().size()
                  + " transactions where "
                  + rebuild.block.missing().size()
                  + " were asked for");
      return;
    }
    if (!rebuild.node.hasBody()) {
      finish(peer, rebuild.block.complete(message.transactions()), nowMillis);
    }
  }

  /** A block was put together; where it does not fit its header it is fetched whole. */
  private void finish(Peer peer, Optional<Block> block, long nowMillis) {
    block.ifPresent(
        rebuilt -> {
          delivered(peer, rebuilt.hash());
          fetch.rebuilt(peer, rebuilt, nowMillis);
        });
  }

  /**
   * The transactions that were asked for did not come in time: the block is asked for elsewhere.
   */
  void transactionsMissing(Peer peer, long nowMillis) {
    drop(peer, nowMillis);
  }

  private void drop(Peer peer, long nowMillis) {
    Rebuild rebuild = rebuilds.remove(peer.id());
    if (rebuild != null) {
      context.timers().cancel(Timer.COMPACT_BLOCK, peer.id());
      fetch.release(peer, rebuild.node.hash(), nowMillis);
    }
  }
}
