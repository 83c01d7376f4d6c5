package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.IntFunction;
import org.chaincore.core.config.Networks;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.store.ChainStore;
import org.chaincore.core.store.CoinSnapshots;
import org.chaincore.core.store.CoinSnapshots.Origin;
import org.chaincore.core.store.CoinSnapshots.Verdict;
import org.chaincore.core.store.InMemoryChainStore;
import org.chaincore.core.store.IndexProgress;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The steps of the upkeep one at a time, over a store whose indexes behave as a test says. */
@Timeout(30)
final class UpkeepStepsTest {
  private static final IndexProgress BEHIND = new IndexProgress(1, 200);

  private final InMemoryChainStore whole = InMemoryChainStore.create();
  private final ChainFixture chain = ChainFixture.on(whole, 10);
  private final Deque<Runnable> steps = new ArrayDeque<>();
  private IntFunction<IndexProgress> build = most -> BEHIND;
  private final StoreUpkeep upkeep =
      new StoreUpkeep(
          ChainNode.builder().network(Networks.regtest()),
          proxy(
              ChainStore.class,
              (method, arguments) ->
                  method.equals("buildIndexes") ? build.apply((int) arguments[0]) : null,
              whole),
          chain.engine());

  /** What a call gives; null to have the whole thing answer. */
  private interface Answer {
    @Nullable Object to(String method, Object... arguments);
  }

  private static <T> T proxy(Class<T> type, Answer answer, Object whole) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object own = answer.to(method.getName(), arguments);
              if (own != null) {
                return own;
              }
              try {
                return method.invoke(whole, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            }));
  }

  private void begin() {
    begin(upkeep);
  }

  private void begin(StoreUpkeep begun) {
    ScheduledExecutorService executor =
        (ScheduledExecutorService)
            Proxy.newProxyInstance(
                ScheduledExecutorService.class.getClassLoader(),
                new Class<?>[] {ScheduledExecutorService.class},
                (proxy, method, arguments) -> {
                  steps.add((Runnable) arguments[0]);
                  return null;
                });
    begun.begin(executor, new StoreUpkeep.Peers(() -> true, blocks -> {}));
  }

  private void step() {
    steps.remove().run();
  }

  private String sentence() {
    return upkeep.progress().sentence().orElse("");
  }

  @Test
  void step_thatFailsOnce_isFollowedByOthers() {
    begin();
    build =
        most -> {
          throw new IllegalStateException("a bug");
        };
    step();
    assertThat(steps).hasSize(1);
    build = most -> new IndexProgress(200, 200);
    step();
    step();
    assertThat(steps).isEmpty();
    assertThat(sentence()).isEmpty();
  }

  @Test
  void step_thatFailsAgainAndAgain_isToldToHaveStopped() {
    begin();
    build =
        most -> {
          throw new IllegalStateException("a bug");
        };
    for (int failures = 0; failures < 5; failures++) {
      assertThat(sentence()).startsWith("building indexes");
      step();
    }
    assertThat(steps).isEmpty();
    assertThat(sentence())
        .isEqualTo("the upkeep of the store has stopped: java.lang.IllegalStateException: a bug");
  }

  @Test
  void step_withASnapshotThatCanNeverBeValidated_buildsTheIndexesAllTheSame() {
    Origin unknown =
        new Origin(Hash256.ofWords(1, 2, 3, 4), 5, Hash256.ofWords(5, 6, 7, 8), Verdict.TRUSTED);
    CoinSnapshots snapshots =
        proxy(
            CoinSnapshots.class,
            (method, arguments) -> method.equals("origin") ? Optional.of(unknown) : null,
            whole.snapshots().orElseThrow());
    StoreUpkeep both =
        new StoreUpkeep(
            ChainNode.builder()
                .network(Networks.regtest())
                .snapshotCheckStore(InMemoryChainStore.create()),
            proxy(
                ChainStore.class,
                (method, arguments) ->
                    switch (method) {
                      case "buildIndexes" -> build.apply((int) arguments[0]);
                      case "snapshots" -> Optional.of(snapshots);
                      default -> null;
                    },
                whole),
            chain.engine());
    begin(both);

    step();
    assertThat(both.progress().stopped())
        .startsWith("the chain below the snapshot cannot be validated");
    build = most -> new IndexProgress(200, 200);
    step();
    step();

    assertThat(both.progress().indexes().isComplete()).isTrue();
    assertThat(steps).isEmpty();
  }

  @Test
  void step_overABrokenStore_waitsForIt() {
    begin();
    build =
        most -> {
          throw new StoreException(StoreFault.DISK_FULL, "full");
        };
    for (int i = 0; i < 20; i++) {
      step();
    }
    assertThat(steps).hasSize(1);
    assertThat(sentence()).startsWith("building indexes");
    build =
        most -> {
          throw new StoreException(StoreFault.CLOSED, "closed");
        };
    step();
    assertThat(steps).isEmpty();
  }

  @Test
  void close_duringAStepThatHangs_comesBackAndNoOtherFollows() throws Exception {
    begin();
    CountDownLatch hangs = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    build =
        most -> {
          hangs.countDown();
          try {
            mayEnd.await();
          } catch (InterruptedException e) {
            throw new RejectedExecutionException(e);
          }
          return BEHIND;
        };
    Thread stepping = new Thread(this::step);
    stepping.start();
    hangs.await();
    assertThat(upkeep.close(Duration.ofMillis(20))).isFalse();
    mayEnd.countDown();
    stepping.join();
    assertThat(upkeep.close(Duration.ofSeconds(20))).isTrue();
    while (!steps.isEmpty()) {
      step();
    }
    assertThat(hangs.getCount()).isZero();
  }
}
