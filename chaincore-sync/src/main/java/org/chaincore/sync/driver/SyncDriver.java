package org.chaincore.sync.driver;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.chaincore.core.event.EventReader;
import org.chaincore.sync.codec.Frame;
import org.chaincore.sync.codec.FrameEncoder;
import org.chaincore.sync.codec.MalformedFrame;
import org.chaincore.sync.codec.MessageFrame;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.protocol.Input;
import org.chaincore.sync.protocol.Output;
import org.chaincore.sync.protocol.SyncEvent;
import org.chaincore.sync.protocol.SyncEvent.TaskFinished;
import org.chaincore.sync.protocol.SyncProtocol;
import org.chaincore.sync.protocol.SyncStatus;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.settings.TrustedSigners;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the protocol of one node over a transport: all that happens is handed to it one after the
 * other, and what it wants is done in order. This is the only place that sends.
 *
 * <p>The protocol runs in one thread at a time: the driver's own, or one that the host lends. Bytes
 * are decoded there too, a piece of each connection in turn. The engine may be used by other
 * threads meanwhile: its events wake the driver.
 *
 * <p>When the protocol throws, which only a bug or a broken store makes it do, the connection that
 * brought this about ends and the node goes on.
 *
 * <p>What the node waits for it waits for by the machine's stopwatch, so the host's clock may be set
 * while it runs: that changes dates, as of bans, and no deadline.
 *
 * <p>Thread-safe.
 */
public final class SyncDriver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SyncDriver.class);

  /** After so many pieces a lent thread is given back for a moment: it has other work too. */
  private static final int PIECES_A_TURN = 256;

  /** The status is not taken more often than this, or a busy node would do little else. */
  private static final long STATUS_MILLIS = 100;

  /** After the protocol has thrown it is woken again, or a node without peers would sleep for ever. */
  private static final long RETRY_MILLIS = 1_000;

  private static final Duration CLOSE_TIME = Duration.ofSeconds(5);

  private final DriverSetup setup;
  private final NodeClock clock;
  private final SyncProtocol protocol;
  private final StatusDesk statusDesk;
  private final Inbox inbox;
  private final Turns turns;
  private final Door door;
  private final Receipts receipts = new Receipts();
  private final EventReader.Subscription engineEvents;
  private volatile boolean isClosed;

  // Confined to the driver's thread.
  private final Sender sender;

  private SyncDriver(DriverSetup setup, LongSupplier nanos) {
    this.setup = setup;
    this.clock = new NodeClock(setup.host().clockMillis(), nanos);
    this.protocol = SyncProtocol.of(setup.protocol());
    this.statusDesk = new StatusDesk(STATUS_MILLIS, protocol.status(clock.nowMillis()));
    this.turns = Turns.of(setup.host(), this::work);
    this.inbox = new Inbox(setup.locks(), turns::wake);
    this.door = new Door(setup, inbox);
    this.sender =
        new Sender(FrameEncoder.of(setup.protocol().engine().params().identity().magic()));
    this.engineEvents = setup.protocol().engine().events().subscribe(turns::wake);
  }

  /**
   * Starts a node's protocol and its transport. If the transport cannot be started nothing is left
   * of it but what that threw.
   */
  public static SyncDriver start(DriverSetup setup) {
    return start(setup, System::nanoTime);
  }

  /**
   * Starts a node whose waiting is measured otherwise, for tests.
   *
   * @param nanos what only ever goes forward; alarms of the executor go by it
   */
  static SyncDriver start(DriverSetup setup, LongSupplier nanos) {
    SyncDriver driver = new SyncDriver(setup, nanos);
    try {
      setup.transport().start(driver.door);
    } catch (RuntimeException broken) {
      driver.close(Duration.ZERO);
      throw broken;
    }
    driver.turns.wake();
    return driver;
  }

  /**
   * Connects to an address, whatever the address book says. A driver that is closed does nothing.
   */
  public void connect(NetworkAddress address) {
    wish(new Input.ConnectRequested(address));
  }

  /**
   * Changes whose settings the node obeys, see {@link Input.SignersTrusted}. A driver that is
   * closed does nothing.
   */
  public void trust(TrustedSigners signers) {
    wish(new Input.SignersTrusted(signers));
  }

  /**
   * Has a task of the schedule done now.
   *
   * @return what came of it; cancelled if the driver is closed before that
   */
  public CompletableFuture<TaskFinished> request(SyncTask task) {
    CompletableFuture<TaskFinished> receipt = receipts.issue();
    wish(new Input.TaskRequested(task, receipts.number(receipt)));
    return receipt;
  }

  /**
   * What the node knew of itself and its network when this was taken last: some {@value
   * #STATUS_MILLIS} ms ago while there is much to do, before the last thing happened while there is
   * little. Waits for nobody.
   */
  public SyncStatus status() {
    return statusDesk.status();
  }

  /**
   * The same as it is now. To be waited for: the driver's thread takes it. What is chained to it
   * runs in that thread and must not block.
   *
   * @return cancelled if the driver is closed before that
   */
  public CompletableFuture<SyncStatus> currentStatus() {
    CompletableFuture<SyncStatus> status = statusDesk.ask();
    turns.wake();
    return status;
  }

  /** How many connections there are. */
  public int connections() {
    return door.connections();
  }

  private void wish(Input input) {
    if (!isClosed && !inbox.wish(input)) {
      throw new IllegalStateException("too much waits to be done for " + input);
    }
  }

  private boolean work() {
    boolean isMore = turn();
    statusDesk.turnEnded(clock.nowMillis(), protocol::status);
    return isMore;
  }

  /** What the host wants, and a piece of what each of some sessions has to tell. */
  private boolean turn() {
    handle(new Input.Woken(), null);
    for (int piece = 0; piece < PIECES_A_TURN; piece++) {
      Input wish = inbox.takeWish();
      if (wish != null) {
        handle(wish, null);
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

  private void listen(Session session) {
    if (session.isNew()) {
      handle(session.who(), session);
    }
    News news = inbox.takeNews(session);
    ByteBuffer bytes = news.bytes();
    for (Frame frame : session.decoder().feed(bytes.array(), bytes.arrayOffset(), bytes.limit())) {
      hear(session, frame);
    }
    if (news.isDrained() && sender.drained(session)) {
      tellQueue(session);
    }
    if (news.isClosed() && door.forget(session)) {
      handle(new Input.Disconnected(session.id()), null);
    }
  }

  private void hear(Session session, Frame frame) {
    if (frame instanceof MessageFrame message) {
      handle(new Input.Received(session.id(), message.message(), message.frameBytes()), session);
    } else if (frame instanceof MalformedFrame malformed) {
      handle(new Input.Malformed(session.id(), malformed.toString()), session);
    }
  }

  /**
   * Lets the protocol know of something, and does what it wants done.
   *
   * @param from the connection that brought it about, null if none did
   */
  private void handle(Input input, @Nullable Session from) {
    List<Output> outputs;
    try {
      OptionalLong ahead = clock.takeChange();
      if (ahead.isPresent()) {
        handle(new Input.ClockSet(ahead.getAsLong()), null);
      }
      outputs = protocol.handle(input, clock.nowMillis());
    } catch (RuntimeException broken) {
      LOG.error("the protocol failed at {}", input.getClass().getSimpleName(), broken);
      turns.wakeIn(RETRY_MILLIS); // It did not come to say when it wants to be woken.
      if (from != null) {
        from.connection().close();
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
      turns.wakeIn(wake.atMillis() - clock.nowMillis());
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
    }
    try {
      setup.host().events().accept(event);
    } catch (RuntimeException broken) {
      LOG.warn("the host threw when it was told {}", event, broken);
    }
  }

  @Override
  public void close() {
    close(CLOSE_TIME);
  }

  /**
   * Ends all connections and stops.
   *
   * @return whether what was under way has ended within the time
   */
  public boolean close(Duration within) {
    engineEvents.close();
    isClosed = true;
    door.close();
    boolean hasStopped = false;
    try {
      hasStopped = turns.stop(within.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    statusDesk.close();
    setup.transport().close();
    receipts.close();
    return hasStopped;
  }
}
