package org.chaincore.store.coins;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CoinCacheTest {
  private final Map<OutPoint, Coin> disk = new HashMap<>();
  private final CoinCache cache = new CoinCache(disk::get, 1 << 20);

  private static OutPoint at(long number) {
    return new OutPoint(Hash256.ofWords(number, number * 31, 7, 8), (int) number);
  }

  private static Coin coin(int height) {
    Bytes script = Bytes.of(new byte[height % 40]);
    return new Coin(new TransactionOutput(height, script), height, false);
  }

  private Map<OutPoint, @Nullable Coin> changes() {
    Map<OutPoint, @Nullable Coin> changes = new LinkedHashMap<>();
    cache.forEachChange(changes::put);
    return changes;
  }

  @Test
  void set_coinThatCameAndWent_leavesNothing() {
    cache.set(at(1), coin(1), false);
    cache.set(at(1), null, true);
    assertThat(changes()).isEmpty();
    assertThat(cache.bytes()).isZero();
  }

  @Test
  void set_coinOfTheDiskThatWentAndCame_isStillKnownToBeThere() {
    disk.put(at(1), coin(1));
    cache.set(at(1), null, true);
    cache.set(at(1), coin(2), false);
    cache.set(at(1), null, false);
    assertThat(changes()).containsOnlyKeys(at(1)).containsValue(null);
    assertThat(cache.coin(at(1))).isNull();
  }

  @Test
  void bytes_ofRandomChanges_areThoseOfWhatIsThere() {
    SeededRun.of(200, 60)
        .check(
            (random, size) -> {
              CoinCache changing = new CoinCache(outPoint -> null, 1 << 20);
              for (int i = 0; i < size; i++) {
                Coin coin = random.nextInt(3) == 0 ? null : coin(random.nextInt(1, 50));
                changing.set(at(random.nextInt(10)), coin, random.nextBoolean());
              }
              long[] bytes = {0};
              changing.forEachChange((outPoint, coin) -> bytes[0] += CoinCache.bytesOf(coin));
              assertThat(changing.bytes()).isEqualTo(bytes[0]);
            });
  }

  @Test
  void coin_thatIsSpentAndFlushedWhileItIsRead_isNotKept() {
    disk.put(at(1), coin(1));
    List<Runnable> meanwhile = new ArrayList<>();
    CoinCache raced =
        new CoinCache(
            outPoint -> {
              Coin found = disk.get(outPoint);
              List.copyOf(meanwhile).forEach(Runnable::run);
              meanwhile.clear();
              return found;
            },
            1 << 20);
    meanwhile.add(
        () -> {
          raced.set(at(1), null, true);
          disk.remove(at(1));
          raced.flushed();
        });
    assertThat(raced.coin(at(1))).isEqualTo(coin(1));
    assertThat(raced.coin(at(1))).isNull();
    assertThat(raced.bytes()).isZero();
  }

  @Test
  void coin_thatWasReadTwiceAtOnce_isCountedOnce() {
    disk.put(at(1), coin(1));
    List<Runnable> meanwhile = new ArrayList<>();
    CoinCache[] raced = new CoinCache[1];
    raced[0] =
        new CoinCache(
            outPoint -> {
              List.copyOf(meanwhile).forEach(Runnable::run);
              return disk.get(outPoint);
            },
            1 << 20);
    meanwhile.add(
        () -> {
          meanwhile.clear();
          assertThat(raced[0].coin(at(1))).isNotNull();
        });
    assertThat(raced[0].coin(at(1))).isNotNull();
    assertThat(raced[0].bytes()).isEqualTo(CoinCache.bytesOf(coin(1)));
  }
}
