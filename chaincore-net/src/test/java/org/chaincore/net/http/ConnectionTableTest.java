package org.chaincore.net.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who has to go when there are too many. */
@Timeout(60)
final class ConnectionTableTest {
  private final TestApi api = TestApi.begin();
  private final CountDownLatch release = new CountDownLatch(1);
  private final HttpService service =
      new HttpService(
          api.handler(),
          api.handler().access(),
          HttpOptions.onLoopback(0).withLimits(new HttpOptions.Limits(1_024, 4, 1, 1L << 20)));
  private final ConnectionTable table = new ConnectionTable(2);

  @AfterEach
  void close() {
    release.countDown();
    service.stop();
    api.close();
  }

  private HttpConnection idle() {
    return new HttpConnection(service, new WorkedChannel());
  }

  /** One whose request waits for a worker. */
  private HttpConnection asking() {
    WorkedChannel channel = new WorkedChannel();
    HttpConnection connection = new HttpConnection(service, channel);
    channel.pipeline().addLast(connection);
    DefaultFullHttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/health/live");
    request.headers().set(HttpHeaderNames.HOST, "localhost");
    channel.writeInbound(request);
    assertThat(connection.isBeingAnswered()).isTrue();
    return connection;
  }

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

  @Test
  void enter_whenFull_putsOutWhoAskedLongestAgo() {
    HttpConnection first = idle();
    HttpConnection second = idle();
    assertThat(table.enter(first)).isNull();
    assertThat(table.enter(second)).isNull();
    table.asked(first);
    table.asked(idle()); // One that was put out before asks in vain.

    assertThat(table.enter(idle())).isSameAs(second);
    assertThat(table.size()).isEqualTo(2);
  }

  @Test
  void enter_whenFull_sparesWhoIsBeingAnswered() {
    occupyWorker();
    HttpConnection busy = asking();
    HttpConnection idle = idle();
    table.enter(busy);
    table.enter(idle);

    assertThat(table.enter(asking())).isSameAs(idle);
    assertThat(table.enter(idle())).as("if there are no others").isSameAs(busy);
  }

  @Test
  void awaitEmpty_withinItsTime_saysWhetherAllHaveLeft() throws Exception {
    HttpConnection last = idle();
    table.enter(last);
    long soon = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20);
    assertThat(table.awaitEmpty(soon)).isFalse();
    assertThat(table.awaitEmpty(soon)).as("the time is over").isFalse();

    CompletableFuture<Boolean> waiting =
        CompletableFuture.supplyAsync(
            () -> table.awaitEmpty(System.nanoTime() + TimeUnit.SECONDS.toNanos(30)));
    table.leave(last);

    assertThat(waiting.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(table.all()).isEmpty();
  }

  @Test
  void awaitEmpty_interrupted_givesUpAndStaysInterrupted() {
    table.enter(idle());
    Thread.currentThread().interrupt();

    assertThat(table.awaitEmpty(System.nanoTime() + TimeUnit.SECONDS.toNanos(30))).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }
}
