package org.chaincore.store.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.chaincore.core.store.StoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is put into a batch comes out of the tables, however it was built. */
class BatchTest {
  private static final byte[] KEY = {1, 2, 3, 4};

  @TempDir Path directory;
  private Database database;

  @BeforeEach
  void open() {
    database = Database.open(directory, 32 << 20, true);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static byte[] payload(int bytes) {
    byte[] payload = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      payload[i] = (byte) (i * 31 + (i >> 8));
    }
    return payload;
  }

  private void write(byte[] key, byte[] payload) {
    try (Batch batch = database.batch(true)) {
      assertThat(batch.put(Table.BLOCKS, key, out -> out.bytes(payload))).isEqualTo(payload.length);
      database.write(batch, false);
    }
  }

  /** Around the largest value that is built outside the heap, which has five bytes of seal. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 20_000, (1 << 20) - 5, (1 << 20) - 4, 3 << 20})
  void put_payloadThatIsWrittenInPlace_isRead(int bytes) {
    write(KEY, payload(bytes));
    assertThat(database.get(Table.BLOCKS, KEY)).isEqualTo(payload(bytes));
  }

  @Test
  void put_keyLongerThanAny_isRead() {
    byte[] key = payload(300);
    write(key, payload(7));
    assertThat(database.get(Table.BLOCKS, key)).isEqualTo(payload(7));
  }

  @Test
  void put_bothWays_givesTheSameSeal() {
    write(KEY, payload(100));
    byte[] inPlace = database.get(Table.BLOCKS, KEY);
    try (Batch batch = database.batch(true)) {
      batch.put(Table.BLOCKS, KEY, payload(100));
      database.write(batch, false);
    }
    assertThat(database.get(Table.BLOCKS, KEY)).isEqualTo(inPlace).isEqualTo(payload(100));
  }

  @Test
  void batch_afterOneThatWasNotWritten_hasNothingOfIt() {
    try (Batch batch = database.batch(true)) {
      batch.put(Table.BLOCKS, new byte[] {9, 9, 9, 9}, out -> out.int32(7));
    }
    write(KEY, payload(10));
    assertThat(database.has(Table.BLOCKS, new byte[] {9, 9, 9, 9})).isFalse();
    assertThat(database.get(Table.BLOCKS, KEY)).isEqualTo(payload(10));
  }

  @Test
  void batch_besideAnother_isApart() {
    byte[] other = {5, 6, 7, 8};
    try (Batch first = database.batch(false);
        Batch second = database.batch(false)) {
      first.put(Table.UNDO, KEY, out -> out.bytes(payload(50)));
      second.put(Table.UNDO, other, out -> out.bytes(payload(60)));
      first.delete(Table.UNDO, other);
      database.write(second, false);
      database.write(first, false);
    }
    assertThat(database.get(Table.UNDO, KEY)).isEqualTo(payload(50));
    assertThat(database.has(Table.UNDO, other)).isFalse();
  }

  /** Of a snapshot's coins, of a large block, and of a flush. */
  @ParameterizedTest
  @ValueSource(ints = {3, 60, 130})
  void batch_ofSomeMegabytes_leavesItsMemoryToTheNext(int values) {
    BatchSpace space = database.takeSpace();
    database.giveBack(space);
    try (Batch batch = database.batch(false)) {
      for (int i = 0; i < values; i++) {
        batch.put(Table.UNDO, new byte[] {(byte) i}, out -> out.bytes(payload(50_000)));
      }
      database.write(batch, false);
    }
    BatchSpace again = database.takeSpace();
    assertThat(again).isSameAs(space);
    assertThat(again.batch().count()).isZero();
    again.close();
  }

  @Test
  void batch_ofAPayloadBeyondAll_leavesASmallWriterToTheNext() {
    write(KEY, payload(5 << 20));
    BatchSpace space = database.takeSpace();
    assertThat(space.payload().capacity()).isLessThan(1 << 20);
    space.close();
  }

  @Test
  void close_twice_givesItsMemoryToOneBatchOnly() {
    Batch batch = database.batch(false);
    batch.close();
    try (Batch first = database.batch(false)) {
      batch.close();
      try (Batch second = database.batch(false)) {
        first.put(Table.UNDO, KEY, out -> out.int32(1));
        assertThat(second.size()).isLessThan(first.size());
      }
    }
  }

  @Test
  void close_afterTheDatabase_isHarmless() {
    Batch batch = database.batch(false);
    batch.put(Table.UNDO, KEY, out -> out.int32(1));
    database.close();
    batch.close();
    assertThatThrownBy(() -> database.batch(false)).isInstanceOf(StoreException.class);
  }
}
