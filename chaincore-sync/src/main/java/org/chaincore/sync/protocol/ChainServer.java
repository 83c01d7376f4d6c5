package org.chaincore.sync.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.BlockTransactions;
import org.chaincore.sync.message.CompactBlock;
import org.chaincore.sync.message.GetBlockTransactions;
import org.chaincore.sync.message.GetBlocks;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.GetHeaders;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.NotFound;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.Pong;
import org.chaincore.sync.message.TransactionMessage;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Answers what peers ask of our chain and our mempool, in the order in which they asked, and no
 * faster than they read.
 *
 * <p>What has many answers, and what is asked behind it, waits in a queue of the peer. A piece of
 * it is answered at a time: the rest follows when the peer has read on, or else a moment later, so
 * that one that asks for the whole chain holds up no other.
 *
 * <p>Only the chain and its near past are served: a block that lost long ago is nobody's business,
 * and who asks for one may only want to tell nodes apart by what they have seen.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class ChainServer implements Machine {
  /** Inventory of one answer to getblocks, as in Bitcoin; the asker counts on it. */
  static final int MAX_BLOCKS_TOLD = 500;

  /**
   * What one peer may have asked for and not got, in named things: one full request, and then a
   * little. Who asks for more without reading would fill our memory with requests.
   */
  static final int MAX_WAITING =
      Math.max(InventoryItem.MAX_IN_MESSAGE, CompactBlock.MAX_TRANSACTIONS) + 2_000;

  /** Of what waits so much is sent at a time, in bytes of blocks and transactions. */
  static final int PIECE_BYTES = 512 * 1024;

  /** What an answer takes at least: looking up costs too, also where nothing is found. */
  static final int LEAST_ANSWER_BYTES = InventoryItem.BYTES;

  /** So deep a block is still sent in compact form; deeper ones nobody has the transactions of. */
  static final int COMPACT_DEPTH_BLOCKS = 5;

  /** So deep single transactions of a block are still sent; source of both: BIP152. */
  static final int TRANSACTIONS_DEPTH_BLOCKS = 10;

  /** Blocks off the chain are served if they left it no longer ago than this. */
  static final int STALE_DEPTH_BLOCKS = 100;

  /**
   * What all peers together may have asked for and not got, in named things: some 30 MB. Beyond it
   * the one that waits for most has to go.
   */
  static final int MAX_WAITING_OF_ALL = 8 * MAX_WAITING;

  /** Who asks, and reads so little for so long that nothing more can be sent, has to go. */
  static final long SLOWEST_READING_MILLIS = 90_000;

  /** How long the rest waits if the peer reads as fast as we send. */
  private static final long NEXT_PIECE_MILLIS = 1;

  private static final long NEVER = -1;

  private final MachineContext context;
  private final TransactionTelling transactions;
  private final FilteredRelay filters;

  /** One a peer that has ever asked, until it has gone. */
  private final Map<PeerId, Asked> asked = new LinkedHashMap<>();

  private long weightOfAll;

  /** What a peer waits for. */
  private static final class Asked {
    private final Peer peer;
    private final Deque<Answer> answers = new ArrayDeque<>(2);
    private List<InventoryItem> missing = new ArrayList<>(0);

    /** How many things the answers name. */
    private int weight;

    /** Since when it does not read as fast as it asks. */
    private long stuckSinceMillis = NEVER;

    /** When this block is asked for the peer is told of our tip, so that it asks on. */
    private @Nullable Hash256 lastTold;

    Asked(Peer peer) {
      this.peer = peer;
    }

    boolean isLastTold(Hash256 block) {
      Hash256 last = lastTold;
      return last != null && last.equals(block);
    }
  }

  ChainServer(MachineContext context, TransactionTelling transactions, FilteredRelay filters) {
    this.context = context;
    this.transactions = transactions;
    this.filters = filters;
  }

  @Override
  public void disconnected(Peer peer, long nowMillis) {
    Asked gone = asked.remove(peer.id());
    weightOfAll -= gone == null ? 0 : gone.weight;
  }

  void getHeaders(Peer peer, GetHeaders message, long nowMillis) {
    int weight = 1 + message.locator().hashes().size();
    enqueue(peer, new Answer(weight, () -> answer(peer, message)), nowMillis);
  }

  private int answer(Peer peer, GetHeaders message) {
    ChainView view = context.engine().view();
    List<HeaderNode> nodes;
    if (message.locator().hashes().isEmpty()) {
      nodes = view.find(message.stop()).filter(node -> isServed(view, node)).stream().toList();
    } else {
      HeaderNode fork = view.forkWith(message.locator());
      nodes = upTo(message.stop(), view.above(fork, Headers.MAX_HEADERS));
      // Whoever names a block knows it, and may be told of the next by its header.
      peer.toldHeader(fork);
    }
    if (!nodes.isEmpty()) {
      peer.toldHeader(nodes.get(nodes.size() - 1));
    }
    List<BlockHeader> headers = nodes.stream().map(HeaderNode::header).toList();
    context.out().send(peer.id(), new Headers(headers));
    return headers.size() * BlockHeader.BYTES;
  }

  void getBlocks(Peer peer, GetBlocks message, long nowMillis) {
    int weight = 1 + message.locator().hashes().size();
    enqueue(peer, new Answer(weight, () -> answer(peer, message)), nowMillis);
  }

  private int answer(Peer peer, GetBlocks message) {
    ChainView view = context.engine().view();
    HeaderNode fork = view.forkWith(message.locator());
    List<HeaderNode> nodes = upTo(message.stop(), view.above(fork, MAX_BLOCKS_TOLD));
    if (nodes.isEmpty() || !isGiven(view, nodes.get(0))) {
      return 0;
    }
    List<InventoryItem> items =
        nodes.stream().map(node -> new InventoryItem(InventoryType.BLOCK, node.hash())).toList();
    if (nodes.size() == MAX_BLOCKS_TOLD) {
      of(peer).lastTold = nodes.get(nodes.size() - 1).hash();
    }
    context.out().send(peer.id(), new Inventory(items));
    return items.size() * InventoryItem.BYTES;
  }

  private static List<HeaderNode> upTo(Hash256 stop, List<HeaderNode> nodes) {
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).hash().equals(stop)) {
        return nodes.subList(0, i + 1);
      }
    }
    return nodes;
  }

  void getData(Peer peer, GetData message, long nowMillis) {
    List<InventoryItem> items = message.items();
    Answer answer =
        new Answer(
            items.size() + 1,
            1,
            place -> place < items.size() ? answer(peer, items.get(place)) : tellMissing(peer));
    enqueue(peer, answer, nowMillis);
  }

  void getBlockTransactions(Peer peer, GetBlockTransactions message, long nowMillis) {
    int weight = 1 + message.indexes().size();
    enqueue(peer, new Answer(weight, () -> answer(peer, message)), nowMillis);
  }

  /** A ping is answered behind all that was asked for before it: some peers count on that. */
  void ping(Peer peer, Ping message, long nowMillis) {
    Answer pong =
        new Answer(
            1,
            () -> {
              context.out().send(peer.id(), new Pong(message.nonce()));
              return 0;
            });
    enqueue(peer, pong, nowMillis);
  }

  private void enqueue(Peer peer, Answer answer, long nowMillis) {
    int weight = answer.weight();
    if (mayWait(peer, weight)) {
      Asked waiting = of(peer);
      waiting.answers.add(answer);
      waiting.weight += weight;
      weightOfAll += weight;
      serve(peer, nowMillis);
      if (weightOfAll > MAX_WAITING_OF_ALL) {
        cutWhoWaitsForMost();
      }
    }
  }

  private void cutWhoWaitsForMost() {
    asked.values().stream()
        .max(Comparator.comparingInt(waiting -> waiting.weight))
        .ifPresent(most -> complainOfSlowness(most.peer));
  }

  private void complainOfSlowness(Peer peer) {
    context.out().complain(peer.id(), Misbehaviour.SLOW_READER, "asks more than it reads");
  }

  private boolean mayWait(Peer peer, int weight) {
    boolean may = of(peer).weight + weight <= MAX_WAITING;
    if (!may) {
      context.out().complain(peer.id(), Misbehaviour.FLOOD, "more asked for than can wait");
    }
    return may;
  }

  private Asked of(Peer peer) {
    Asked known = asked.get(peer.id());
    if (known == null) {
      known = new Asked(peer);
      asked.put(peer.id(), known);
    }
    return known;
  }

  /** The peer has read on, or a moment has passed: more may be sent. */
  void serve(Peer peer, long nowMillis) {
    Asked waiting = asked.get(peer.id());
    if (waiting == null) {
      return;
    }
    int sent = 0;
    while (!waiting.answers.isEmpty()) {
      if (peer.queuedBytes() > SyncProtocol.SEND_QUEUE_BYTES) {
        watch(waiting, nowMillis);
        return; // Goes on when the peer has read.
      }
      waiting.stuckSinceMillis = NEVER;
      if (sent >= PIECE_BYTES) {
        context.timers().set(Timer.SERVE, peer.id(), nowMillis + NEXT_PIECE_MILLIS);
        return;
      }
      Answer next = waiting.answers.element();
      waiting.weight -= next.pieceWeight();
      weightOfAll -= next.pieceWeight();
      try {
        sent += Math.max(LEAST_ANSWER_BYTES, next.sendNext());
      } catch (StoreException broken) {
        context.timers().set(Timer.SERVE, peer.id(), nowMillis + NEXT_PIECE_MILLIS);
        throw broken; // What it asked for behind this is answered all the same.
      } finally {
        if (next.isSent()) {
          waiting.answers.remove();
        }
      }
    }
  }

  private void watch(Asked waiting, long nowMillis) {
    if (waiting.stuckSinceMillis == NEVER) {
      waiting.stuckSinceMillis = nowMillis;
    } else if (nowMillis - waiting.stuckSinceMillis >= SLOWEST_READING_MILLIS) {
      complainOfSlowness(waiting.peer);
      return;
    }
    long limit = waiting.stuckSinceMillis + SLOWEST_READING_MILLIS;
    context.timers().set(Timer.SERVE, waiting.peer.id(), limit);
  }

  /** Answers one item; how many bytes that took. */
  private int answer(Peer peer, InventoryItem item) {
    Asked waiting = of(peer);
    int sent;
    try {
      sent = item.type().isBlock() ? sendBlock(peer, item) : sendTransaction(peer, item);
    } catch (StoreException broken) {
      waiting.missing.add(item); // The peer asks somebody else, instead of waiting for us.
      throw broken;
    }
    if (sent == 0) {
      waiting.missing.add(item);
    } else if (waiting.isLastTold(item.hash())) {
      waiting.lastTold = null;
      InventoryItem tip =
          new InventoryItem(InventoryType.BLOCK, context.engine().view().tip().hash());
      context.out().send(peer.id(), new Inventory(List.of(tip)));
    }
    return sent;
  }

  /** What one request asked for and we do not have, in one message. */
  private int tellMissing(Peer peer) {
    Asked waiting = of(peer);
    if (!waiting.missing.isEmpty()) {
      context.out().send(peer.id(), new NotFound(waiting.missing));
      waiting.missing = new ArrayList<>(0);
    }
    return 0;
  }

  private int sendTransaction(Peer peer, InventoryItem item) {
    Optional<Transaction> found =
        item.type().isTransaction() ? transactions.find(peer, item.hash()) : Optional.empty();
    if (found.isEmpty()) {
      return 0;
    }
    context.out().send(peer.id(), new TransactionMessage(found.get(), item.type().isWithWitness()));
    return found.get().size();
  }

  private int sendBlock(Peer peer, InventoryItem item) {
    ChainView view = context.engine().view();
    HeaderNode node = view.find(item.hash()).filter(found -> isGiven(view, found)).orElse(null);
    Block block = node == null ? null : context.engine().block(item.hash()).orElse(null);
    if (node == null || block == null) {
      return 0;
    }
    peer.toldHeader(node);
    InventoryType type = item.type();
    boolean isRecent = view.height() - node.height() <= COMPACT_DEPTH_BLOCKS;
    if (type.equals(InventoryType.COMPACT_BLOCK) && isRecent) {
      // The key comes from header and nonce, so without a nonce too nobody knows it before the
      // block is mined, when its transactions can be chosen no more.
      CompactBlock compact = CompactBlock.of(block, 0);
      context.out().send(peer.id(), compact);
      return block.size();
    }
    if (type.equals(InventoryType.FILTERED_BLOCK)
        || type.equals(InventoryType.WITNESS_FILTERED_BLOCK)) {
      return filters.sendFiltered(peer, block, type.isWithWitness());
    }
    context.out().send(peer.id(), new BlockMessage(block, type.isWithWitness()));
    return block.size();
  }

  /** Whether the block itself may be had from us, and not its header alone. */
  private boolean isGiven(ChainView view, HeaderNode node) {
    return isServed(view, node) && LimitedService.gives(context.services(), view, node);
  }

  private static boolean isServed(ChainView view, HeaderNode node) {
    boolean isOnChain = view.tip().descendsFrom(node);
    boolean isRecent = view.height() - node.height() <= STALE_DEPTH_BLOCKS;
    return isOnChain || (isRecent && !node.isInvalid());
  }

  private int answer(Peer peer, GetBlockTransactions message) {
    ChainView view = context.engine().view();
    HeaderNode node =
        view.find(message.blockHash()).filter(found -> isGiven(view, found)).orElse(null);
    Block block = node == null ? null : context.engine().block(message.blockHash()).orElse(null);
    if (node == null || block == null) {
      return 0;
    }
    List<Transaction> all = block.transactions();
    List<Integer> places = message.indexes();
    if (!places.isEmpty() && places.get(places.size() - 1) >= all.size()) {
      context
          .out()
          .complain(peer.id(), Misbehaviour.BAD_REQUEST, "place beyond the end of a block");
      return 0;
    }
    if (view.height() - node.height() > TRANSACTIONS_DEPTH_BLOCKS) {
      context.out().send(peer.id(), new BlockMessage(block, true));
      return block.size();
    }
    List<Transaction> wanted = places.stream().map(all::get).toList();
    context.out().send(peer.id(), new BlockTransactions(block.hash(), wanted));
    return block.size(); // All of it was read for them.
  }
}
