package org.chaincore.net.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.chaincore.core.value.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * One connection: reads a request, has it answered, sends the answer, and only then reads the next.
 * Nothing is read that is not wanted, so a client that sends ahead is held back by TCP.
 *
 * <p>Confined to its event loop, but for what {@link HttpService} asks and tells, which is said.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {
  /** What a connection that is about to end may still send before it is cut. */
  private static final long MAX_IGNORED_BYTES = 4L * 1024 * 1024;

  /** How long it has for that: an answer that comes before the body must be seen to be read. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  /** Readers of long answers get a second more for each of these. */
  private static final long BYTES_A_SECOND = 256L * 1024;

  private static final long NEVER = Long.MAX_VALUE;

  /** What a connection is at. */
  private enum State {
    /** Nothing of the next request has come. */
    IDLE,
    /** A part of it has. */
    READING,
    /** It is complete, and being answered. */
    ANSWERING,
    /** The answer is being sent. */
    SENDING,
    /** The answer is a stream of events. */
    STREAMING,
    /** The last answer is sent; what comes is thrown away. */
    LINGERING,
    /** It is over. */
    CLOSED
  }

  private final HttpService service;
  private final Channel channel;

  /** When the state must have changed, in {@link System#nanoTime}; read by the sweeper. */
  private volatile long deadlineNanos = NEVER;

  private volatile State state = State.IDLE;
  private volatile @Nullable EventSender events;

  // Confined to the event loop.
  private @Nullable Exchange exchange;
  private long ignoredBytes;

  HttpConnection(HttpService service, Channel channel) {
    this.service = service;
    this.channel = channel;
  }

  /** A handler at the front, which sees that a request has begun before it can be read. */
  ChannelHandler firstBytes() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        if (state == State.IDLE) {
          enter(State.READING, service.times().request());
        } else if (state == State.LINGERING || state == State.STREAMING) {
          ignore(bytes);
          return;
        }
        ctx.fireChannelRead(bytes);
      }
    };
  }

  private void ignore(Object bytes) {
    ignoredBytes += bytes instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
    ReferenceCountUtil.release(bytes);
    if (ignoredBytes > MAX_IGNORED_BYTES) {
      var unused = channel.close();
    }
  }

  private void enter(State next, Duration within) {
    state = next;
    long deadline = System.nanoTime() + within.toNanos();
    deadlineNanos = deadline == NEVER ? deadline - 1 : deadline;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    enter(State.IDLE, service.times().idle());
    HttpConnection victim = service.connections().enter(this);
    if (victim != null) {
      victim.cut();
    }
    if (service.isDraining()) {
      var unused = channel.close();
    }
    ctx.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end();
    ctx.fireChannelInactive();
  }

  private void end() {
    state = State.CLOSED;
    deadlineNanos = NEVER;
    service.connections().leave(this);
    EventSender sender = events;
    if (sender != null) {
      events = null;
      sender.stop();
    }
    Exchange current = exchange;
    if (current != null) {
      exchange = null;
      current.release();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof HttpObject part && state != State.CLOSED) {
        read(part);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void read(HttpObject part) {
    if (part instanceof HttpRequest head) {
      begin(head);
      if (state != State.READING) {
        return; // It is answered already; what cannot be decoded is head and end in one.
      }
    }
    Exchange current = exchange;
    if (current == null || state == State.LINGERING) {
      return;
    }
    if (part instanceof HttpContent content) {
      if (content.decoderResult().isFailure()) {
        refuse(RequestHead.unreadable(content.decoderResult().cause()));
        return;
      }
      Optional<ApiResponse> refusal = current.take(content.content());
      if (refusal.isPresent()) {
        refuse(refusal.get());
        return;
      }
    }
    if (part instanceof LastHttpContent) {
      complete(current);
    }
  }

  private void begin(HttpRequest head) {
    if (state == State.IDLE) {
      // It came together with the one before, so that its first bytes were seen then.
      enter(State.READING, service.times().request());
    }
    Exchange next = new Exchange(service, head, remote());
    exchange = next;
    Optional<ApiResponse> refusal = next.refusalBeforeBody();
    if (refusal.isPresent() && next.endsConnection()) {
      refuse(refusal.get());
    } else if (next.isContinueExpected()) {
      var unused =
          channel.writeAndFlush(
              new DefaultFullHttpResponse(
                  HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    }
  }

  private String remote() {
    return channel.remoteAddress() instanceof InetSocketAddress address
        ? address.getAddress().getHostAddress() + ":" + address.getPort()
        : "unknown";
  }

  /** Answers before the request is complete; what is left of it is thrown away. */
  private void refuse(ApiResponse response) {
    Exchange current = exchange;
    if (current != null) {
      current.endConnection();
    }
    send(response);
  }

  private void complete(Exchange current) {
    channel.config().setAutoRead(false);
    service.connections().asked(this);
    enter(State.ANSWERING, service.times().answer());
    Optional<ApiResponse> refusal = current.refusalBeforeBody();
    if (refusal.isPresent()) {
      send(refusal.get());
      return;
    }
    Bytes body = current.body();
    boolean isTaken = service.work(current.isHeavy(), () -> answer(current, body));
    if (!isTaken) {
      send(ApiHandler.busy("the node has too much to do"));
    }
  }

  /** Called by a worker. */
  private void answer(Exchange current, Bytes body) {
    var unused = current.answer(body).whenComplete((answer, failure) -> answered(current, answer));
  }

  /** Called from any thread. */
  private void answered(Exchange of, @Nullable ApiResponse answer) {
    if (channel.eventLoop().isShuttingDown()) {
      return;
    }
    channel
        .eventLoop()
        .execute(
            () -> {
              // Else it was answered otherwise in the meantime, or the client has gone.
              if (exchange == of && state == State.ANSWERING) {
                send(
                    answer == null ? ApiHandler.malformed(500, "the node failed at this") : answer);
              }
            });
  }

  private void send(ApiResponse answer) {
    channel.config().setAutoRead(false);
    Exchange current = exchange;
    ApiStream stream = answer.stream();
    if (current != null && stream != null && !current.isHead()) {
      stream(answer, stream);
      return;
    }
    int bytes = answer.body().length();
    if (current != null && !current.takeAnswer(bytes)) {
      send(ApiHandler.busy("too many long answers wait to be read"));
      return;
    }
    boolean isLast = current == null || current.endsConnection() || service.isDraining();
    Duration patience = service.times().reading().plusSeconds(bytes / BYTES_A_SECOND);
    enter(State.SENDING, patience);
    channel
        .writeAndFlush(WireResponse.whole(answer, current, isLast))
        .addListener((ChannelFutureListener) sent -> sent(sent.isSuccess(), isLast));
  }

  private void sent(boolean isSuccess, boolean isLast) {
    Exchange done = exchange;
    if (done != null) {
      exchange = null;
      done.release();
    }
    if (!isSuccess) {
      var unused = channel.close();
    } else if (isLast && state != State.CLOSED) {
      linger();
    } else if (state != State.CLOSED) {
      enter(State.IDLE, service.times().idle());
      // Not from here: requests that wait would be answered one within the other.
      onLoop(this::readOn);
    }
  }

  private void readOn() {
    channel.config().setAutoRead(true);
  }

  /**
   * Says that no more comes, and reads until the client has seen it: if we closed with bytes
   * unread, TCP would take back what the client has not read either.
   */
  private void linger() {
    enter(State.LINGERING, LINGER);
    if (channel instanceof DuplexChannel duplex) {
      var unused = duplex.shutdownOutput();
      readOn();
    } else {
      var unused = channel.close();
    }
  }

  private void stream(ApiResponse answer, ApiStream stream) {
    if (service.isDraining()) {
      send(ApiHandler.busy("the node is stopping")); // Nobody would end it any more.
      return;
    }
    if (!service.openStream()) {
      send(ApiHandler.busy("too many clients follow the events"));
      return;
    }
    state = State.STREAMING;
    deadlineNanos = NEVER;
    EventSender sender = new EventSender(channel, stream, service);
    events = sender;
    var unused = channel.write(WireResponse.streamed(answer));
    sender.start();
    // What a client says now is thrown away; it is read to notice that it has gone.
    readOn();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    EventSender sender = events;
    if (sender != null) {
      sender.send();
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A client that went away, or bytes that the decoder gave up on: nothing of ours is wrong.
    var unused = channel.close();
  }

  /** Whether a request of it is complete and not yet answered. Called from any thread. */
  boolean isBeingAnswered() {
    State now = state;
    return now == State.ANSWERING || now == State.SENDING || now == State.STREAMING;
  }

  /** Called by the sweeper: does what is due. */
  void look(long nowNanos) {
    if (deadlineNanos != NEVER && nowNanos - deadlineNanos > 0) {
      onLoop(this::expire);
    }
    EventSender sender = events;
    if (sender != null && sender.isDue(nowNanos)) {
      onLoop(sender::beat);
    }
  }

  private void expire() {
    if (System.nanoTime() - deadlineNanos <= 0 || deadlineNanos == NEVER) {
      return; // It has gone on since.
    }
    if (state == State.READING) {
      refuse(ApiHandler.malformed(408, "the request did not come to an end in time"));
    } else if (state == State.ANSWERING) {
      refuse(ApiHandler.busy("the answer did not come in time"));
    } else {
      var unused = channel.close();
    }
  }

  /**
   * Ends it after the answer that is under way. A stream has no end to wait for: whoever has not
   * read of it what there is by now keeps nobody waiting. Called from any thread.
   */
  void drain() {
    onLoop(
        () -> {
          if (state == State.STREAMING) {
            var unused = channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
            var unusedToo = channel.close(); // What the system has taken by now is still sent.
          } else if (state == State.IDLE || state == State.READING) {
            var unused = channel.close();
          }
        });
  }

  /** Ends it now. Called from any thread. */
  void cut() {
    var unused = channel.close();
  }

  private void onLoop(Runnable task) {
    if (!channel.eventLoop().isShuttingDown()) {
      channel.eventLoop().execute(task);
    }
  }
}
