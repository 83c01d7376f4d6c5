package org.chaincore.net;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.chaincore.core.fixture.ArchitectureRules;
import org.chaincore.net.tcp.TcpTransport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The one direction of the network's module, and what of it touches the world. */
final class ArchitectureTest {
  /** TCP and HTTP share Netty's threads, which are named where TCP is. */
  private static final List<Set<String>> LAYERS =
      List.of(
          Set.of("tls"),
          Set.of("netty"),
          Set.of("tcp"),
          Set.of("journal"),
          Set.of("http"),
          Set.of("config"),
          Set.of("node"));

  private static final Set<String> MAY_HAVE_THREADS = Set.of("netty", "tcp", "http", "node");

  /** Deadlines and rates of connections; nothing of the chain is decided by them. */
  private static final Set<String> MAY_MEASURE = Set.of("tcp", "http", "node");

  private static final Set<String> MAY_USE_SOCKETS =
      Set.of("tls", "netty", "tcp", "http", "config", "node");

  /** A node has a clock and seeds of its own; the interface makes a token that nobody can guess. */
  private static final Set<String> ARE_SOURCES = Set.of("http", "node");

  @TestFactory
  Stream<DynamicTest> net_always_keepsTheRules() {
    ArchitectureRules.Layout layout =
        new ArchitectureRules.Layout(
            "org.chaincore.net",
            LAYERS,
            Set.of("org.chaincore.core", "org.chaincore.sync"),
            new ArchitectureRules.Exceptions(
                MAY_HAVE_THREADS, MAY_MEASURE, MAY_USE_SOCKETS, ARE_SOURCES));
    return ArchitectureRules.of(layout, TcpTransport.class).tests(getClass());
  }
}
