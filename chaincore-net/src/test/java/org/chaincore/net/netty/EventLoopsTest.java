package org.chaincore.net.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.chaincore.sync.peer.AddressNetwork;
import org.chaincore.sync.peer.NetworkAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class EventLoopsTest {
  private static void bindAndStop(EventLoops loops) throws InterruptedException {
    Channel channel =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.serverChannels())
            .childHandler(new ChannelInboundHandlerAdapter())
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
    assertThat(IpAddresses.networkAddress(channel.localAddress())).isPresent();
    channel.close().sync();
    CountDownLatch stopped = new CountDownLatch(1);

    loops.stop();
    Runnable unused = loops.whenStopped(stopped::countDown);

    assertThat(loops.awaitStop(10_000)).isTrue();
    assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(loops.isStopping()).isTrue();
  }

  @Test
  void start_withoutEpoll_usesTheJdk() throws InterruptedException {
    EventLoops loops = EventLoops.start(1, false);

    assertThat(loops.serverChannels()).isEqualTo(NioServerSocketChannel.class);
    assertThat(loops.socketChannels()).isEqualTo(NioSocketChannel.class);
    loops.prepare();
    bindAndStop(loops);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void start_onLinux_usesEpollIfItIsThere() throws InterruptedException {
    EventLoops loops = EventLoops.start(1);

    assertThat(loops.serverChannels().equals(EpollServerSocketChannel.class))
        .isEqualTo(Epoll.isAvailable());
    loops.prepare();
    bindAndStop(loops);
  }

  @Test
  void prepare_whereNoChannelCanBeRegistered_leavesThatToWhoeverNeedsOne() throws Exception {
    EventLoops loops = EventLoops.start(1);
    loops.stop();
    assertThat(loops.awaitStop(10_000)).isTrue();

    assertThatCode(loops::prepare).doesNotThrowAnyException();
  }

  @Test
  void whenStopped_takenBack_isNotDone() throws InterruptedException {
    EventLoops loops = EventLoops.start(1);
    AtomicBoolean isDone = new AtomicBoolean();
    CountDownLatch stopped = new CountDownLatch(1);
    Runnable takeBack = loops.whenStopped(() -> isDone.set(true));
    Runnable unused = loops.whenStopped(stopped::countDown);

    takeBack.run();
    takeBack.run();
    loops.stop();

    assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(isDone).isFalse();
  }

  @Test
  void start_ofNoThreads_isRefused() {
    assertThatThrownBy(() -> EventLoops.start(0)).hasMessageContaining("not 0");
  }

  @Test
  void of_whatAnExecutorIs_findsTheLoopsOrRefuses() throws Exception {
    EventLoops loops = EventLoops.start(1);
    assertThat(EventLoops.of(loops.executor()).group()).isSameAs(loops.group());
    assertThat(loops.executor().submit(loops::isWithin).get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(loops.isWithin()).isFalse();
    loops.stop();
    assertThat(loops.awaitStop(10_000)).isTrue();

    ScheduledExecutorService other = Executors.newScheduledThreadPool(1);
    assertThatThrownBy(() -> EventLoops.of(other)).isInstanceOf(IllegalArgumentException.class);
    other.shutdown();
  }

  @Test
  void addresses_ofIp_areTranslatedBothWays() {
    for (String text : new String[] {"1.2.3.4:5", "[2a00::1]:6", "[fc00::1]:7"}) {
      NetworkAddress address = NetworkAddress.parse(text);
      InetSocketAddress socket = IpAddresses.socketAddress(address).orElseThrow();
      assertThat(IpAddresses.networkAddress(socket)).contains(address);
    }
  }

  @Test
  void addresses_ofOtherNetworks_haveNoSocket() {
    NetworkAddress onion =
        new NetworkAddress(
            AddressNetwork.TOR_V3, org.chaincore.core.value.Bytes.of(new byte[32]), 1);

    assertThat(IpAddresses.socketAddress(onion)).isEmpty();
    assertThat(IpAddresses.networkAddress(LocalAddress.ANY)).isEmpty();
    assertThat(IpAddresses.networkAddress(InetSocketAddress.createUnresolved("a.example", 1)))
        .isEmpty();
  }
}
