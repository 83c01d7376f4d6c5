package org.chaincore.net.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One connection without a socket: what comes too late, too early, or never. */
@Timeout(60)
final class HttpConnectionTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(10);

  private final TestApi api = TestApi.begin();
  private final CountDownLatch release = new CountDownLatch(1);
  private HttpService service = service(HttpOptions.Times.DEFAULT);

  @AfterEach
  void close() {
    release.countDown();
    service.stop();
    api.close();
  }

  private HttpService service(HttpOptions.Times times) {
    return new HttpService(
        api.handler(),
        api.handler().access(),
        HttpOptions.onLoopback(0)
            .withTimes(times)
            .withLimits(new HttpOptions.Limits(1_024, 16, 1, 1L << 20)));
  }

  private EmbeddedChannel connect() {
    WorkedChannel channel = new WorkedChannel();
    HttpConnection connection = new HttpConnection(service, channel);
    channel.pipeline().addLast(connection.firstBytes(), connection);
    channel.pipeline().fireChannelActive();
    return channel;
  }

  private static DefaultFullHttpRequest get(String uri) {
    DefaultFullHttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, uri);
    request.headers().set(HttpHeaderNames.HOST, "localhost");
    return request;
  }

  private static void until(EmbeddedChannel channel, BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      channel.runPendingTasks();
      Thread.onSpinWait();
    }
  }

  private static FullHttpResponse answer(EmbeddedChannel channel) {
    until(channel, () -> !channel.outboundMessages().isEmpty());
    return channel.readOutbound();
  }

  /** Keeps the one worker busy until the test is over. */
  private void occupyWorker() {
    assertThat(
            service.work(
                false,
                () -> {
                  try {
                    release.await();
                  } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                  }
                }))
        .isTrue();
  }

  private static void pass(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }

  @Test
  void request_whenNoWorkerTakesIt_is503() {
    service.stop();
    EmbeddedChannel channel = connect();

    channel.writeInbound(get("/health/live"));

    assertThat(answer(channel).status().code()).isEqualTo(503);
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void answer_thatDoesNotComeInTime_is503AndTheLateOneIsDropped() {
    service = service(new HttpOptions.Times(LONG, LONG, SHORT, LONG, LONG));
    occupyWorker();
    EmbeddedChannel channel = connect();
    channel.writeInbound(get("/health/live"));
    pass(SHORT.multipliedBy(2));

    service.sweep();
    FullHttpResponse late = answer(channel);
    release.countDown();
    pass(SHORT);
    channel.runPendingTasks();

    assertThat(late.status().code()).isEqualTo(503);
    assertThat(late.headers().get(HttpHeaderNames.CONNECTION)).isEqualTo("close");
    assertThat(channel.outboundMessages()).isEmpty();
  }

  @Test
  void answer_toAClientThatHasGone_isDropped() {
    occupyWorker();
    EmbeddedChannel channel = connect();
    channel.writeInbound(get("/health/live"));
    var unused = channel.close();
    channel.runPendingTasks();
    release.countDown();
    pass(SHORT);
    channel.runPendingTasks();

    assertThat(channel.outboundMessages()).isEmpty();
    assertThat(service.connections().size()).isZero();
  }

  @Test
  void request_thatIsNotWholeInTime_is408() {
    service = service(new HttpOptions.Times(SHORT, LONG, LONG, LONG, LONG));
    EmbeddedChannel channel = connect();
    DefaultHttpRequest head =
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/add_transaction");
    head.headers().set(HttpHeaderNames.HOST, "localhost").set(HttpHeaderNames.CONTENT_LENGTH, 9);
    channel.writeInbound(head);
    service.sweep();
    assertThat(channel.outboundMessages()).isEmpty();
    pass(SHORT.multipliedBy(2));

    service.sweep();

    assertThat(answer(channel).status().code()).isEqualTo(408);
  }

  @Test
  void connection_whileTheServerIsClosed_isEndedAtOnce() {
    service.drain();

    EmbeddedChannel channel = connect();
    channel.runPendingTasks();

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void drain_ofAConnectionThatReads_endsIt() {
    EmbeddedChannel channel = connect();
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {'G'}));

    service.drain();
    channel.runPendingTasks();

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void drain_ofAConnectionThatIsAnswered_letsItEnd() {
    occupyWorker();
    EmbeddedChannel channel = connect();
    channel.writeInbound(get("/health/live"));

    service.drain();
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isTrue();
    release.countDown();

    assertThat(answer(channel).headers().get(HttpHeaderNames.CONNECTION)).isEqualTo("close");
  }

  @Test
  void drain_beforeAStreamBegins_refusesIt() {
    occupyWorker();
    EmbeddedChannel channel = connect();
    channel.writeInbound(get("/events"));

    service.drain();
    channel.runPendingTasks();
    release.countDown();

    until(channel, () -> !channel.outboundMessages().isEmpty());
    HttpResponse answer = channel.readOutbound();
    assertThat(answer.status().code()).isEqualTo(503);
    assertThat(answer.headers().get(HttpHeaderNames.CONNECTION)).isEqualTo("close");
  }

  private EmbeddedChannel follow() {
    EmbeddedChannel channel = connect();
    channel.writeInbound(get("/events"));
    until(
        channel, () -> channel.outboundMessages().stream().anyMatch(HttpContent.class::isInstance));
    channel.releaseOutbound();
    return channel;
  }

  @Test
  void stream_whoseClientGoesOnTalking_isCutAtALimit() {
    EmbeddedChannel channel = follow();
    for (int i = 0; i < 4; i++) {
      channel.writeInbound(Unpooled.wrappedBuffer(new byte[1024 * 1024]));
    }
    assertThat(channel.isOpen()).isTrue();

    channel.writeInbound("what is no buffer costs nothing");
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[1]));

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void stream_whoseClientDoesNotRead_isCutAfterItsTime() {
    service = service(new HttpOptions.Times(LONG, LONG, LONG, SHORT, SHORT));
    EmbeddedChannel channel = follow();
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    api.chain().mine(1);
    channel.runPendingTasks();
    assertThat(channel.outboundMessages()).isEmpty();
    pass(SHORT.multipliedBy(2));

    service.sweep();
    channel.runPendingTasks();

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void stream_whoseClientReadsAgain_goesOn() {
    EmbeddedChannel channel = follow();
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    api.chain().mine(1);
    channel.runPendingTasks();

    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
    until(channel, () -> !channel.outboundMessages().isEmpty());

    HttpContent piece = channel.readOutbound();
    ByteBuf bytes = piece.content();
    assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("tip_changed");
    piece.release();
  }

  @Test
  void stream_ofHead_isAHeadAlone() {
    EmbeddedChannel channel = connect();
    DefaultFullHttpRequest head = get("/events");
    head.setMethod(HttpMethod.HEAD);

    channel.writeInbound(head);

    FullHttpResponse answer = answer(channel);
    assertThat(answer.status().code()).isEqualTo(200);
    assertThat(answer.headers().contains(HttpHeaderNames.CONTENT_LENGTH)).isFalse();
    assertThat(answer.content().readableBytes()).isZero();
  }

  @Test
  void answers_longerThanTheBudget_are503() {
    EmbeddedChannel channel = connect();
    assertThat(service.budget().take(1L << 20)).isTrue();
    api.chain().mine(100);

    channel.writeInbound(get("/blockchain"));

    HttpResponse answer = answer(channel);
    assertThat(answer.status().code()).isEqualTo(503);
  }

  @Test
  void failure_ofTheConnection_endsIt() {
    EmbeddedChannel channel = connect();

    channel.pipeline().fireExceptionCaught(new IllegalStateException("reset"));

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void message_thatIsNotHttp_isDropped() {
    EmbeddedChannel channel = connect();

    channel.writeInbound("no part of a request");

    assertThat(channel.isOpen()).isTrue();
    assertThat(channel.outboundMessages()).isEmpty();
  }
}
