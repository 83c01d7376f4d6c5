package org.chaincore.sync.sim;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.fixture.RandomMessages;
import org.chaincore.sync.message.Addresses;
import org.chaincore.sync.message.AddressesV2;
import org.chaincore.sync.message.BisectionRequest;
import org.chaincore.sync.message.GetAddresses;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.ReconcileDifference;
import org.chaincore.sync.message.ReconcileRequest;
import org.chaincore.sync.message.SketchExtensionRequest;
import org.chaincore.sync.message.SketchMessage;
import org.chaincore.sync.message.TimestampedAddress;
import org.chaincore.sync.peer.AddressNetwork;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.sketch.SketchPart;

/** Those who do harm by how they talk, whatever the chain is. */
final class HostileTalk {
  private HostileTalk() {}

  /** Greets, and never says a word again, not even to a ping. */
  static final class Silent extends Hostile {
    Silent(World world, int number) {
      super(world, number);
    }

    @Override
    public void received(Wire wire, Message message) {
      if (!greetedWires().contains(wire)) {
        super.received(wire, message);
      }
    }
  }

  /** Connects and begins a greeting that it does not end. */
  static final class SlowLoris extends Hostile {
    SlowLoris(World world, int number) {
      super(world, number);
    }

    @Override
    public void opened(Wire wire, boolean isInbound) {
      super.opened(wire, random().nextBoolean() || isInbound);
    }

    @Override
    public void received(Wire wire, Message message) {
      // It is thinking about it.
    }
  }

  /** Connects, greets, goes, and comes again. */
  static final class Reconnector extends Hostile {
    Reconnector(World world, int number) {
      super(world, number);
    }

    @Override
    int actMillis() {
      return 400;
    }

    @Override
    void act() {
      for (Wire wire : allWires()) {
        if (random().nextBoolean()) {
          wire.close();
        }
      }
    }
  }

  /** Says anything at any time, in the greeting too. */
  static final class Babbler extends Hostile {
    private final RandomMessages messages = new RandomMessages(random(), 20);

    Babbler(World world, int number) {
      super(world, number);
    }

    @Override
    int actMillis() {
      return 300;
    }

    @Override
    void act() {
      for (Wire wire : allWires()) {
        wire.send(messages.any());
      }
    }
  }

  /** Sends bytes that are no message. */
  static final class FrameGarbler extends Hostile {
    FrameGarbler(World world, int number) {
      super(world, number);
    }

    @Override
    void act() {
      allWires().forEach(wire -> wire.sendGarbage("checksum"));
    }
  }

  /** Tells of more addresses than there are nodes. */
  static final class AddressFlooder extends Hostile {
    AddressFlooder(World world, int number) {
      super(world, number);
    }

    @Override
    void act() {
      List<TimestampedAddress> addresses = new ArrayList<>();
      int count = random().nextInt(5) == 0 ? 1_000 : 20;
      long now = simulation().nowMillis() / 1_000;
      for (int i = 0; i < count; i++) {
        byte[] host = new byte[4];
        random().nextBytes(host);
        host[0] = (byte) (11 + random().nextInt(100));
        NetworkAddress address =
            new NetworkAddress(AddressNetwork.IPV4, Bytes.of(host), 1 + random().nextInt(60_000));
        addresses.add(new TimestampedAddress(now, 9, address));
      }
      tellAll(random().nextBoolean() ? new Addresses(addresses) : new AddressesV2(addresses));
      tellAll(new GetAddresses());
    }
  }

  /** Reconciles mempools with sketches of nothing. */
  static final class SketchLiar extends Hostile {
    SketchLiar(World world, int number) {
      super(world, number);
    }

    @Override
    void act() {
      tellAll(deed());
    }

    private Message deed() {
      return switch (random().nextInt(5)) {
        case 0 -> new ReconcileRequest(random().nextInt(1 << 16), random().nextInt(1 << 16));
        case 1 -> {
          byte[] bytes = new byte[4 * (1 + random().nextInt(300))];
          random().nextBytes(bytes);
          yield new SketchMessage(Bytes.of(bytes));
        }
        case 2 -> new SketchExtensionRequest();
        case 3 -> new BisectionRequest(new SketchPart(1 + random().nextInt(SketchPart.MAX_NUMBER)));
        default -> difference();
      };
    }

    private ReconcileDifference difference() {
      List<Integer> ids = new ArrayList<>();
      for (int i = random().nextInt(50); i > 0; i--) {
        ids.add(1 + random().nextInt(Integer.MAX_VALUE));
      }
      return random().nextInt(4) == 0 ? ReconcileDifference.failed() : ReconcileDifference.of(ids);
    }

    @Override
    void heard(Wire wire, Message message) {
      if (message instanceof ReconcileRequest || message instanceof SketchMessage) {
        wire.send(deed());
      }
    }
  }
}
