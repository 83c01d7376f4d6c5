package org.chaincore.sync.protocol;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.chaincore.core.block.Block;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerId;

/**
 * Offers blocks of peers to the engine, and says whose fault it is if one is not good.
 *
 * <p><b>Who is to blame.</b> Whoever sends a block vouches for it: a full node validates before it
 * passes on. Three cases differ. A body that does not belong to its header says nothing about the
 * header, so only the sender is blamed and the block is as wanted as before (CVE-2012-2459). A
 * block that was put together from a compact block may be passed on by honest nodes before they
 * have judged it (BIP152), and its short ids may collide: nobody is blamed. And a block that this
 * node refuses for reasons of its own, as one ahead of its clock or one side block too many, is
 * nobody's fault.
 *
 * <p>An orphan is judged when its parent comes; so its sender is remembered until then.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class BlockArrivals {
  /** As many orphans as the engine keeps by default; a flood of orphans pushes out the oldest. */
  static final int MAX_REMEMBERED_SENDERS = 100;

  private final MachineContext context;
  private final Map<Hash256, PeerId> orphanSenders = new LinkedHashMap<>();

  BlockArrivals(MachineContext context) {
    this.context = context;
  }

  /** A block as a peer sent it. */
  Arrival offer(PeerId from, Block block, long nowMillis) {
    return offer(from, block, false, nowMillis);
  }

  /** A block that was put together from a peer's compact block. */
  Arrival offerRebuilt(PeerId from, Block block, long nowMillis) {
    return offer(from, block, true, nowMillis);
  }

  private Arrival offer(PeerId from, Block block, boolean isRebuilt, long nowMillis) {
    BlockOutcome outcome = context.engine().accept(block, from.value(), context.seconds(nowMillis));
    if (outcome instanceof BlockOutcome.Accepted accepted) {
      Peer peer = context.peers().find(from);
      if (peer != null && accepted.isOnChain()) {
        peer.broughtBlock(nowMillis);
      }
      return accepted.isOnChain() ? Arrival.CONNECTED : Arrival.ASIDE;
    } else if (outcome instanceof BlockOutcome.Orphaned orphaned) {
      if (orphaned.isKept()) {
        rememberSender(block.hash(), from);
      }
      return Arrival.ORPHANED;
    } else if (outcome instanceof BlockOutcome.Rejected rejected) {
      return refused(from, block, rejected.rejection(), isRebuilt);
    }
    return Arrival.KNOWN;
  }

  private Arrival refused(PeerId from, Block block, Rejection rejection, boolean isRebuilt) {
    context.out().emit(new SyncEvent.BlockRefused(from, block.hash(), rejection));
    Arrival arrival = meaning(rejection);
    if (arrival == Arrival.UNWANTED || isRebuilt) {
      return arrival;
    }
    Misbehaviour fault =
        arrival == Arrival.MUTATED ? Misbehaviour.MUTATED_BLOCK : Misbehaviour.INVALID_BLOCK;
    context.out().complain(from, fault, "block " + block.hash() + ": " + rejection);
    return arrival;
  }

  private static Arrival meaning(Rejection rejection) {
    return switch (rejection.code()) {
      case TIME_TOO_NEW, TOO_MANY_HEADERS, SIDE_BLOCK_REFUSED, BODIES_NOT_JUDGED ->
          Arrival.UNWANTED;
      default -> rejection.code().blamesBodyOnly() ? Arrival.MUTATED : Arrival.INVALID;
    };
  }

  private void rememberSender(Hash256 orphan, PeerId from) {
    orphanSenders.putIfAbsent(orphan, from);
    if (orphanSenders.size() > MAX_REMEMBERED_SENDERS) {
      Iterator<Hash256> oldest = orphanSenders.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  /** An orphan was judged, or whatever else was refused. */
  void refused(ChainEvent.BlockRejected event) {
    PeerId from = orphanSenders.remove(event.hash());
    if (from == null) {
      return;
    }
    context.out().emit(new SyncEvent.BlockRefused(from, event.hash(), event.rejection()));
    Arrival arrival = meaning(event.rejection());
    if (arrival == Arrival.MUTATED || arrival == Arrival.INVALID) {
      Misbehaviour fault =
          arrival == Arrival.MUTATED ? Misbehaviour.MUTATED_BLOCK : Misbehaviour.INVALID_BLOCK;
      String detail = "orphan " + event.hash() + ": " + event.rejection();
      context.out().complain(from, fault, detail);
    }
  }

  /** An orphan was judged, whatever came of it. */
  void recovered(ChainEvent.OrphanRecovered event) {
    orphanSenders.remove(event.hash());
  }

  /** Nothing that the peer sent is to be held against anybody any more. */
  void disconnected(PeerId peer) {
    orphanSenders.values().removeIf(peer::equals);
  }

  int rememberedSenders() {
    return orphanSenders.size();
  }
}
