package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.AddressesV2;
import org.chaincore.sync.message.GetAddresses;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.TimestampedAddress;
import org.chaincore.sync.message.Verack;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.GroupingRule;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.peer.PeerMemory;
import org.chaincore.sync.peer.Services;
import org.chaincore.sync.peer.SlotLimits;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.PeerLimits;
import org.chaincore.sync.settings.SyncTask;
import org.junit.jupiter.api.Test;

/** Whatever peers and the host do, in whatever order: tables stay bounded, and nothing is left. */
final class PeerTablesPropertyTest {
  /** A node, and a medium on which anything happens. */
  private static final class Storm {
    final RandomGenerator random;
    final TestNode node;
    final MachineContext context;
    final Machines machines;
    final SyncProtocol protocol;
    final Map<PeerId, ConnectionKind> open = new LinkedHashMap<>();
    final List<PeerId> cut = new ArrayList<>();
    final Queue<Output.Connect> dialled = new ArrayDeque<>();
    final Bytes fingerprint;
    long nowMillis;
    long nextPeer = 1;
    long wakeAtMillis = Long.MAX_VALUE;

    Storm(RandomGenerator random) {
      this.random = random;
      this.node =
          TestNode.on(ChainFixture.begin(), 1)
              .with(PeerMemory.of(random.nextLong(), GroupingRule.BY_PREFIX));
      this.context = new MachineContext(node.setup());
      this.machines = new Machines(context);
      this.protocol = new SyncProtocol(context, machines);
      this.nowMillis = node.nowMillis();
      this.fingerprint = Bytes.of(context.engine().params().fingerprint().toWire());
    }

    NetworkAddress address() {
      return NetworkAddress.parse(
          "20."
              + random.nextInt(40)
              + ".0."
              + random.nextInt(4)
              + ":"
              + (8333 + random.nextInt(2)));
    }

    void handle(Input input) {
      for (Output output : protocol.handle(input, nowMillis)) {
        if (output instanceof Output.Connect connect) {
          dialled.add(connect);
        } else if (output instanceof Output.Disconnect end) {
          assertThat(open).containsKey(end.peer());
          open.remove(end.peer());
          cut.add(end.peer());
        } else if (output instanceof Output.Send send) {
          assertThat(cut).describedAs("sends %s", send.message()).doesNotContain(send.peer());
        } else if (output instanceof Output.WakeAt wake) {
          wakeAtMillis = wake.atMillis();
        }
      }
    }

    void connect(NetworkAddress address, ConnectionKind kind) {
      PeerId peer = new PeerId(nextPeer++);
      open.put(peer, kind);
      handle(new Input.Connected(peer, address, kind));
      if (random.nextInt(4) > 0) {
        greet(peer);
      }
    }

    void greet(PeerId peer) {
      Greeting greeting = Greeting.full();
      says(peer, greeting.version(nowMillis / 1_000, random.nextLong()));
      greeting.betweenVersionAndVerack(fingerprint).forEach(message -> says(peer, message));
      says(peer, new Verack());
    }

    void says(PeerId peer, Message message) {
      handle(new Input.Received(peer, message, 100));
    }

    void end(PeerId peer) {
      open.remove(peer);
      cut.remove(peer);
      handle(new Input.Disconnected(peer));
    }

    PeerId anybody() {
      List<PeerId> peers = new ArrayList<>(open.keySet());
      peers.addAll(cut);
      return peers.isEmpty() ? new PeerId(9_999_999) : peers.get(random.nextInt(peers.size()));
    }

    void pass(long millis) {
      long until = nowMillis + millis;
      for (int i = 0; i < 1_000 && wakeAtMillis <= until; i++) {
        nowMillis = Math.max(nowMillis, wakeAtMillis);
        wakeAtMillis = Long.MAX_VALUE;
        handle(new Input.Woken());
      }
      nowMillis = until;
    }

    void step() {
      switch (random.nextInt(16)) {
        case 0, 1, 2 -> connect(address(), ConnectionKind.INBOUND);
        case 3, 4, 5 -> answerDial();
        case 6 -> end(anybody());
        case 7 -> says(anybody(), somethingSaid());
        case 8 -> says(anybody(), news());
        case 9 ->
            handle(new Input.Malformed(anybody(), Input.Malformed.Reason.NO_FRAME, "nonsense"));
        case 10 -> handle(new Input.ConnectRequested(address()));
        case 11 -> handle(new Input.DisconnectRequested(anybody()));
        case 12 -> hostJudges();
        case 13 -> changeLimits();
        case 14 ->
            handle(new Input.TaskRequested(anyOf(List.of(SyncTask.values())), random.nextInt(3)));
        default -> pass(random.nextInt(100_000));
      }
      if (random.nextInt(8) == 0 && !cut.isEmpty()) {
        end(cut.get(random.nextInt(cut.size())));
      }
    }

    void answerDial() {
      Output.Connect connect = dialled.poll();
      if (connect == null) {
        connect(address(), anyOf(List.of(ConnectionKind.values()))); // Nobody asked for it.
      } else if (random.nextInt(3) == 0) {
        handle(new Input.ConnectFailed(connect.address(), connect.kind()));
      } else if (random.nextInt(10) > 0) { // A bad transport forgets one in ten.
        connect(connect.address(), connect.kind());
      }
    }

    <T> T anyOf(List<T> all) {
      return all.get(random.nextInt(all.size()));
    }

    Message somethingSaid() {
      return switch (random.nextInt(4)) {
        case 0 -> new Ping(1);
        case 1 -> new GetAddresses();
        case 2 -> new Inventory(List.of(new InventoryItem(InventoryType.WTX, transactionId())));
        default -> new Verack();
      };
    }

    Hash256 transactionId() {
      byte[] bytes = new byte[Hash256.BYTES];
      bytes[0] = (byte) random.nextInt(8);
      return Hash256.ofWire(bytes);
    }

    Message news() {
      long seconds = nowMillis / 1_000;
      long all = Services.NETWORK | Services.WITNESS;
      return new AddressesV2(
          IntStream.range(0, random.nextInt(20))
              .mapToObj(i -> new TimestampedAddress(seconds, all, address()))
              .toList());
    }

    void hostJudges() {
      if (random.nextBoolean()) {
        long until = nowMillis / 1_000 + random.nextInt(100);
        handle(new Input.BanRequested(address(), until));
      } else {
        handle(new Input.ForgiveRequested(address()));
      }
    }

    void changeLimits() {
      int target = 1 + random.nextInt(12);
      PeerLimits limits =
          new PeerLimits(1 + random.nextInt(target), target, target + random.nextInt(12));
      node.setup().settings().useOwn(OperationalSettings.DEFAULT.withPeers(limits));
      handle(new Input.Woken());
    }

    void check() {
      SlotLimits limits = machines.slots.limits();
      for (ConnectionKind kind : ConnectionKind.values()) {
        long stand = open.values().stream().filter(kind::equals).count();
        assertThat(stand).describedAs(kind + " of " + limits).isLessThanOrEqualTo(limits.max(kind));
      }
      assertThat(machines.safety.size()).isLessThanOrEqualTo(open.size());
      assertThat(machines.peerExchange.size()).isLessThanOrEqualTo(open.size());
      assertThat(context.peers().size()).isEqualTo(open.size());
      assertThat(context.peers().endingCount()).isEqualTo(cut.size());
      assertThat(machines.connections.dialsUnderWay())
          .isLessThanOrEqualTo(limits.max(ConnectionKind.MANUAL) + 12 + 1);
      assertThat(machines.connections.manualPeers())
          .isLessThanOrEqualTo(limits.max(ConnectionKind.MANUAL));
      assertThat(machines.connections.restingAddresses())
          .isLessThanOrEqualTo(RestingAddresses.MAX_ADDRESSES);
    }

    void checkNothingIsLeft() {
      while (!open.isEmpty() || !cut.isEmpty()) {
        end(anybody());
      }
      dialled.clear();
      assertThat(machines.safety.size()).isZero();
      assertThat(machines.peerExchange.size()).isZero();
      assertThat(context.peers().size()).isZero();
      assertThat(context.peers().endingCount()).isZero();
      for (ConnectionKind kind : ConnectionKind.values()) {
        int dials = machines.connections.dialsUnderWay();
        assertThat(machines.slots.count(kind)).isLessThanOrEqualTo(dials);
      }
    }
  }

  @Test
  void anything_inAnyOrder_staysBoundedAndLeavesNothing() {
    SeededRun.of(150, 300)
        .check(
            (random, size) -> {
              Storm storm = new Storm(random);
              for (int i = 0; i < size; i++) {
                storm.step();
                storm.check();
              }
              storm.checkNothingIsLeft();
            });
  }
}
