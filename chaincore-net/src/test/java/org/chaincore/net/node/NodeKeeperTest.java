package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.config.Networks;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.ChainStoreProvider;
import org.chaincore.core.store.DurableChainStore;
import org.chaincore.core.store.NodeMemory;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.driver.SettingsAnswer;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.SyncTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
final class NodeKeeperTest {
  @TempDir private Path directory;

  private final Queue<String> writers = new ConcurrentLinkedQueue<>();
  private final CountDownLatch settingsKept = new CountDownLatch(1);

  /** Tells who writes a section where. */
  private DurableChainStore watched(DurableChainStore store) {
    NodeMemory memory =
        (NodeMemory)
            Proxy.newProxyInstance(
                NodeMemory.class.getClassLoader(),
                new Class<?>[] {NodeMemory.class},
                (proxy, method, arguments) -> {
                  Object result = invoke(() -> method.invoke(store.memory(), arguments));
                  if (arguments != null && arguments[arguments.length - 1] instanceof Bytes) {
                    writers.add(Thread.currentThread().getName() + " " + arguments[0]);
                    if (arguments[0].equals(NodeKeeper.SETTINGS)) {
                      settingsKept.countDown();
                    }
                  }
                  return result;
                });
    return (DurableChainStore)
        Proxy.newProxyInstance(
            ChainStore.class.getClassLoader(),
            new Class<?>[] {DurableChainStore.class},
            (proxy, method, arguments) ->
                method.getName().equals("memory")
                    ? memory
                    : invoke(() -> method.invoke(store, arguments)));
  }

  /** What a store does. */
  private interface Work {
    Object run() throws ReflectiveOperationException;
  }

  private static Object invoke(Work work) throws Throwable {
    try {
      return work.run();
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }

  @Test
  void keep_whileTheNodeRunsAndAsItCloses_isDoneByThreadsOfTheHost() throws Exception {
    ScheduledExecutorService lent =
        Executors.newScheduledThreadPool(3, task -> new Thread(task, "host"));
    try (DurableChainStore store =
        ChainStoreProvider.find().open(directory, StoreOptions.DEFAULT)) {
      ChainNode node =
          ChainNode.builder()
              .network(Networks.regtest())
              .store(watched(store))
              .executor(lent)
              .start();
      OperationalSettings other = OperationalSettings.DEFAULT.withEnabled(SyncTask.MEMPOOL, false);
      assertThat(node.sync().useOwn(other).get(30, TimeUnit.SECONDS))
          .isInstanceOf(SettingsAnswer.Applied.class);
      assertThat(settingsKept.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(writers).containsExactly("host settings");
      writers.clear();

      assertThat(node.close(Duration.ofSeconds(20))).isEmpty();
      String closing = Thread.currentThread().getName();
      assertThat(writers)
          .containsExactly(closing + " mempool", closing + " peers", closing + " settings");
    } finally {
      lent.shutdownNow();
    }
  }
}
