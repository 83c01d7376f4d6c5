package org.chaincore.sync.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.Addresses;
import org.chaincore.sync.message.Feature;
import org.chaincore.sync.message.GetParams;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.NodeDescription;
import org.chaincore.sync.message.Params;
import org.chaincore.sync.message.SendAddressesV2;
import org.chaincore.sync.message.Verack;
import org.chaincore.sync.message.Version;
import org.chaincore.sync.message.WtxidRelay;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.protocol.DisconnectReason.Cause;
import org.jspecify.annotations.Nullable;

/**
 * Version, verack and what lies between them: both sides learn what the other is, and part if they
 * live by different rules.
 *
 * <pre>
 *   who connected           who was connected to
 *   version            →
 *                      ←    version, options, verack
 *   options, verack    →
 * </pre>
 *
 * Each side sends its options (wtxidrelay of BIP339, sendaddrv2 of BIP155, features of BIP434) and
 * its verack as soon as it knows the other's version, so nobody waits for an answer to an option.
 * The handshake is done when the peer's verack is there.
 *
 * <p><b>Consensus.</b> Both sides send the fingerprint of their consensus parameters as a feature.
 * Where they differ each asks for the parameters of the other and answers once; the first answer
 * names the field, and the connection ends. A question always arrives before the answer that ends
 * the connection, for it was sent when the fingerprint came, and so both sides learn the field. A
 * peer without the feature is served like any other: its blocks are judged anyway.
 *
 * <p><b>Attacks.</b> A peer that says nothing, or only what means nothing, holds a slot until a
 * deadline and costs one small record. Nothing is kept of features that we do not have.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class Handshake implements Machine {
  /** Of peers that speak less we could not tell what the fields of their version mean (BIP37). */
  static final int MIN_VERSION = 70_001;

  /** From here on peers know sendaddrv2, or ignore what they do not know. Source: BIP155. */
  static final int ADDRESSES_V2_VERSION = 70_016;

  /**
   * From here on peers ignore what they do not know between version and verack. BIP339 would allow
   * wtxidrelay one version earlier; without it transactions are named by txid, which works too,
   * while a client that does not know the message ends the connection. Source: BIP434.
   */
  static final int FEATURES_VERSION = 70_017;

  /** A slot is not held longer by somebody who does not speak. */
  static final long TIMEOUT_MILLIS = 60_000;

  /** A feeler only looks whether somebody is there. */
  static final long FEELER_TIMEOUT_MILLIS = 10_000;

  /** A peer by other rules is told them for so long, and no longer. */
  static final long PARAMS_TIMEOUT_MILLIS = 10_000;

  /** Stops a peer that keeps us busy with a stream of features which mean nothing to us. */
  static final int MAX_MESSAGES = 200;

  /** What has happened so far on a connection whose handshake is not done. */
  private static final class Progress {
    final long nonce;
    final long salt;
    final Set<Extension> announced = new TreeSet<>();
    final SortedMap<Extension, Bytes> shared = new TreeMap<>();
    @Nullable Version theirs;
    int speaks;
    int messages;
    boolean saidWtxidRelay;
    boolean namesByWtxid;
    boolean takesAddressesV2;
    boolean consensusDiffers;
    boolean hasToldParams;

    Progress(SplittableRandom random) {
      this.nonce = random.nextLong();
      this.salt = random.nextLong();
    }
  }

  private final MachineContext context;
  private final SplittableRandom random;
  private final Bytes fingerprint;

  /** One a connection, from its beginning to its verack: bounded by the slots of connections. */
  private final Map<PeerId, Progress> underWay = new LinkedHashMap<>();

  Handshake(MachineContext context) {
    this.context = context;
    this.random = context.newRandom();
    this.fingerprint = Bytes.of(context.engine().params().fingerprint().toWire());
  }

  /** A connection stands: whoever made it speaks first. */
  void connected(Peer peer, long nowMillis) {
    if (!peer.kind().isInbound() && isConnectedTo(peer)) {
      context.disconnect(peer, DisconnectReason.of(Cause.DUPLICATE));
      return;
    }
    Progress progress = new Progress(random);
    underWay.put(peer.id(), progress);
    boolean isFeeler = peer.kind() == ConnectionKind.FEELER;
    long timeout = isFeeler ? FEELER_TIMEOUT_MILLIS : TIMEOUT_MILLIS;
    context.timers().set(Timer.HANDSHAKE, peer.id(), nowMillis + timeout);
    if (!peer.kind().isInbound()) {
      sendVersion(peer, progress, nowMillis);
    }
  }

  /** Inbound connections come from any port, so only those that we made can be compared. */
  private boolean isConnectedTo(Peer peer) {
    return context.peers().all().stream()
        .anyMatch(
            other ->
                other != peer
                    && !other.kind().isInbound()
                    && other.address().equals(peer.address()));
  }

  /**
   * A message of a peer whose handshake is not done.
   *
   * @return whether it is done now
   */
  boolean received(Peer peer, Message message, long nowMillis) {
    Progress progress = underWay.get(peer.id());
    if (progress == null) {
      return false;
    }
    if (++progress.messages > MAX_MESSAGES) {
      context.disconnect(peer, new DisconnectReason(Cause.MISBEHAVING, "endless handshake"));
    } else if (message instanceof Version version) {
      version(peer, progress, version, nowMillis);
    } else if (progress.theirs == null) {
      complain(peer, Misbehaviour.OUT_OF_TURN, message.command() + " before version");
    } else if (progress.consensusDiffers) {
      compareParams(peer, progress, message);
    } else if (message instanceof Verack) {
      peer.establish(facts(peer, progress, progress.theirs));
      underWay.remove(peer.id());
      context.timers().cancel(Timer.HANDSHAKE, peer.id());
      return true;
    } else {
      option(peer, progress, message, nowMillis);
    }
    return false;
  }

  private void version(Peer peer, Progress progress, Version version, long nowMillis) {
    if (progress.theirs != null) {
      complain(peer, Misbehaviour.OUT_OF_TURN, "a second version");
      return;
    }
    if (isOurs(version.nonce())) {
      endConnectionsToOurselves(peer, version.nonce());
      return;
    }
    int spoken = version.node().protocolVersion();
    if (spoken < MIN_VERSION) {
      unsuitable(peer, "protocol version " + spoken);
    } else if (!peer.kind().isInbound()
        && !LimitedService.suits(version.node().services(), peer.kind(), context)) {
      // What does not help us to the chain only uses up one of our few slots.
      unsuitable(peer, "services " + Long.toHexString(version.node().services()));
    } else {
      progress.theirs = version;
      progress.speaks = Math.min(spoken, context.setup().self().description().protocolVersion());
      if (peer.kind().isInbound()) {
        sendVersion(peer, progress, nowMillis);
      }
      sendOptions(peer, progress);
      context.out().send(peer.id(), new Verack());
    }
  }

  private boolean isOurs(long nonce) {
    return underWay.values().stream().anyMatch(progress -> progress.nonce == nonce);
  }

  /** Both ends of the connection are ours, and each would wait for the other. */
  private void endConnectionsToOurselves(Peer peer, long nonce) {
    context.disconnect(peer, DisconnectReason.of(Cause.SELF));
    underWay.forEach(
        (id, progress) -> {
          Peer other = context.peers().find(id);
          if (progress.nonce == nonce && other != null) {
            context.disconnect(other, DisconnectReason.of(Cause.SELF));
          }
        });
  }

  private void sendVersion(Peer peer, Progress progress, long nowMillis) {
    NetworkAddress receiver =
        Addresses.canCarry(peer.address()) ? peer.address() : Version.NO_ADDRESS;
    context
        .out()
        .send(
            peer.id(),
            new Version(
                describeOurselves(),
                context.seconds(nowMillis),
                receiver,
                progress.nonce,
                context.engine().view().height(),
                carriesTransactions(peer)));
  }

  private NodeDescription describeOurselves() {
    NodeDescription self = context.setup().self().description();
    return new NodeDescription(self.protocolVersion(), context.services(), self.userAgent());
  }

  private void sendOptions(Peer peer, Progress progress) {
    if (progress.speaks >= FEATURES_VERSION) {
      progress.saidWtxidRelay = true;
      context.out().send(peer.id(), new WtxidRelay());
    }
    if (progress.speaks >= ADDRESSES_V2_VERSION) {
      context.out().send(peer.id(), new SendAddressesV2());
    }
    if (progress.speaks >= FEATURES_VERSION) {
      for (Extension extension : context.setup().self().extensions()) {
        if (extension == Extension.PARAMS || carriesTransactions(peer)) {
          progress.announced.add(extension);
          Bytes data = dataOf(extension, progress);
          context.out().send(peer.id(), new Feature(extension.featureId(), data));
        }
      }
    }
  }

  /** Connections for blocks only, and those that end at once, carry nothing else. */
  private static boolean carriesTransactions(Peer peer) {
    return peer.kind() != ConnectionKind.BLOCK_RELAY && peer.kind() != ConnectionKind.FEELER;
  }

  private Bytes dataOf(Extension extension, Progress progress) {
    return switch (extension) {
      case PARAMS -> fingerprint;
      case MEMPOOL_SYNC ->
          Bytes.of(
              littleEndian(new byte[ReconciliationSalts.BYTES]).putLong(progress.salt).array());
      case NETWORK_STATISTICS, NETWORK_CONFIG -> Bytes.EMPTY;
    };
  }

  private void option(Peer peer, Progress progress, Message message, long nowMillis) {
    if (message instanceof WtxidRelay) {
      progress.namesByWtxid = progress.saidWtxidRelay;
    } else if (message instanceof SendAddressesV2) {
      progress.takesAddressesV2 = true;
    } else if (message instanceof Feature feature) {
      feature(peer, progress, feature, nowMillis);
    } else {
      complain(peer, Misbehaviour.UNEXPECTED_MESSAGE, message.command() + " before verack");
    }
  }

  private void feature(Peer peer, Progress progress, Feature feature, long nowMillis) {
    Extension extension = Extension.of(feature.id()).orElse(null);
    if (extension == null || !progress.announced.contains(extension)) {
      return;
    }
    if (progress.shared.containsKey(extension)) {
      complain(peer, Misbehaviour.OUT_OF_TURN, feature.id() + " twice");
    } else if (!hasItsShape(extension, feature.data())) {
      complain(
          peer,
          Misbehaviour.OUT_OF_TURN,
          feature.id() + " with " + feature.data().length() + " bytes");
    } else {
      progress.shared.put(extension, feature.data());
      if (extension == Extension.PARAMS && !feature.data().equals(fingerprint)) {
        progress.consensusDiffers = true;
        context.out().send(peer.id(), new GetParams());
        context.timers().set(Timer.HANDSHAKE, peer.id(), nowMillis + PARAMS_TIMEOUT_MILLIS);
      }
    }
  }

  private static boolean hasItsShape(Extension extension, Bytes data) {
    return switch (extension) {
      case PARAMS -> data.length() == Hash256.BYTES;
      case MEMPOOL_SYNC -> data.length() == ReconciliationSalts.BYTES;
      case NETWORK_STATISTICS, NETWORK_CONFIG -> true;
    };
  }

  /** The peer lives by other rules; all that is left to do is to find out which. */
  private void compareParams(Peer peer, Progress progress, Message message) {
    if (message instanceof GetParams && !progress.hasToldParams) {
      progress.hasToldParams = true;
      Params.of(context.engine().params())
          .ifPresent(params -> context.out().send(peer.id(), params));
    } else if (message instanceof Params params) {
      String difference =
          ConsensusDifference.first(context.engine().params().consensusFields(), params.fields());
      context.disconnect(peer, new DisconnectReason(Cause.CONSENSUS_DIFFERS, difference));
    }
  }

  private static PeerFacts facts(Peer peer, Progress progress, Version theirs) {
    PeerFacts.Options options =
        new PeerFacts.Options(
            theirs.relay() && carriesTransactions(peer),
            progress.namesByWtxid,
            progress.takesAddressesV2,
            progress.shared,
            salts(progress));
    return new PeerFacts(
        progress.speaks,
        theirs.node().services(),
        theirs.node().userAgent(),
        theirs.startHeight(),
        options);
  }

  private static @Nullable ReconciliationSalts salts(Progress progress) {
    Bytes theirs = progress.shared.get(Extension.MEMPOOL_SYNC);
    return theirs == null
        ? null
        : new ReconciliationSalts(progress.salt, littleEndian(theirs.toArray()).getLong());
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The handshake took too long. */
  void timedOut(Peer peer) {
    Progress progress = underWay.get(peer.id());
    boolean differs = progress != null && progress.consensusDiffers;
    context.disconnect(
        peer,
        differs
            ? new DisconnectReason(Cause.CONSENSUS_DIFFERS, ConsensusDifference.FINGERPRINT)
            : new DisconnectReason(Cause.TIMEOUT, "handshake"));
  }

  @Override
  public void disconnected(Peer peer, long nowMillis) {
    underWay.remove(peer.id());
  }

  private void complain(Peer peer, Misbehaviour misbehaviour, String detail) {
    context.out().complain(peer.id(), misbehaviour, detail);
  }

  private void unsuitable(Peer peer, String detail) {
    context.disconnect(peer, new DisconnectReason(Cause.UNSUITABLE, detail));
  }
}
