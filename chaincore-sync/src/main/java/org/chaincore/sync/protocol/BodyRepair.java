package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chaincore.core.block.Block;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.engine.RepairOutcome;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Has peers send again the blocks whose bodies our store has damaged: a few at a time, one peer
 * each, another one the next time. The engine holds what comes against the header and the rules of
 * a block before the store takes it.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class BodyRepair implements Machine {
  /** A store that is broken everywhere is no reason to download the chain in one go. */
  static final int MAX_ASKED = 16;

  private final MachineContext context;
  private final Map<PeerId, Peer> sources = new LinkedHashMap<>();

  /** What was asked for since it was looked last, and of whom. */
  private final Map<Hash256, PeerId> asked = new LinkedHashMap<>();

  /** Who was asked for a block and did not deliver; bounded by the damaged ones and the peers. */
  private final Map<Hash256, Set<PeerId>> askedInVain = new LinkedHashMap<>();

  BodyRepair(MachineContext context) {
    this.context = context;
  }

  @Override
  public void established(Peer peer, long nowMillis) {
    if (peer.facts().servesBlocks() && peer.facts().servesWitness()) {
      sources.put(peer.id(), peer);
    }
  }

  @Override
  public void disconnected(Peer peer, long nowMillis) {
    sources.remove(peer.id());
    asked.values().removeIf(peer.id()::equals);
    askedInVain.values().forEach(peers -> peers.remove(peer.id()));
  }

  /** Asks for what is damaged; to be called now and then. */
  void ask() {
    asked.forEach(
        (block, peer) -> askedInVain.computeIfAbsent(block, b -> new LinkedHashSet<>()).add(peer));
    asked.clear();
    Set<Hash256> damaged = context.engine().damagedBlocks();
    askedInVain.keySet().retainAll(damaged);
    Map<PeerId, List<InventoryItem>> requests = new LinkedHashMap<>();
    for (Hash256 block : damaged) {
      if (asked.size() >= MAX_ASKED) {
        break;
      }
      Peer source = source(block);
      if (source != null) {
        asked.put(block, source.id());
        requests
            .computeIfAbsent(source.id(), peer -> new ArrayList<>())
            .add(new InventoryItem(InventoryType.WITNESS_BLOCK, block));
      }
    }
    requests.forEach((peer, items) -> context.out().send(peer, new GetData(items)));
  }

  private @Nullable Peer source(Hash256 block) {
    HeaderNode node = context.engine().view().find(block).orElse(null);
    Set<PeerId> inVain = askedInVain.getOrDefault(block, Set.of());
    for (Peer peer : sources.values()) {
      if (node != null
          && peer.hasShown(node)
          && LimitedService.mayHave(peer, node)
          && !inVain.contains(peer.id())) {
        return peer;
      }
    }
    askedInVain.remove(block); // All were asked: the next time they are asked once more.
    return null;
  }

  /** A block came; whether it was one that this peer was asked for. */
  boolean received(Peer peer, Block block) {
    if (!asked.remove(block.hash(), peer.id())) {
      return false;
    }
    RepairOutcome outcome = context.engine().repair(block);
    if (outcome instanceof RepairOutcome.Rejected wrong) {
      askedInVain.computeIfAbsent(block.hash(), b -> new LinkedHashSet<>()).add(peer.id());
      context
          .out()
          .complain(
              peer.id(),
              Misbehaviour.MUTATED_BLOCK,
              "block " + block.hash() + ": " + wrong.rejection());
    } else {
      askedInVain.remove(block.hash());
    }
    return true;
  }
}
