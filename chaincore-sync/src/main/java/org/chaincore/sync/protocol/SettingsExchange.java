package org.chaincore.sync.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.chaincore.core.config.MempoolLimits;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.sync.message.GetNetworkConfig;
import org.chaincore.sync.message.NetworkConfig;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.settings.OfferOutcome;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.RefusalReason;
import org.chaincore.sync.settings.SettingsChange;
import org.chaincore.sync.settings.SettingsDocument;
import org.chaincore.sync.settings.SettingsState;
import org.chaincore.sync.settings.TrustedSigners;
import org.jspecify.annotations.Nullable;

/**
 * Passes signed settings on between nodes, and lets settings take effect, whoever changed them.
 *
 * <p>Each side of a new connection tells the version that it has applied, and is sent the document
 * of the other if that is newer. What a node applies it passes on at once to all who are not known
 * to have it. As messages get lost and clocks differ, everyone asks again now and then. A node
 * passes on nothing that it has not applied itself: who trusts no signer carries nobody's orders.
 * When the host changes whom it trusts, peers are asked at once: they may have what was refused.
 *
 * <p><b>Attacks.</b> A document costs its sender no work, and us a signature check only if it names
 * a trusted signer and a version that is new; one whose signature is wrong was made by who sent it,
 * or passed on unseen. Each peer has a small budget of documents and of questions; what is beyond
 * it is not looked at.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class SettingsExchange implements Machine {
  /** How often peers are asked for newer documents: what went wrong once is put right by then. */
  static final long ASK_MILLIS = 300_000;

  /** Documents that a peer may send at once, and between two of which later. */
  static final int DOCUMENTS_AT_ONCE = 8;

  /** Questions that a peer may ask at once: each may be answered by a document of 8 kB. */
  static final int QUESTIONS_AT_ONCE = 4;

  static final long GAP_MILLIS = 10_000;

  /**
   * Changes of the trusted signers after which peers are asked at once. Half of what an honest peer
   * answers, so that a host which changes its mind all the time is not taken for a flood.
   */
  static final int CHANGES_AT_ONCE = QUESTIONS_AT_ONCE / 2;

  private static final long NEVER = Long.MAX_VALUE;

  private final MachineContext context;
  private final Schedule schedule;
  private final TransactionRelay transactionRelay;

  /** One an established peer with the extension. */
  private final Map<PeerId, Subscriber> subscribers = new LinkedHashMap<>();

  private final RoundRate changes = new RoundRate(CHANGES_AT_ONCE, GAP_MILLIS);
  private OperationalSettings inEffect;
  private boolean areLimitsDue;
  private long askAtMillis = NEVER;
  private long versionInEffect;
  private long armedMillis = NEVER;

  /** What concerns one peer. */
  private static final class Subscriber {
    private final Peer peer;
    private final RoundRate documents = new RoundRate(DOCUMENTS_AT_ONCE, GAP_MILLIS);
    private final RoundRate questions = new RoundRate(QUESTIONS_AT_ONCE, GAP_MILLIS);
    private long version;

    Subscriber(Peer peer) {
      this.peer = peer;
    }
  }

  SettingsExchange(MachineContext context, Schedule schedule, TransactionRelay transactionRelay) {
    this.context = context;
    this.schedule = schedule;
    this.transactionRelay = transactionRelay;
    // The engine was opened with these; a document that outlived a restart is still to be applied.
    this.inEffect = state().own();
  }

  private SettingsState state() {
    return context.settingsState();
  }

  @Override
  public void established(Peer peer, long nowMillis) {
    if (peer.has(Extension.NETWORK_CONFIG)) {
      subscribers.put(peer.id(), new Subscriber(peer));
      context.out().send(peer.id(), new GetNetworkConfig(state().version()));
    }
  }

  @Override
  public void disconnected(Peer peer, long nowMillis) {
    subscribers.remove(peer.id());
  }

  /** A peer tells what it has, and wants what is newer. */
  void requested(Peer peer, GetNetworkConfig message, long nowMillis) {
    Subscriber subscriber = find(peer, GetNetworkConfig.COMMAND);
    if (subscriber != null && subscriber.questions.take(nowMillis)) {
      subscriber.version = message.version();
      state().document().ifPresent(document -> pass(subscriber, document));
    }
  }

  /** A peer sends settings. */
  void received(Peer peer, SettingsDocument document, long nowMillis) {
    Subscriber subscriber = find(peer, NetworkConfig.COMMAND);
    if (subscriber == null) {
      return;
    }
    if (!subscriber.documents.take(nowMillis)) {
      context.out().complain(peer.id(), Misbehaviour.UNEXPECTED_MESSAGE, "too many documents");
      return;
    }
    subscriber.version = Math.max(subscriber.version, document.draft().version());
    OfferOutcome outcome = state().offer(document, context.seconds(nowMillis));
    if (outcome instanceof OfferOutcome.Refused refused) {
      if (refused.reason() == RefusalReason.BAD_SIGNATURE) {
        context.out().complain(peer.id(), Misbehaviour.BAD_SIGNATURE_DOCUMENT, refused.detail());
      }
    } else {
      passToAll(document);
    }
  }

  /** The host publishes settings. */
  void published(SettingsDocument document, long nowMillis) {
    OfferOutcome outcome = state().offer(document, context.seconds(nowMillis));
    if (outcome instanceof OfferOutcome.Refused refused) {
      context.out().emit(new SyncEvent.SettingsRefused(refused.reason(), refused.detail()));
    } else {
      passToAll(document);
    }
  }

  /** The host changes its own settings. */
  void useOwn(OperationalSettings settings) {
    tell(state().useOwn(settings));
  }

  /** The host changes some of its own settings. */
  void changeOwn(Map<String, String> changes) {
    tell(state().changeOwn(changes));
  }

  private void tell(SettingsChange change) {
    if (change instanceof SettingsChange.Refused refused) {
      context.out().emit(new SyncEvent.SettingsRefused(refused.reason(), refused.detail()));
    }
  }

  /** The host changes whose documents it obeys, see {@link Input.SignersTrusted}. */
  void trust(TrustedSigners signers, long nowMillis) {
    boolean isChanged = !signers.equals(state().signers());
    state().trust(signers);
    if (!isChanged || signers.all().isEmpty()) {
      return;
    }
    // What a peer was sent of the old signers says nothing about what it has of the new ones.
    subscribers.values().forEach(subscriber -> subscriber.version = 0);
    if (changes.take(nowMillis)) {
      askAll();
    } else {
      askAtMillis = Math.min(askAtMillis, changes.readyAtMillis());
    }
  }

  private void askAll() {
    for (Subscriber subscriber : subscribers.values()) {
      context.out().send(subscriber.peer.id(), new GetNetworkConfig(state().version()));
    }
  }

  private void passToAll(SettingsDocument document) {
    subscribers.values().forEach(subscriber -> pass(subscriber, document));
  }

  private void pass(Subscriber subscriber, SettingsDocument document) {
    long version = document.draft().version();
    if (version > subscriber.version) {
      subscriber.version = version;
      context.out().send(subscriber.peer.id(), new NetworkConfig(document));
    }
  }

  /** The time of the document in force may be over, or the time to ask may have come. */
  void due(long nowMillis) {
    state().expire(context.seconds(nowMillis));
    if (nowMillis >= askAtMillis) {
      askAtMillis = NEVER;
      askAll();
    }
  }

  /** Lets settings that have changed take effect, after every input. */
  void follow(long nowMillis) {
    OperationalSettings now = context.settings();
    Optional<SettingsDocument> document = state().document();
    long version = document.isPresent() ? document.get().draft().version() : 0;
    if (!now.equals(inEffect)) {
      OperationalSettings before = inEffect;
      inEffect = now;
      schedule.apply(now, nowMillis);
      MempoolLimits limits = context.engine().mempoolLimits();
      areLimitsDue |= !before.over(limits).equals(now.over(limits));
      context.out().emit(new SyncEvent.SettingsChanged(version == versionInEffect ? 0 : version));
    }
    versionInEffect = version;
    arm(nowMillis);
    if (areLimitsDue) {
      applyLimits(nowMillis);
    }
  }

  private void applyLimits(long nowMillis) {
    ChainEngine engine = context.engine();
    engine.apply(inEffect.over(engine.mempoolLimits()), context.seconds(nowMillis));
    areLimitsDue = false; // Not if the store fails: then it is done at the next input.
    transactionRelay.feeFloorChanged(nowMillis);
  }

  private long expiresMillis() {
    OptionalLong seconds = state().expiresSeconds();
    return seconds.isPresent() && seconds.getAsLong() < NEVER / 1_000
        ? context.millisAt(seconds.getAsLong())
        : NEVER;
  }

  private void arm(long nowMillis) {
    if (askAtMillis == NEVER && !subscribers.isEmpty()) {
      askAtMillis = nowMillis + ASK_MILLIS;
    }
    long ends = expiresMillis();
    long next = Math.min(ends, askAtMillis);
    if (next == NEVER) {
      if (armedMillis != NEVER) {
        context.timers().cancel(Timer.SETTINGS);
      }
    } else if (next != armedMillis || !context.timers().isSet(Timer.SETTINGS)) {
      context.timers().set(Timer.SETTINGS, next);
    }
    armedMillis = next;
  }

  private @Nullable Subscriber find(Peer peer, String command) {
    Subscriber subscriber = subscribers.get(peer.id());
    if (subscriber == null) {
      context.out().complain(peer.id(), Misbehaviour.UNNEGOTIATED_MESSAGE, command);
    }
    return subscriber;
  }
}
