package org.chaincore.sync;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.chaincore.core.fixture.ArchitectureRules;
import org.chaincore.sync.protocol.SyncProtocol;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The one direction of the protocol's module, and its purity. */
final class ArchitectureTest {
  /** Neighbours do not see each other: the protocol knows messages, and never their bytes. */
  private static final List<Set<String>> LAYERS =
      List.of(
          Set.of("identity"),
          Set.of("sketch", "filter", "peer"),
          Set.of("statistics", "settings"),
          Set.of("message"),
          Set.of("codec", "protocol"),
          Set.of("transport"),
          Set.of("driver"),
          Set.of("sim"));

  /** Where bytes move and where the one thread of a node is; nothing is decided there. */
  private static final Set<String> MAY_HAVE_THREADS = Set.of("transport", "driver");

  /** Closing waits for what is left of the time that it was given; nothing is decided by that. */
  private static final Set<String> MAY_MEASURE = Set.of("driver");

  @TestFactory
  Stream<DynamicTest> sync_always_keepsTheRules() {
    ArchitectureRules.Layout layout =
        new ArchitectureRules.Layout(
            "org.chaincore.sync",
            LAYERS,
            Set.of("org.chaincore.core"),
            new ArchitectureRules.Exceptions(MAY_HAVE_THREADS, MAY_MEASURE));
    return ArchitectureRules.of(layout, SyncProtocol.class).tests(getClass());
  }
}
