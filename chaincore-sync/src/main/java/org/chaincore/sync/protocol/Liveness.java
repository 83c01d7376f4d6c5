package org.chaincore.sync.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.Pong;
import org.chaincore.sync.peer.PeerId;

/**
 * Asks peers that are silent whether they are still there, and learns how far away they are.
 *
 * <p>A peer is asked after a minute of silence, and every two minutes even if it talks, for only an
 * answer tells how long a way takes. Peers answer in order (see {@link ChainServer}), so a pong may
 * be late because much was asked for before: while a peer delivers other things it is given time,
 * and cut only if it is silent as well. Bitcoin waits twenty minutes in any case; our networks are
 * small, and a dead peer is one of few.
 *
 * <p><b>Attacks.</b> The number in a ping is random, so a peer cannot answer before it is asked and
 * look closer than it is. One that talks and never answers is cut too, later.
 *
 * <p>Not thread-safe; confined to the protocol. Source: BIP31.
 */
final class Liveness implements Machine {
  /** So long a peer may be silent before it is asked. */
  static final long PING_AFTER_SILENCE_MILLIS = 60_000;

  /** So often a peer is asked even if it talks. */
  static final long PING_INTERVAL_MILLIS = 120_000;

  /**
   * A peer that was asked and says nothing for so long is gone. It is enough for the largest frame
   * at 35 kB a second, since a frame is heard only when it is complete.
   */
  static final long SILENCE_TIMEOUT_MILLIS = 120_000;

  /** Stops a peer that talks but never answers. */
  static final long PONG_TIMEOUT_MILLIS = 20 * 60_000;

  /** What a peer was asked last. */
  private static final class Question {
    long nonce;
    long askedAtMillis;
    boolean isOpen;

    Question(long establishedAtMillis) {
      this.askedAtMillis = establishedAtMillis;
    }
  }

  private final MachineContext context;
  private final SplittableRandom random;

  /** One an established peer: bounded by the slots of connections. */
  private final Map<PeerId, Question> questions = new LinkedHashMap<>();

  Liveness(MachineContext context) {
    this.context = context;
    this.random = context.newRandom();
  }

  @Override
  public void established(Peer peer, long nowMillis) {
    questions.put(peer.id(), new Question(nowMillis));
    context.timers().set(Timer.PING, peer.id(), nowMillis + PING_AFTER_SILENCE_MILLIS);
  }

  @Override
  public void disconnected(Peer peer, long nowMillis) {
    questions.remove(peer.id());
  }

  /** It is time to ask, unless the peer has spoken meanwhile. */
  void pingDue(Peer peer, long nowMillis) {
    Question question = questions.get(peer.id());
    if (question == null) {
      return;
    }
    long due =
        Math.min(
            peer.lastHeardMillis() + PING_AFTER_SILENCE_MILLIS,
            question.askedAtMillis + PING_INTERVAL_MILLIS);
    if (due > nowMillis) {
      context.timers().set(Timer.PING, peer.id(), due);
      return;
    }
    question.nonce = random.nextLong();
    question.askedAtMillis = nowMillis;
    question.isOpen = true;
    context.out().send(peer.id(), new Ping(question.nonce));
    context.timers().set(Timer.PONG, peer.id(), nowMillis + SILENCE_TIMEOUT_MILLIS);
  }

  /** An answer, if it is the one that was asked for; any other says nothing. */
  void pong(Peer peer, Pong message, long nowMillis) {
    Question question = questions.get(peer.id());
    if (question == null || !question.isOpen || question.nonce != message.nonce()) {
      return;
    }
    question.isOpen = false;
    peer.measuredLatency(Math.max(0, nowMillis - question.askedAtMillis));
    context.timers().cancel(Timer.PONG, peer.id());
    context.timers().set(Timer.PING, peer.id(), nowMillis + PING_AFTER_SILENCE_MILLIS);
  }

  /** The answer did not come in time; the peer may have been busy with other answers. */
  void pongMissing(Peer peer, long nowMillis) {
    Question question = questions.get(peer.id());
    if (question == null) {
      return;
    }
    long deadline =
        Math.min(
            peer.lastHeardMillis() + SILENCE_TIMEOUT_MILLIS,
            question.askedAtMillis + PONG_TIMEOUT_MILLIS);
    if (deadline > nowMillis) {
      context.timers().set(Timer.PONG, peer.id(), deadline);
    } else {
      context.disconnect(
          peer, new DisconnectReason(DisconnectReason.Cause.TIMEOUT, "no answer to ping"));
    }
  }
}
