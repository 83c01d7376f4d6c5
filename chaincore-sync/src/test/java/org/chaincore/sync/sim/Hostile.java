package org.chaincore.sync.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.chaincore.core.block.Block;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.message.GetHeaders;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.Pong;
import org.chaincore.sync.message.Verack;
import org.chaincore.sync.message.Version;
import org.chaincore.sync.peer.NetworkAddress;

/**
 * Somebody who wants to harm the network and knows all of it: it greets as an honest node does, and
 * then each kind does what it is named for. It goes to its victims again whenever it is cut.
 */
abstract class Hostile implements Participant {
  private static final int MAX_WIRES = 40;

  private final World world;
  private final NetworkAddress address;
  private final SplittableRandom random;
  private final List<NetworkAddress> victims = new ArrayList<>();
  private final Map<Wire, Stage> wires = new LinkedHashMap<>();

  /** How far the greeting is. */
  private static final class Stage {
    final boolean isInbound;
    boolean hasHeardVersion;
    boolean isGreeted;

    Stage(boolean isInbound) {
      this.isInbound = isInbound;
    }
  }

  Hostile(World world, int number) {
    this.world = world;
    this.address = Conversation.addressOf(number);
    this.random = world.simulation().newRandom();
  }

  /** Takes part from now on, and acts again and again. */
  void join() {
    simulation().join(this);
    simulation().in(Duration.ofMillis(random.nextInt(1_000)), this::live);
  }

  private void live() {
    for (NetworkAddress victim : victims) {
      boolean isThere = wires.keySet().stream().anyMatch(wire -> wire.remote().equals(victim));
      if (!isThere && wires.size() < MAX_WIRES) {
        simulation().connect(this, victim);
      }
    }
    act();
    simulation().in(Duration.ofMillis(actMillis() + random.nextInt(actMillis())), this::live);
  }

  /** How long it takes between two deeds, at least; at most twice that. */
  int actMillis() {
    return 1_000;
  }

  void attack(NetworkAddress victim) {
    victims.add(victim);
  }

  /** What it does now and then. */
  void act() {}

  /** The greeting is done. */
  void greeted(Wire wire) {}

  /** Something was said after the greeting. */
  void heard(Wire wire, Message message) {}

  SplittableRandom random() {
    return random;
  }

  World world() {
    return world;
  }

  Simulation simulation() {
    return world.simulation();
  }

  /** The best chain that any honest node has. */
  ChainEngine truth() {
    return world.truth();
  }

  Block trueTip() {
    return truth().block(truth().view().tip().hash()).orElseThrow();
  }

  /** The connections whose greeting is done. */
  List<Wire> greetedWires() {
    List<Wire> greeted = new ArrayList<>();
    wires.forEach(
        (wire, stage) -> {
          if (stage.isGreeted) {
            greeted.add(wire);
          }
        });
    return greeted;
  }

  List<Wire> allWires() {
    return List.copyOf(wires.keySet());
  }

  void tellAll(Message message) {
    greetedWires().forEach(wire -> wire.send(message));
  }

  Hash256 randomHash() {
    return Hash256.ofWords(
        random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  /** Answers for headers as an honest node would. */
  void answerTruly(Wire wire, GetHeaders question) {
    ChainView view = truth().view();
    List<HeaderNode> nodes = view.above(view.forkWith(question.locator()), Headers.MAX_HEADERS);
    wire.send(new Headers(nodes.stream().map(HeaderNode::header).toList()));
  }

  @Override
  public NetworkAddress address() {
    return address;
  }

  @Override
  public boolean isReachable() {
    return wires.size() < MAX_WIRES;
  }

  @Override
  public void opened(Wire wire, boolean isInbound) {
    wires.put(wire, new Stage(isInbound));
    if (!isInbound) {
      wire.send(version());
    }
  }

  private Version version() {
    return Greeting.full()
        .withStartHeight(truth().view().height())
        .version(simulation().nowMillis() / 1_000, random.nextLong());
  }

  @Override
  public void failed(NetworkAddress to) {}

  @Override
  public void received(Wire wire, Message message) {
    Stage stage = wires.get(wire);
    if (stage == null) {
      return;
    }
    if (message instanceof Version && !stage.hasHeardVersion) {
      stage.hasHeardVersion = true;
      if (stage.isInbound) {
        wire.send(version());
      }
      Bytes fingerprint = Bytes.of(truth().params().fingerprint().toWire());
      Greeting.full().betweenVersionAndVerack(fingerprint).forEach(wire::send);
      wire.send(new Verack());
    } else if (message instanceof Verack && !stage.isGreeted) {
      stage.isGreeted = true;
      greeted(wire);
    } else if (message instanceof Ping ping) {
      wire.send(new Pong(ping.nonce()));
    } else if (stage.isGreeted) {
      heard(wire, message);
    }
  }

  @Override
  public void closed(Wire wire) {
    wires.remove(wire);
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + " " + address;
  }
}
