package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerId;

/** A node with a few blocks, and peers that have its chain. Not thread-safe. */
final class RelayStage {
  /** Up to here a block may pay what the fixture's blocks pay. */
  private static final int FULL_REWARDS = 900;

  final ChainFixture chain;
  final Conversation talk;

  private RelayStage(ChainFixture chain, TestNode node) {
    this.chain = chain;
    this.talk = node.converse();
  }

  /** A node with this many blocks. */
  static RelayStage withBlocks(int blocks) {
    ChainFixture chain = ChainFixture.begin();
    chain.mine(Math.min(blocks, FULL_REWARDS));
    for (int i = FULL_REWARDS; i < blocks; i++) {
      chain.deliver(chain.draftOn(chain.tip()).reward(1).make());
    }
    return new RelayStage(chain, TestNode.on(chain, 1));
  }

  /** A node that was made otherwise. */
  static RelayStage of(TestNode node) {
    return new RelayStage(node.chain(), node);
  }

  /** A peer without extensions that has shown that it has our tip. */
  PeerId peer(String name, ConnectionKind kind) {
    return peer(name, kind, Greeting.plain());
  }

  PeerId peer(String name, ConnectionKind kind, Greeting greeting) {
    PeerId peer = talk.greets(name, kind, greeting);
    talk.says(peer, headers(chain.tip()));
    forget();
    return peer;
  }

  /** Forgets what was said so far. */
  void forget() {
    talk.transcript();
    talk.others();
  }

  static Headers headers(Block... blocks) {
    return headers(Arrays.asList(blocks));
  }

  static Headers headers(List<Block> blocks) {
    return new Headers(blocks.stream().map(Block::header).toList());
  }

  /** What was said since this was asked last, of these commands and of cut connections only. */
  String said(String... commands) {
    List<String> wanted = new ArrayList<>(List.of(commands));
    wanted.add("cut");
    return talk.transcript()
        .lines()
        .filter(line -> wanted.stream().anyMatch(word -> line.matches(".* " + word + "( .*|$)")))
        .map(line -> line.strip() + "\n")
        .collect(Collectors.joining());
  }

  /** The blocks and transactions that the node asks a peer for. */
  List<Hash256> askedOf(PeerId peer) {
    List<Hash256> hashes = new ArrayList<>();
    for (Message message : talk.heardBy(peer)) {
      if (message instanceof GetData request) {
        request.items().stream().map(InventoryItem::hash).forEach(hashes::add);
      }
    }
    return hashes;
  }

  /** What peers were blamed for since this was asked last. */
  List<Misbehaviour> faults() {
    List<Misbehaviour> faults = new ArrayList<>();
    for (Output output : talk.others()) {
      if (output instanceof Output.Emit emit
          && emit.event() instanceof SyncEvent.PeerMisbehaved fault) {
        faults.add(fault.misbehaviour());
      }
    }
    return faults;
  }

  /** A payment of a coin of its own, not offered. */
  Transaction payment() {
    return chain.pay(chain.coin(), ChainFixture.REWARD - 1_000);
  }

  /** The node is woken, as after something that a host did. */
  void wake() {
    talk.happens(new Input.Woken());
  }

  Hash256 tip() {
    return chain.engine().view().tip().hash();
  }
}
