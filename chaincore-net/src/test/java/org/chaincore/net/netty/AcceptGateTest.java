package org.chaincore.net.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.peer.NetworkAddress;
import org.junit.jupiter.api.Test;

final class AcceptGateTest {
  private static final NetworkAddress HOST = NetworkAddress.parse("8.8.8.8:1000");
  private static final NetworkAddress OTHER = NetworkAddress.parse("9.9.9.9:1000");
  private static final NetworkAddress LOOPBACK = NetworkAddress.parse("127.0.0.1:1000");

  /** Begins where the numbers of the clock turn over, as System.nanoTime may. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

  private AcceptGate gate(AcceptGate.Limits limits) {
    return new AcceptGate(limits, nanos::get);
  }

  private static int entered(AcceptGate gate, NetworkAddress host, int times) {
    int entered = 0;
    for (int i = 0; i < times; i++) {
      entered += gate.enter(host.withPort(2_000 + i)).isPresent() ? 1 : 0;
    }
    return entered;
  }

  @Test
  void enter_whenAllPlacesAreTaken_isRefusedUntilOneIsFree() {
    AcceptGate gate = gate(new AcceptGate.Limits(2, 10, 60, 100, true));
    Optional<AcceptGate.Place> first = gate.enter(HOST);
    gate.enter(OTHER);
    assertThat(gate.enter(LOOPBACK)).isEmpty();

    first.orElseThrow().free();
    first.orElseThrow().free();

    assertThat(gate.open()).isEqualTo(1);
    assertThat(entered(gate, LOOPBACK, 5)).isEqualTo(1);
  }

  @Test
  void enter_ofOneHostFromManyPorts_countsTogether() {
    AcceptGate gate = gate(new AcceptGate.Limits(100, 3, 60, 100, true));

    assertThat(entered(gate, HOST, 10)).isEqualTo(3);
    assertThat(entered(gate, OTHER, 10)).isEqualTo(3);
  }

  @Test
  void enter_afterOthersOfTheHostHaveLeft_isAllowed() {
    AcceptGate gate = gate(new AcceptGate.Limits(100, 1, 60, 100, true));
    for (int i = 0; i < 50; i++) {
      gate.enter(HOST).orElseThrow().free();
    }

    assertThat(gate.open()).isZero();
  }

  @Test
  void enter_fasterThanTheRate_isRefusedUntilTimeHasPassed() {
    AcceptGate gate = gate(new AcceptGate.Limits(1_000, 1_000, 60, 5, true));
    assertThat(entered(gate, HOST, 20)).isEqualTo(5);

    nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
    assertThat(entered(gate, HOST, 20)).isEqualTo(2);

    nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
    assertThat(entered(gate, HOST, 20)).isEqualTo(5);
  }

  @Test
  void enter_ofIpv6_countsByCustomer() {
    AcceptGate gate = gate(new AcceptGate.Limits(100, 2, 60, 100, true));

    int entered = 0;
    for (int i = 1; i <= 9; i++) {
      entered += entered(gate, NetworkAddress.parse("[2a00:1:2:3::" + i + "]:1"), 1);
    }

    assertThat(entered).isEqualTo(2);
    assertThat(entered(gate, NetworkAddress.parse("[2a00:1:2:4::1]:1"), 5)).isEqualTo(2);
  }

  @Test
  void enter_ofLoopback_isExemptIfTheLimitsSaySo() {
    assertThat(entered(gate(new AcceptGate.Limits(50, 2, 60, 2, true)), LOOPBACK, 99))
        .isEqualTo(50);
    assertThat(entered(gate(new AcceptGate.Limits(50, 2, 60, 2, false)), LOOPBACK, 99))
        .isEqualTo(2);
  }

  @Test
  void hosts_ofAFloodFromEverywhere_areForgottenOldestFirst() {
    AcceptGate gate = gate(new AcceptGate.Limits(1_000, 10, 60, 1, true));
    for (int i = 0; i < 3 * AcceptGate.MAX_HOSTS; i++) {
      byte[] host = {8, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
      gate.enter(NetworkAddress.ofIp(Bytes.of(host), 1)).ifPresent(AcceptGate.Place::free);
    }

    assertThat(gate.rememberedHosts()).isEqualTo(AcceptGate.MAX_HOSTS);
    assertThat(gate.open()).isZero();
  }
}
