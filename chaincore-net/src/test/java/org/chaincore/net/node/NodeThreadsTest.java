package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;

class NodeThreadsTest {
  @Test
  void signatureWorkers_ofALentExecutor_areItsThreads() throws Exception {
    ScheduledThreadPoolExecutor lent = new ScheduledThreadPoolExecutor(1);
    try {
      NodeThreads threads = NodeThreads.of(lent);

      assertThat(threads.signatureWorkers().executor()).isSameAs(lent);
      assertThat(threads.signatureWorkers().count())
          .isEqualTo(Runtime.getRuntime().availableProcessors());
    } finally {
      lent.shutdownNow();
    }
  }

  @Test
  void signatureWorkers_ofANodeThatIsLentNothing_areItsOwn() throws Exception {
    NodeThreads threads = NodeThreads.of(null);

    assertThat(threads.signatureWorkers().executor()).isSameAs(threads.workers());
    assertThat(threads.close(Duration.ofSeconds(5))).isTrue();
  }
}
