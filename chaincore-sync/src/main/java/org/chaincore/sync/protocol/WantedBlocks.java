package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chaincore.core.block.Block;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.peer.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Fetches blocks that the host wants for itself, and that the chain does not need: those below a
 * snapshot, to validate them. What the chain needs is the business of {@link BlockFetch}.
 *
 * <p>A block is asked of one peer at a time. Who does not deliver in time, or has delivered a body
 * that the host wants once more, is asked again only when all others were. Whether a body belongs
 * to its header is for the host to judge.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class WantedBlocks implements Machine {
  /** As many are asked of one peer at a time: what a silent one can hold up. */
  static final int MAX_OF_PEER = 16;

  /** A peer that has not delivered a block for so long is not waited for. */
  static final long PATIENCE_MILLIS = 20_000;

  /** So long after a peer came, or there was nobody to ask, it is tried again. */
  static final long PAUSE_MILLIS = 1_000;

  private static final class Wanted {
    private final HeaderNode node;
    private final Set<PeerId> inVain = new LinkedHashSet<>();
    private @Nullable PeerId asked;
    private long untilMillis;

    Wanted(HeaderNode node) {
      this.node = node;
    }
  }

  private final MachineContext context;
  private final Map<PeerId, Peer> sources = new LinkedHashMap<>();
  private final Map<Hash256, Wanted> wanted = new LinkedHashMap<>();

  /** Who brought the blocks that came last; as many as may be wanted. */
  private final Map<Hash256, PeerId> bringers = new LinkedHashMap<>();

  WantedBlocks(MachineContext context) {
    this.context = context;
  }

  @Override
  public void established(Peer peer, long nowMillis) {
    if (peer.facts().servesBlocks() && peer.facts().servesWitness()) {
      sources.put(peer.id(), peer);
      lookBy(nowMillis + PAUSE_MILLIS);
    }
  }

  @Override
  public void disconnected(Peer peer, long nowMillis) {
    sources.remove(peer.id());
    for (Wanted one : wanted.values()) {
      one.inVain.remove(peer.id());
      if (peer.id().equals(one.asked)) {
        one.asked = null;
      }
    }
    lookBy(nowMillis + PAUSE_MILLIS);
  }

  private void lookBy(long atMillis) {
    if (!wanted.isEmpty()) {
      context.timers().set(Timer.WANTED_BLOCKS, atMillis);
    }
  }

  /** The host wants these now and no others; those without a known header it cannot have. */
  void want(List<Hash256> blocks, long nowMillis) {
    Map<Hash256, Wanted> before = new LinkedHashMap<>(wanted);
    wanted.clear();
    for (Hash256 block : blocks) {
      Wanted known = before.get(block);
      if (known != null) {
        wanted.put(block, known);
      } else {
        context.engine().view().find(block).ifPresent(node -> wanted.put(block, wanting(node)));
      }
    }
    ask(nowMillis);
  }

  private Wanted wanting(HeaderNode node) {
    Wanted wanting = new Wanted(node);
    PeerId bringer = bringers.get(node.hash());
    if (bringer != null) {
      wanting.inVain.add(bringer);
    }
    return wanting;
  }

  /** Asks for what nobody is asked for, or in vain. */
  void ask(long nowMillis) {
    Map<PeerId, Integer> loads = new LinkedHashMap<>();
    for (Wanted one : wanted.values()) {
      PeerId late = one.asked;
      if (late != null && nowMillis >= one.untilMillis) {
        one.inVain.add(late);
        one.asked = null;
      } else if (late != null) {
        loads.merge(late, 1, Integer::sum);
      }
    }
    Map<PeerId, List<InventoryItem>> requests = new LinkedHashMap<>();
    for (Wanted one : wanted.values()) {
      Peer source = one.asked == null ? source(one, loads) : null;
      if (source != null) {
        one.asked = source.id();
        one.untilMillis = nowMillis + PATIENCE_MILLIS;
        loads.merge(source.id(), 1, Integer::sum);
        requests
            .computeIfAbsent(source.id(), peer -> new ArrayList<>())
            .add(new InventoryItem(InventoryType.WITNESS_BLOCK, one.node.hash()));
      }
    }
    requests.forEach((peer, items) -> context.out().send(peer, new GetData(items)));
    long next = nowMillis + PATIENCE_MILLIS;
    for (Wanted one : wanted.values()) {
      next = Math.min(next, one.asked == null ? nowMillis + PAUSE_MILLIS : one.untilMillis);
    }
    lookBy(next);
  }

  /** Who is asked for least of those that may have it. */
  private @Nullable Peer source(Wanted one, Map<PeerId, Integer> loads) {
    Peer best = null;
    int least = MAX_OF_PEER;
    boolean haveAllFailed = true;
    for (Peer peer : sources.values()) {
      if (!peer.hasShown(one.node) || !LimitedService.mayHave(peer, one.node)) {
        continue;
      }
      if (!one.inVain.contains(peer.id())) {
        haveAllFailed = false;
        int load = loads.getOrDefault(peer.id(), 0);
        if (load < least) {
          least = load;
          best = peer;
        }
      }
    }
    if (haveAllFailed) {
      one.inVain.clear(); // The next time they are asked once more.
    }
    return best;
  }

  /** A block came; whether it was one that this peer was asked for here. */
  boolean received(Peer peer, Block block, long nowMillis) {
    Wanted one = wanted.get(block.hash());
    if (one == null || !peer.id().equals(one.asked)) {
      return false;
    }
    wanted.remove(block.hash());
    bringers.put(block.hash(), peer.id());
    if (bringers.size() > Input.BlocksWanted.MAX_BLOCKS) {
      bringers.remove(bringers.keySet().iterator().next());
    }
    context.out().emit(new SyncEvent.BlockFetched(block));
    ask(nowMillis);
    return true;
  }

  /** A peer does not have what it was asked for; whether it was asked for it here. */
  boolean notFound(Peer peer, Hash256 block, long nowMillis) {
    Wanted one = wanted.get(block);
    if (one == null || !peer.id().equals(one.asked)) {
      return false;
    }
    one.untilMillis = nowMillis;
    lookBy(nowMillis + PAUSE_MILLIS);
    return true;
  }
}
