package org.chaincore.sync.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.codec.FrameEncoder;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.fixture.Words;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.TransactionMessage;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.PeerId;

/**
 * Two whole nodes on one chain and a wire without latency between them, with every frame measured
 * by the real codec. {@link Side#LEFT} dialled.
 */
final class TwoNodes {
  enum Side {
    LEFT,
    RIGHT;

    Side other() {
      return this == LEFT ? RIGHT : LEFT;
    }
  }

  /** Something on the wire. */
  record Sent(Side from, Message message, int bytes) {
    @Override
    public String toString() {
      return (from == Side.LEFT ? "> " : "< ") + Words.of(message);
    }
  }

  static final long EACH = 100;

  private static final long SEED = 20;

  static final PeerId PEER = new PeerId(1);
  private static final int MAGIC = 0x0102_0304;

  private final Map<Side, ChainFixture> chains = new EnumMap<>(Side.class);
  private final Map<Side, SyncProtocol> protocols = new EnumMap<>(Side.class);
  private final Map<Side, Long> wakes = new EnumMap<>(Side.class);
  private final Map<Side, List<SyncEvent>> events = new EnumMap<>(Side.class);
  private final Deque<Sent> wire = new ArrayDeque<>();
  private final List<Sent> sent = new ArrayList<>();
  private final FrameEncoder encoder = FrameEncoder.of(MAGIC);
  private final List<Transaction> payments = new ArrayList<>();
  private UnaryOperator<Message> fault = UnaryOperator.identity();
  private boolean isConnected;
  private long nowMillis;

  private TwoNodes() {}

  /** Two nodes that could pay so many times, each payment with another coin; not connected yet. */
  static TwoNodes withPayments(int payments) {
    TwoNodes two = new TwoNodes();
    for (Side side : Side.values()) {
      two.chains.put(side, ChainFixture.begin());
      two.events.put(side, new ArrayList<>());
    }
    two.makePayments(payments);
    two.nowMillis = two.chain(Side.LEFT).now() * 1_000;
    return two;
  }

  private void makePayments(int count) {
    int perCoin = 400;
    int coins = (count + perCoin - 1) / perCoin;
    ChainFixture left = chain(Side.LEFT);
    List<Block> blocks = new ArrayList<>(left.mine(coins + ChainFixture.MATURITY));
    for (int coin = 0; coin < coins; coin++) {
      long[] units = new long[Math.min(perCoin, count - coin * perCoin)];
      Arrays.fill(units, EACH);
      Transaction fan = left.pay(left.coin(), units);
      blocks.add(left.mineWith(fan));
      for (int i = 0; i < units.length; i++) {
        payments.add(left.pay(fan.outPoint(i), EACH - 1));
      }
    }
    chain(Side.RIGHT).deliver(blocks);
  }

  ChainFixture chain(Side side) {
    return Objects.requireNonNull(chains.get(side));
  }

  SyncProtocol protocol(Side side) {
    return Objects.requireNonNull(protocols.get(side));
  }

  Transaction payment(int number) {
    return payments.get(number);
  }

  /** Payments enter the mempool of a side by the hand of its host. */
  void pays(Side side, int from, int to) {
    for (int i = from; i < to; i++) {
      chain(side).offer(payments.get(i));
    }
  }

  /** The nodes start, connect and greet each other. */
  TwoNodes connect() {
    return connect(UnaryOperator.identity());
  }

  /** The same with another presentation of the node that is dialled. */
  TwoNodes connect(UnaryOperator<TestNode> right) {
    protocols.put(Side.LEFT, SyncProtocol.of(TestNode.on(chain(Side.LEFT), SEED).setup()));
    protocols.put(
        Side.RIGHT, SyncProtocol.of(right.apply(TestNode.on(chain(Side.RIGHT), SEED + 1)).setup()));
    isConnected = true;
    handle(
        Side.RIGHT, new Input.Connected(PEER, Conversation.addressOf(1), ConnectionKind.INBOUND));
    handle(
        Side.LEFT, new Input.Connected(PEER, Conversation.addressOf(2), ConnectionKind.OUTBOUND));
    deliver();
    sent.clear();
    return this;
  }

  /** What goes over the wire is changed on its way; null loses it. */
  void spoil(UnaryOperator<Message> how) {
    fault = how;
  }

  /** Something happens on one side, and all that follows from it without time going on. */
  void happens(Side side, Input input) {
    handle(side, input);
    deliver();
  }

  /** Something happens on one side, and nothing is delivered yet. */
  void happensFirst(Side side, Input input) {
    handle(side, input);
  }

  void deliver() {
    while (!wire.isEmpty()) {
      Sent next = wire.removeFirst();
      handle(next.from().other(), new Input.Received(PEER, next.message(), next.bytes()));
    }
  }

  /** Time goes on. */
  void pass(long millis) {
    long until = nowMillis + millis;
    while (true) {
      Side first = wakeOf(Side.LEFT) <= wakeOf(Side.RIGHT) ? Side.LEFT : Side.RIGHT;
      long at = wakeOf(first);
      if (at > until) {
        break;
      }
      nowMillis = Math.max(nowMillis, at);
      wakes.remove(first);
      happens(first, new Input.Woken());
    }
    nowMillis = until;
  }

  private long wakeOf(Side side) {
    return wakes.getOrDefault(side, Long.MAX_VALUE);
  }

  private void handle(Side side, Input input) {
    for (Output output : protocol(side).handle(input, nowMillis)) {
      if (output instanceof Output.Send send && isConnected) {
        Message message = fault.apply(send.message());
        if (message != null) {
          Sent frame = new Sent(side, message, encoder.encode(message).length);
          sent.add(frame);
          wire.addLast(frame);
        }
      } else if (output instanceof Output.WakeAt wake) {
        wakes.put(side, wake.atMillis());
      } else if (output instanceof Output.Emit emit) {
        events(side).add(emit.event());
      }
    }
  }

  /** What a side told its host, from the start. */
  List<SyncEvent> events(Side side) {
    return Objects.requireNonNull(events.get(side));
  }

  /** What has gone over the wire since this was asked last. */
  List<Sent> taken() {
    List<Sent> taken = List.copyOf(sent);
    sent.clear();
    return taken;
  }

  /** The same as a transcript, equal lines that follow each other counted. */
  String transcript() {
    StringBuilder text = new StringBuilder();
    List<Sent> all = taken();
    for (int i = 0; i < all.size(); ) {
      int run = i;
      while (run < all.size() && all.get(run).toString().equals(all.get(i).toString())) {
        run++;
      }
      String times = run - i == 1 ? "" : String.format(Locale.ROOT, " x %d", run - i);
      text.append(all.get(i)).append(times).append('\n');
      i = run;
    }
    return text.toString();
  }

  /** Bytes of all frames but transactions. */
  static int bytesBesideTransactions(List<Sent> frames) {
    return frames.stream()
        .filter(frame -> !(frame.message() instanceof TransactionMessage))
        .mapToInt(Sent::bytes)
        .sum();
  }

  List<Hash256> mempool(Side side) {
    return chain(side).mempool().stream().sorted().toList();
  }

  long nowMillis() {
    return nowMillis;
  }
}
