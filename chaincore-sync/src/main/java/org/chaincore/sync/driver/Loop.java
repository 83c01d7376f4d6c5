package org.chaincore.sync.driver;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.chaincore.core.lock.Published;
import org.chaincore.sync.codec.Frame;
import org.chaincore.sync.codec.FrameEncoder;
import org.chaincore.sync.codec.MalformedFrame;
import org.chaincore.sync.codec.MessageFrame;
import org.chaincore.sync.codec.UnknownFrame;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.protocol.Input;
import org.chaincore.sync.protocol.Output;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.protocol.SyncEvent.TaskFinished;
import org.chaincore.sync.protocol.SyncProtocol;
import org.chaincore.sync.settings.OperationalSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the driver's thread does, a turn at a time: it hands the protocol what the host wants and
 * what connections have brought, and does what the protocol then wants done.
 *
 * <p>Its parts are for all threads; what a turn does is confined to the thread whose turn it is.
 */
final class Loop implements Turns.Work {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

  /** After so many pieces a lent thread is given back for a moment: it has other work too. */
  private static final int PIECES_A_TURN = 256;

  /** The status is not taken more often than this, or a busy node would do little else. */
  static final long STATUS_MILLIS = 100;

  /** After the protocol has thrown it is woken again, or a node without peers would sleep on. */
  private static final long RETRY_MILLIS = 1_000;

  private final DriverSetup setup;
  private final NodeClock clock;
  private final SyncProtocol protocol;
  private final StatusDesk statusDesk;
  private final Turns turns;
  private final Inbox inbox;
  private final Door door;
  private final Receipts receipts = new Receipts();
  private final Published<OperationalSettings> settings;

  // Confined to the driver's thread.
  private final Sender sender;
  private final HalfFrames halfFrames;
  private long protocolWakesAtMillis = Long.MAX_VALUE;

  Loop(DriverSetup setup, LongSupplier nanos) {
    this.setup = setup;
    this.clock = new NodeClock(setup.host().clockMillis(), nanos);
    this.protocol = SyncProtocol.of(setup.protocol());
    this.statusDesk = new StatusDesk(STATUS_MILLIS, protocol.status(clock.nowMillis()));
    this.turns = Turns.of(setup.host(), this);
    this.inbox = new Inbox(setup.locks(), turns::wake);
    this.halfFrames = new HalfFrames(inbox);
    this.door = new Door(setup, inbox);
    this.settings = Published.of(setup.protocol().settings().current());
    this.sender =
        new Sender(FrameEncoder.of(setup.protocol().engine().params().identity().magic()));
  }

  StatusDesk statusDesk() {
    return statusDesk;
  }

  Inbox inbox() {
    return inbox;
  }

  Door door() {
    return door;
  }

  Receipts receipts() {
    return receipts;
  }

  /** The settings in force. */
  OperationalSettings settings() {
    return settings.get();
  }

  /** There may be something to do. */
  void wake() {
    turns.wake();
  }

  /** Does nothing any more, see {@link Turns#stop}. */
  boolean stop(long millis) throws InterruptedException {
    return turns.stop(millis);
  }

  @Override
  public boolean doPiece() {
    boolean isMore = turn();
    statusDesk.turnEnded(clock.nowMillis(), protocol::status);
    return isMore;
  }

  /** What the host wants, and a piece of what each of some sessions has to tell. */
  private boolean turn() {
    handle(new Input.Woken(), null);
    cutSlow();
    for (int piece = 0; piece < PIECES_A_TURN; piece++) {
      Wish wish = inbox.takeWish();
      if (wish != null) {
        handle(wish.input(), null, wish);
      }
      Session session = inbox.takeTurn();
      if (session != null) {
        listen(session);
      }
      if (wish == null && session == null) {
        return false;
      }
    }
    return true;
  }

  private void cutSlow() {
    for (Session slow : halfFrames.takeSlow(clock.nowMillis())) {
      LOG.debug("{} is cut: it does not go on with a large frame", slow.id());
      slow.connection().close();
    }
    if (halfFrames.lookAtMillis() != Long.MAX_VALUE) {
      wakeInTime();
    }
  }

  private void wakeInTime() {
    long at = Math.min(protocolWakesAtMillis, halfFrames.lookAtMillis());
    turns.wakeIn(at - clock.nowMillis());
  }

  private void listen(Session session) {
    if (session.isNew()) {
      handle(session.who(), session);
    }
    News news = inbox.takeNews(session);
    ByteBuffer bytes = news.bytes();
    List<Frame> frames = session.decoder().feed(bytes.array(), bytes.arrayOffset(), bytes.limit());
    feeds(session, bytes.limit(), !frames.isEmpty());
    for (Frame frame : frames) {
      hear(session, frame);
    }
    if (news.isDrained() && sender.drained(session)) {
      tellQueue(session);
    }
    if (news.isClosed()) {
      halfFrames.ended(session);
    }
    if (news.isClosed() && door.forget(session)) {
      handle(new Input.Disconnected(session.id()), null);
    }
  }

  private void feeds(Session session, int bytes, boolean hasEndedFrame) {
    long before = halfFrames.lookAtMillis();
    halfFrames.fed(session, bytes, hasEndedFrame, clock.nowMillis());
    if (before == Long.MAX_VALUE && halfFrames.lookAtMillis() != before) {
      wakeInTime();
    }
  }

  private void hear(Session session, Frame frame) {
    if (frame instanceof MessageFrame message) {
      handle(new Input.Received(session.id(), message.message(), message.frameBytes()), session);
    } else if (frame instanceof MalformedFrame malformed) {
      String what = malformed.command().isEmpty() ? "" : malformed.command() + ": ";
      Input.Malformed.Reason reason = reasonOf(malformed.reason());
      handle(new Input.Malformed(session.id(), reason, what + malformed.detail()), session);
    } else if (frame instanceof UnknownFrame unknown) {
      handle(new Input.Unknown(session.id(), unknown.command(), unknown.frameBytes()), session);
    }
  }

  private static Input.Malformed.Reason reasonOf(MalformedFrame.Reason reason) {
    return switch (reason) {
      case WRONG_MAGIC -> Input.Malformed.Reason.OTHER_NETWORK;
      case BAD_COMMAND, WRONG_CHECKSUM -> Input.Malformed.Reason.NO_FRAME;
      case TOO_LONG -> Input.Malformed.Reason.OVERSIZE;
      case BAD_PAYLOAD, EXTRA_BYTES -> Input.Malformed.Reason.NO_MESSAGE;
    };
  }

  /**
   * Lets the protocol know of something, and does what it wants done.
   *
   * @param from the connection that brought it about, null if none did
   */
  private void handle(Input input, @Nullable Session from) {
    handle(input, from, null);
  }

  /**
   * The same for what the host wants.
   *
   * @param wish who hears what came of it; null for nobody
   */
  private void handle(Input input, @Nullable Session from, @Nullable Wish wish) {
    List<Output> outputs;
    try {
      OptionalLong ahead = clock.takeChange();
      if (ahead.isPresent()) {
        handle(new Input.ClockSet(ahead.getAsLong()), null);
      }
      outputs = protocol.handle(input, clock.nowMillis());
    } catch (RuntimeException broken) {
      LOG.error("the protocol failed at {}", input.getClass().getSimpleName(), broken);
      // It did not come to say when it wants to be woken.
      protocolWakesAtMillis = clock.nowMillis() + RETRY_MILLIS;
      wakeInTime();
      if (from != null) {
        from.connection().close();
      }
      if (wish != null) {
        wish.failed().accept(broken);
      }
      return;
    }
    for (Output output : outputs) {
      try {
        perform(output);
      } catch (RuntimeException broken) {
        LOG.error("could not do {}", output.getClass().getSimpleName(), broken);
        if (output instanceof Output.Send send) {
          door.cut(send.peer()); // What follows would not follow what it should.
        }
      }
    }
    if (wish != null) {
      wish.answered().accept(outputs);
    }
    for (Session slow = sender.takeCongested(); slow != null; slow = sender.takeCongested()) {
      tellQueue(slow);
    }
  }

  private void tellQueue(Session session) {
    handle(new Input.SendQueue(session.id(), session.connection().queuedBytes()), null);
  }

  private void perform(Output output) {
    if (output instanceof Output.Send send) {
      send(send.peer(), send.message());
    } else if (output instanceof Output.WakeAt wake) {
      protocolWakesAtMillis = wake.atMillis();
      wakeInTime();
    } else if (output instanceof Output.Emit emit) {
      emit(emit.event());
    } else if (output instanceof Output.Connect connect) {
      door.dial(connect, clock.nowMillis());
    } else if (output instanceof Output.Disconnect end) {
      LOG.debug("{} is cut: {}", end.peer(), end.reason());
      door.cut(end.peer());
    }
  }

  private void send(PeerId peer, Message message) {
    Session session = door.find(peer);
    if (session != null) { // Else it ended while the protocol decided.
      protocol.sent(message, sender.send(session, message));
    }
  }

  private void emit(SyncEvent event) {
    if (event instanceof TaskFinished finished) {
      receipts.finished(finished);
    } else if (event instanceof SyncEvent.SettingsChanged) {
      settings.set(setup.protocol().settings().current());
    } else if (event instanceof SyncEvent.StoreFailed failed) {
      LOG.error("the store fails; blocks and transactions are not taken in", failed.cause());
    } else if (event instanceof SyncEvent.ConnectionRefused refused) {
      LOG.warn("no connection with {}: {}", refused.address(), refused.reason());
    }
    try {
      setup.host().events().accept(event);
    } catch (RuntimeException broken) {
      LOG.warn("the host threw when it was told {}", event, broken);
    }
  }
}
