package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.Verack;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.PeerId;
import org.jspecify.annotations.Nullable;

/** One end of a connection that only shakes hands, with its inside in view. */
final class HandshakeSide {
  static final long NOW_MILLIS = 1_600_000_000_000L;

  final MachineContext context;
  final Handshake handshake;
  final Peer peer;
  final List<Message> sent = new ArrayList<>();
  final List<Outbox.Complaint> complaints = new ArrayList<>();
  @Nullable DisconnectReason cut;
  private boolean isDone;

  HandshakeSide(ProtocolSetup setup, ConnectionKind kind) {
    this.context = new MachineContext(setup);
    this.handshake = new Handshake(context);
    this.peer = new Peer(new PeerId(1), Conversation.addressOf(1), kind, NOW_MILLIS);
    context.peers().add(peer);
    handshake.connected(peer, NOW_MILLIS);
    takeEffects();
  }

  static HandshakeSide of(TestNode node, ConnectionKind kind) {
    return new HandshakeSide(node.setup(), kind);
  }

  /** Hears a message, unless the handshake is over in one way or the other. */
  void hears(Message message) {
    if (!isDone && !peer.isLeaving()) {
      isDone = handshake.received(peer, message, NOW_MILLIS);
      takeEffects();
    }
  }

  /** Hears a whole greeting. */
  void hears(Greeting greeting) {
    hears(greeting.version(0, 99));
    greeting.betweenVersionAndVerack(fingerprint()).forEach(this::hears);
    hears(new Verack());
  }

  /** Fires what is due by then. */
  void pass(long millis) {
    for (TimerTable.Due due = context.timers().takeDue(NOW_MILLIS + millis);
        due != null;
        due = context.timers().takeDue(NOW_MILLIS + millis)) {
      handshake.timedOut(peer);
    }
    takeEffects();
  }

  /** Lets two ends say all that they have to say. */
  static void connect(HandshakeSide one, HandshakeSide other) {
    int oneSaid = 0;
    int otherSaid = 0;
    while (oneSaid < one.sent.size() || otherSaid < other.sent.size()) {
      if (oneSaid < one.sent.size()) {
        other.hears(one.sent.get(oneSaid++));
      }
      if (otherSaid < other.sent.size()) {
        one.hears(other.sent.get(otherSaid++));
      }
    }
  }

  boolean isDone() {
    return isDone;
  }

  PeerFacts facts() {
    return peer.facts();
  }

  String cutText() {
    return String.valueOf(cut);
  }

  Bytes fingerprint() {
    return Bytes.of(context.engine().params().fingerprint().toWire());
  }

  private void takeEffects() {
    complaints.addAll(context.out().takeComplaints());
    for (Output output : context.out().take()) {
      if (output instanceof Output.Send send) {
        sent.add(send.message());
      } else if (output instanceof Output.Disconnect end) {
        cut = end.reason();
      }
    }
  }
}
