package org.chaincore.net.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that do not read what they asked for, when the server is closed. */
@Timeout(60)
final class DeafClientTest {
  private final TestApi api = TestApi.begin();

  @AfterEach
  void close() {
    api.close();
  }

  /** A network that takes everything, and never says that it has passed it on. */
  private static final class FullNetwork extends ChannelOutboundHandlerAdapter {
    private int contents;

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      contents += message instanceof HttpContent ? 1 : 0;
      ReferenceCountUtil.release(message);
    }
  }

  @Test
  void drain_aStreamThatIsNotRead_endsItAtOnce() {
    HttpService service =
        new HttpService(api.handler(), api.handler().access(), HttpOptions.onLoopback(0));
    FullNetwork network = new FullNetwork();
    WorkedChannel channel = new WorkedChannel();
    channel.pipeline().addLast(network, new HttpConnection(service, channel));
    channel.pipeline().fireChannelActive();
    DefaultFullHttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/events");
    request.headers().set(HttpHeaderNames.HOST, "localhost");
    channel.writeInbound(request);
    while (network.contents == 0) { // A worker answers.
      channel.runPendingTasks();
      Thread.onSpinWait();
    }

    service.drain();
    channel.runPendingTasks();

    assertThat(channel.isOpen()).isFalse();
    assertThat(service.awaitDrained(System.nanoTime())).isTrue();
    service.stop();
  }

  @Test
  void close_withAnswersThatAreNotRead_isDoneInHalfOfItsTime() throws IOException {
    api.chain().mine(200);
    HttpServer server = HttpServer.start(api.handler(), HttpOptions.onLoopback(0));
    try (RawClient deaf = RawClient.connect(server.address());
        RawClient other = RawClient.connect(server.address())) {
      for (int i = 0; i < 200; i++) {
        deaf.get("/blockchain?start=" + i);
      }
      for (int i = 0; i < 100; i++) {
        other.get("/blockchain");
        assertThat(other.answer().status()).isEqualTo(200);
      }
      long begun = System.nanoTime();

      assertThat(server.close(Duration.ofSeconds(10))).isTrue();

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(9));
      assertThat(server.connections()).isZero();
    }
  }
}
