package org.chaincore.sync.protocol;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.PartialMerkleTree;
import org.chaincore.core.block.Transaction;
import org.chaincore.sync.filter.BloomFilter;
import org.chaincore.sync.message.FilterAdd;
import org.chaincore.sync.message.FilterLoad;
import org.chaincore.sync.message.MerkleBlock;
import org.chaincore.sync.message.TransactionMessage;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.peer.Services;
import org.jspecify.annotations.Nullable;

/**
 * Serves peers that want to hear only of what matches a filter of theirs. Off unless the node
 * offers {@link Services#BLOOM}; then whoever sends a filter all the same is cut.
 *
 * <p>A peer with a filter is told of the transactions that match it, and gets of a block what
 * matches, with the proof that it is in it. A filter costs its peer's share of memory, at most
 * {@link BloomFilter#MAX_BYTES}; what it costs to look through a block for it is charged as if the
 * whole block had been sent. Sources: BIP37, BIP111.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class FilteredRelay implements Machine {
  private final MachineContext context;
  private final boolean isOffered;
  private final Map<PeerId, BloomFilter> filters = new LinkedHashMap<>();

  /** Who has taken its filter away, and wants all. */
  private final Set<PeerId> unfiltered = new LinkedHashSet<>();

  FilteredRelay(MachineContext context) {
    this.context = context;
    this.isOffered =
        Services.hasAll(context.setup().self().description().services(), Services.BLOOM);
  }

  @Override
  public void disconnected(Peer peer, long nowMillis) {
    filters.remove(peer.id());
    unfiltered.remove(peer.id());
  }

  /** From now on the peer is told of what matches this filter. */
  void load(Peer peer, FilterLoad message, long nowMillis) {
    if (mayFilter(peer)) {
      filters.put(peer.id(), message.filter());
      unfiltered.remove(peer.id());
    }
  }

  void add(Peer peer, FilterAdd message, long nowMillis) {
    if (mayFilter(peer)) {
      BloomFilter filter = filters.get(peer.id());
      if (filter == null) {
        context.out().complain(peer.id(), Misbehaviour.BAD_REQUEST, "adds to no filter");
      } else {
        filter.add(message.element());
      }
    }
  }

  /** From now on the peer is told of everything. */
  void clear(Peer peer, long nowMillis) {
    if (mayFilter(peer)) {
      filters.remove(peer.id());
      unfiltered.add(peer.id());
    }
  }

  private boolean mayFilter(Peer peer) {
    if (!isOffered) {
      DisconnectReason.Cause cause = DisconnectReason.Cause.UNSUITABLE;
      context.disconnect(peer, new DisconnectReason(cause, "wants filters, which are not offered"));
    }
    return isOffered;
  }

  /** Whether a peer wants to be told of transactions, of all or some. */
  boolean wantsAny(Peer peer) {
    return peer.facts().options().wantsTransactions()
        || filters.containsKey(peer.id())
        || unfiltered.contains(peer.id());
  }

  /** Whether a peer wants to be told of this transaction. */
  boolean wants(Peer peer, Transaction transaction) {
    BloomFilter filter = filters.get(peer.id());
    return filter == null ? wantsAny(peer) : filter.matches(transaction);
  }

  /**
   * Sends what a block has for the peer's filter: the proof, and behind it the transactions that it
   * proves.
   *
   * @return how many bytes that is to be charged as; 0 if the peer has no filter, and nothing is
   *     sent
   */
  int sendFiltered(Peer peer, Block block, boolean withWitness) {
    @Nullable BloomFilter filter = filters.get(peer.id());
    List<Transaction> all = block.transactions();
    if (filter == null || all.size() > PartialMerkleTree.MAX_TRANSACTIONS) {
      return 0;
    }
    boolean[] isMatch = new boolean[all.size()];
    for (int i = 0; i < isMatch.length; i++) {
      isMatch[i] = filter.matches(all.get(i));
    }
    PartialMerkleTree tree = PartialMerkleTree.of(block.txids(), place -> isMatch[place]);
    context.out().send(peer.id(), new MerkleBlock(block.header(), tree));
    for (int i = 0; i < isMatch.length; i++) {
      if (isMatch[i]) {
        context.out().send(peer.id(), new TransactionMessage(all.get(i), withWitness));
      }
    }
    return block.size();
  }
}
