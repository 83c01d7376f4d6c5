package org.chaincore.bench.workload;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.codec.Frame;
import org.chaincore.sync.codec.FrameDecoder;
import org.chaincore.sync.codec.FrameEncoder;
import org.chaincore.sync.codec.FrameLimits;
import org.chaincore.sync.codec.MessageFrame;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.NodeDescription;
import org.chaincore.sync.message.TransactionMessage;
import org.chaincore.sync.message.Verack;
import org.chaincore.sync.message.Version;
import org.chaincore.sync.message.WtxidRelay;
import org.chaincore.sync.peer.AddressNetwork;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.peer.Services;
import org.chaincore.sync.protocol.Input;
import org.chaincore.sync.protocol.Output;
import org.chaincore.sync.protocol.ProtocolSetup;
import org.chaincore.sync.protocol.SyncProtocol;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.PeerLimits;

/**
 * A node between one peer that has something and others that want it: frames come in, are decoded,
 * judged by the protocol and the engine, and what the node says is encoded, once for all peers, as
 * the driver does it. Peers are played by frames that are ready. One thread, virtual time.
 *
 * <p>Not thread-safe.
 */
public final class RelayNode {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int PROTOCOL = 70_016;
  private static final int MOST_PEERS = 300;

  /** A few hundred tell everybody; a node that goes on longer will never do so. */
  private static final int MOST_WAKES = 100_000;

  private final SyncProtocol protocol;
  private final FrameEncoder encoder;
  private final FrameLimits limits;
  private final int magic;
  private final List<FrameDecoder> decoders = new ArrayList<>();
  private final int sinks;
  private final Script script;
  private long nowMillis;
  private long wakeAtMillis = Long.MAX_VALUE;
  private int told;
  private int given;

  /** What the peers say, in frames. */
  private static final class Script {
    private final List<byte[]> announcements = new ArrayList<>();
    private final List<byte[]> transactions = new ArrayList<>();
    private final List<byte[]> wishes = new ArrayList<>();
    private final byte[] header;
    private final byte[] block;
    private final byte[] blockWish;

    Script(PaymentBlocks payments, FrameEncoder out) {
      for (Transaction payment : payments.firstPayments()) {
        var item = List.of(new InventoryItem(InventoryType.WTX, payment.wtxid()));
        announcements.add(out.encode(new Inventory(item)));
        transactions.add(out.encode(new TransactionMessage(payment)));
        wishes.add(out.encode(new GetData(item)));
      }
      Block first = payments.first();
      var item = List.of(new InventoryItem(InventoryType.WITNESS_BLOCK, first.hash()));
      header = out.encode(new Headers(List.of(first.header())));
      block = out.encode(new BlockMessage(first));
      blockWish = out.encode(new GetData(item));
    }
  }

  private RelayNode(PaymentBlocks payments, int sinks) {
    this.magic = payments.params().identity().magic();
    this.encoder = FrameEncoder.of(magic);
    this.limits = FrameLimits.of(payments.params());
    this.script = new Script(payments, encoder);
    this.sinks = sinks;
    this.nowMillis = payments.nowSeconds() * 1_000;
    ChainEngine engine = payments.begun(SignatureVerifier.best());
    this.protocol = SyncProtocol.of(setup(engine));
    handle(new Input.Woken());
    for (int i = 0; i <= sinks; i++) {
      greet(i);
    }
    pass(2_000);
  }

  /** A node with one peer that has the payments and the first block, and some that want them. */
  public static RelayNode of(PaymentBlocks payments, int sinks) {
    return new RelayNode(payments, sinks);
  }

  private static ProtocolSetup setup(ChainEngine engine) {
    return BenchNodes.setup(
        engine, 1, OperationalSettings.DEFAULT.withPeers(new PeerLimits(2, 8, MOST_PEERS)));
  }

  private void greet(int peer) {
    decoders.add(FrameDecoder.of(magic, limits));
    NetworkAddress address =
        new NetworkAddress(
            AddressNetwork.IPV4, Bytes.of((byte) 10, (byte) peer, (byte) 0, (byte) 1), 8333);
    handle(new Input.Connected(new PeerId(peer + 1L), address, ConnectionKind.INBOUND));
    NodeDescription node =
        new NodeDescription(PROTOCOL, Services.NETWORK | Services.WITNESS, "/bench:1.0/");
    says(
        peer,
        encoder.encode(
            new Version(node, nowMillis / 1_000, Version.NO_ADDRESS, peer + 1L, 1, true)));
    says(peer, encoder.encode(new WtxidRelay()));
    says(peer, encoder.encode(new Verack()));
  }

  /** Bytes of the frame that brings a payment. */
  public int paymentBytes() {
    return script.transactions.get(0).length;
  }

  /** Bytes of the frame that brings the block. */
  public int blockBytes() {
    return script.block.length;
  }

  /** Bytes of the heap that each step took, of one message relayed. */
  public record Taken(long announced, long received, long told, long given) {
    /** Of all steps. */
    public long all() {
      return announced + received + told + given;
    }
  }

  /**
   * Relays a payment: it is announced and asked for, comes, is told to all who want it, and given
   * to each.
   */
  public Taken relayPayment(int number) {
    told = 0;
    given = 0;
    long begun = allocated();
    says(0, script.announcements.get(number));
    long announced = allocated();
    says(0, script.transactions.get(number));
    long received = allocated();
    tellAll();
    long toldAll = allocated();
    for (int peer = 1; peer <= sinks; peer++) {
      says(peer, script.wishes.get(number));
    }
    return taken(begun, announced, received, toldAll);
  }

  /** Relays the first block, whose payments were relayed before or not. */
  public Taken relayBlock() {
    told = 0;
    given = 0;
    long begun = allocated();
    says(0, script.header);
    long announced = allocated();
    says(0, script.block);
    long received = allocated();
    tellAll();
    long toldAll = allocated();
    for (int peer = 1; peer <= sinks; peer++) {
      says(peer, script.blockWish);
    }
    return taken(begun, announced, received, toldAll);
  }

  /** Lets time go on until all who want it were told. */
  private void tellAll() {
    for (int i = 0; told < sinks; i++) {
      if (i == MOST_WAKES) {
        throw new IllegalStateException("told " + told + " of " + sinks);
      }
      wake();
    }
  }

  private Taken taken(long begun, long announced, long received, long toldAll) {
    if (given != sinks) {
      throw new IllegalStateException("given to " + given + " of " + sinks);
    }
    return new Taken(
        announced - begun, received - announced, toldAll - received, allocated() - toldAll);
  }

  /** Bytes that this thread has taken of the heap so far. */
  private static long allocated() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }

  private void says(int peer, byte[] frame) {
    for (Frame heard : decoders.get(peer).feed(frame)) {
      if (!(heard instanceof MessageFrame message)) {
        throw new IllegalStateException(heard.toString());
      }
      handle(new Input.Received(new PeerId(peer + 1L), message.message(), message.frameBytes()));
    }
  }

  /** Lets time go on to when the node wants to be woken. */
  private void wake() {
    nowMillis = Math.max(nowMillis, wakeAtMillis);
    handle(new Input.Woken());
  }

  private void pass(long millis) {
    long until = nowMillis + millis;
    while (wakeAtMillis <= until) {
      wake();
    }
    nowMillis = until;
  }

  private void handle(Input input) {
    for (Output output : protocol.handle(input, nowMillis)) {
      if (output instanceof Output.Send send) {
        send(send.message());
      } else if (output instanceof Output.WakeAt wake) {
        wakeAtMillis = wake.atMillis();
      } else if (output instanceof Output.Disconnect end) {
        throw new IllegalStateException(end.toString());
      }
    }
  }

  private void send(Message message) {
    protocol.sent(message, encoder.encodeOnce(message).length);
    boolean tells = message instanceof Inventory || message instanceof Headers;
    told += tells ? 1 : 0;
    given += message instanceof TransactionMessage || message instanceof BlockMessage ? 1 : 0;
  }
}
