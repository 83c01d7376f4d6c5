package org.chaincore.store.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.engine.RepairOutcome;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.store.FsyncPolicy;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.store.StoreOptions.Indexes;
import org.chaincore.core.store.StoreOptions.Pruning;
import org.chaincore.core.store.StoreVerification;
import org.chaincore.core.store.StoreVerification.Finding;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Sha256;
import org.chaincore.store.codec.AddressRow;
import org.chaincore.store.codec.DamagedValueException;
import org.chaincore.store.codec.HeaderRow;
import org.chaincore.store.codec.Keys;
import org.chaincore.store.codec.OriginRow;
import org.chaincore.store.codec.TxidList;
import org.chaincore.store.database.Batch;
import org.chaincore.store.database.Database;
import org.chaincore.store.database.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are whole by their checksums and wrong all the same. */
class DamagedRowsTest {
  private static final StoreOptions PRUNED =
      StoreOptions.DEFAULT
          .withFsync(FsyncPolicy.GROUPED)
          .withIndexes(new Indexes(true, true))
          .withPruning(new Pruning(1, 10));

  @TempDir Path directory;

  private interface Edit {
    void on(Batch batch);
  }

  private List<Block> mine(StoreOptions options) {
    try (RocksChainStore store = RocksChainStore.open(directory, options)) {
      return ChainFixture.on(store, 10).mine(20);
    }
  }

  private void edit(Edit edit) {
    try (Database database = Database.open(directory.resolve("tables"), 8L << 20, false);
        Batch batch = database.batch(false)) {
      edit.on(batch);
      database.write(batch, true);
    }
  }

  private static List<String> problems(StoreVerification found) {
    return found.findings().stream().map(Finding::problem).toList();
  }

  @Test
  void body_thatIsGone_isNamedAndRepaired() {
    List<Block> blocks = mine(StoreOptions.DEFAULT);
    edit(batch -> batch.delete(Table.BLOCKS, Keys.ofSequence(4)));
    try (RocksChainStore store = RocksChainStore.open(directory, StoreOptions.DEFAULT)) {
      ChainFixture chain = ChainFixture.on(store, 10);
      Block gone = blocks.get(4);
      assertThatThrownBy(() -> chain.engine().block(gone.hash()))
          .isInstanceOf(StoreException.class)
          .hasMessage("store has lost the body of " + gone.hash())
          .extracting(thrown -> ((StoreException) thrown).fault())
          .isEqualTo(StoreFault.CORRUPT);
      assertThat(problems(store.verify())).containsExactly("body is gone");
      assertThat(chain.engine().repair(gone)).isInstanceOf(RepairOutcome.Repaired.class);
      assertThat(store.verify().findings()).isEmpty();
    }
  }

  @Test
  void memory_thatLacksAPieceOrIsCutShort_isNamed() {
    try (RocksChainStore store = RocksChainStore.open(directory, StoreOptions.DEFAULT)) {
      store.memory().replace("cut", Bytes.of(new byte[10]));
      store.memory().replace("gone", Bytes.of(new byte[10]));
      store.memory().replace("whole", Bytes.of(new byte[10]));
    }
    edit(
        batch -> {
          batch.put(Table.MEMORY, ascii("ncut"), new byte[] {11, 0, 0, 0});
          batch.delete(Table.MEMORY, ascii("pgone\0\0\0\0\0"));
        });
    try (RocksChainStore store = RocksChainStore.open(directory, StoreOptions.DEFAULT)) {
      assertThatThrownBy(() -> store.memory().section("cut"))
          .isInstanceOf(StoreException.class)
          .hasMessage("section cut has 10 bytes, not 11");
      assertThatThrownBy(() -> store.memory().section("gone"))
          .isInstanceOf(StoreException.class)
          .hasMessage("store has lost piece 0 of section gone");
      assertThat(store.memory().section("whole")).contains(Bytes.of(new byte[10]));
    }
  }

  @Test
  void memory_whoseLengthIsDamaged_beginsAnew() {
    byte[] large = new byte[(2 << 20) + 1];
    try (RocksChainStore store = RocksChainStore.open(directory, StoreOptions.DEFAULT)) {
      for (String section : List.of("short", "long", "negative", "removed")) {
        store.memory().replace(section, Bytes.of(large));
      }
    }
    edit(
        batch -> {
          batch.put(Table.MEMORY, ascii("nshort"), new byte[] {1});
          batch.put(Table.MEMORY, ascii("nlong"), new byte[] {-1, -1, -1, 127});
          batch.put(Table.MEMORY, ascii("nnegative"), new byte[] {-1, -1, -1, -1});
          batch.put(Table.MEMORY, ascii("nremoved"), new byte[5]);
        });
    try (RocksChainStore store = RocksChainStore.open(directory, StoreOptions.DEFAULT)) {
      for (String section : List.of("short", "long", "negative")) {
        assertThatThrownBy(() -> store.memory().section(section))
            .isInstanceOf(StoreException.class)
            .extracting(thrown -> ((StoreException) thrown).fault())
            .isEqualTo(StoreFault.CORRUPT);
        store.memory().replace(section, Bytes.of(new byte[] {7}));
        assertThat(store.memory().section(section)).contains(Bytes.of(new byte[] {7}));
      }
      store.memory().remove("removed");
      assertThat(store.memory().sections()).containsExactly("long", "negative", "short");
    }
    // Nothing of what was there is left behind.
    try (Database database = Database.open(directory.resolve("tables"), 8L << 20, false)) {
      assertThat(database.has(Table.MEMORY, ascii("pshort\0\0\0\0\1"))).isFalse();
      assertThat(database.has(Table.MEMORY, ascii("premoved\0\0\0\0\2"))).isFalse();
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void undo_thatIsGone_isNamed() {
    mine(StoreOptions.DEFAULT);
    edit(batch -> batch.delete(Table.UNDO, Keys.ofSequence(4)));
    try (RocksChainStore store = RocksChainStore.open(directory, StoreOptions.DEFAULT)) {
      assertThat(problems(store.verify())).containsExactly("undo data is gone");
    }
  }

  @Test
  void txids_thatAreOthersOrGone_areNamed() {
    List<Block> blocks = mine(PRUNED);
    edit(
        batch -> {
          batch.delete(Table.TXIDS, Keys.ofSequence(1));
          byte[] others = TxidList.toBytes(blocks.get(7).txids());
          batch.put(Table.TXIDS, Keys.ofSequence(2), others);
          batch.put(Table.TXIDS, Keys.ofSequence(3), new byte[33]);
        });
    try (RocksChainStore store = RocksChainStore.open(directory, PRUNED)) {
      assertThat(problems(store.verify()))
          .hasSize(3)
          .contains(
              "txids are not those of " + blocks.get(1).hash(),
              "txids are not those of " + blocks.get(2).hash());
    }
  }

  @Test
  void rowsOfIndexes_thatAreNoRows_areNamed() {
    mine(PRUNED);
    edit(
        batch -> {
          batch.put(Table.TRANSACTIONS, new byte[32], new byte[3]);
          batch.put(Table.ADDRESSES, new byte[72], new byte[] {1, 7});
          batch.put(Table.ADDRESSES, new byte[5], new byte[] {1, 0});
        });
    try (RocksChainStore store = RocksChainStore.open(directory, PRUNED)) {
      assertThat(problems(store.verify())).hasSize(3);
    }
  }

  @Test
  void index_thatStandsOffTheChain_isRefused() {
    mine(PRUNED);
    edit(batch -> batch.put(Table.META, Keys.ofTransactionMark(), new byte[36]));
    try (RocksChainStore store = RocksChainStore.open(directory, PRUNED)) {
      assertThatThrownBy(() -> ChainFixture.on(store, 10)).isInstanceOf(StoreException.class);
    }
    StoreOptions whole = StoreOptions.DEFAULT.withIndexes(new Indexes(true, true));
    Path other = directory.resolve("other");
    try (RocksChainStore store = RocksChainStore.open(other, whole)) {
      ChainFixture.on(store, 10).mine(3);
    }
    byte[] elsewhere = new byte[36];
    elsewhere[32] = 2;
    try (Database database = Database.open(other.resolve("tables"), 8L << 20, false);
        Batch batch = database.batch(false)) {
      batch.put(Table.META, Keys.ofAddressMark(), elsewhere);
      database.write(batch, true);
    }
    try (RocksChainStore store = RocksChainStore.open(other, whole)) {
      assertThatThrownBy(() -> ChainFixture.on(store, 10))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("off the chain");
    }
  }

  @Test
  void numbers_thatNobodyWrites_areRefused() {
    byte[] header = new byte[HeaderRow.BYTES];
    header[80 + 8] = 9;
    assertThatThrownBy(() -> HeaderRow.read(header, Sha256.create()))
        .isInstanceOf(DamagedValueException.class);
    byte[] kind = new byte[HeaderRow.BYTES];
    kind[80 + 9] = 9;
    assertThatThrownBy(() -> HeaderRow.read(kind, Sha256.create()))
        .isInstanceOf(DamagedValueException.class);
    byte[] origin = new byte[32 + 4 + 32 + 1];
    origin[68] = 9;
    assertThatThrownBy(() -> OriginRow.read(origin)).isInstanceOf(DamagedValueException.class);
    assertThatThrownBy(() -> AddressRow.read(new byte[72], new byte[] {0, 9}))
        .isInstanceOf(DamagedValueException.class);
    assertThat(AddressRow.hasPrefix(new byte[71], new byte[32])).isFalse();
  }

  @Test
  void clear_inABatchThatMayBeTakenBack_isABug() {
    mine(StoreOptions.DEFAULT);
    try (Database database = Database.open(directory.resolve("tables"), 8L << 20, false);
        Batch batch = database.batch(true)) {
      assertThatThrownBy(() -> batch.clear(Table.COINS)).isInstanceOf(IllegalStateException.class);
    }
  }

  /** Without loading, which would refuse such a store. */
  private List<String> verified() {
    try (RocksChainStore store = RocksChainStore.open(directory, StoreOptions.DEFAULT)) {
      return problems(store.verify());
    }
  }

  private void assertNotLoaded(String message) {
    try (RocksChainStore store = RocksChainStore.open(directory, StoreOptions.DEFAULT)) {
      assertThatThrownBy(() -> ChainFixture.on(store, 10))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(message)
          .extracting(thrown -> ((StoreException) thrown).fault())
          .isEqualTo(StoreFault.CORRUPT);
    }
  }

  @Test
  void header_thatIsGone_isNamedAndNotLoaded() {
    mine(StoreOptions.DEFAULT);
    edit(batch -> batch.delete(Table.HEADERS, Keys.ofSequence(3)));
    assertThat(verified()).contains("sequence 4 stands at 3", "19 readable of 20");
    assertNotLoaded("store has lost header 3 of 20");
  }

  @Test
  void header_thatIsGoneAtTheEnd_isNamedAndNotLoaded() {
    mine(StoreOptions.DEFAULT);
    edit(batch -> batch.delete(Table.HEADERS, Keys.ofSequence(19)));
    assertThat(verified()).contains("19 readable of 20", "a block of the chain is gone");
    assertNotLoaded("store has lost header 19 of 20");
  }

  @Test
  void state_thatIsGone_isNotLoaded() {
    mine(StoreOptions.DEFAULT);
    edit(batch -> batch.delete(Table.META, Keys.ofState()));
    assertNotLoaded("store has lost column family meta");
  }

  @Test
  void index_thatLeadsElsewhereOrNowhere_isNamed() {
    List<Block> blocks = mine(StoreOptions.DEFAULT);
    edit(
        batch -> {
          batch.put(Table.INDEX, Keys.ofHash(blocks.get(7).hash()), Keys.ofSequence(9));
          batch.put(Table.INDEX, Keys.ofHash(blocks.get(8).hash()), Keys.ofSequence(99));
          batch.put(Table.INDEX, Keys.ofHash(blocks.get(9).hash()), new byte[3]);
          batch.delete(Table.INDEX, Keys.ofHash(blocks.get(10).hash()));
          batch.delete(Table.UNDO, Keys.ofSequence(2));
        });
    // What lies below those on the chain is looked at all the same.
    assertThat(verified())
        .hasSize(5)
        .contains(
            "leads to 9, not to 7",
            "leads to 99, not to 8",
            "leads to -1, not to 10",
            "undo data is gone");
  }

  @Test
  void body_ofAnotherBlock_isNamed() {
    List<Block> blocks = mine(StoreOptions.DEFAULT);
    Block mixed = new Block(blocks.get(6).header(), blocks.get(7).transactions());
    edit(
        batch -> {
          batch.put(Table.BLOCKS, Keys.ofSequence(4), blocks.get(5).toWire());
          batch.put(Table.BLOCKS, Keys.ofSequence(6), mixed.toWire());
          batch.put(Table.BLOCKS, Keys.ofSequence(8), new byte[] {1});
        });
    try (RocksChainStore store = RocksChainStore.open(directory, StoreOptions.DEFAULT)) {
      ChainFixture.on(store, 10);
      assertThat(problems(store.verify())).hasSize(3).contains("body is not that of its header");
      assertThatThrownBy(() -> store.block(blocks.get(4).hash()))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("not " + blocks.get(4).hash());
    }
  }

  @Test
  void undo_thatIsDamaged_isNamed() {
    mine(StoreOptions.DEFAULT);
    edit(batch -> batch.put(Table.UNDO, Keys.ofSequence(4), new byte[] {9}));
    assertThat(verified()).hasSize(1).first().asString().contains("is damaged");
  }

  @Test
  void verify_ofMoreThanAThousandDamagedRows_countsAllAndNamesSome() {
    mine(StoreOptions.DEFAULT);
    edit(
        batch -> {
          for (int i = 0; i < StoreVerification.MOST_FINDINGS + 5; i++) {
            batch.put(Table.TRANSACTIONS, Keys.ofSequence(i), new byte[3]);
          }
        });
    try (RocksChainStore store = RocksChainStore.open(directory, StoreOptions.DEFAULT)) {
      StoreVerification found = store.verify();
      assertThat(found.findings()).hasSize(StoreVerification.MOST_FINDINGS);
      assertThat(found.faults()).isEqualTo(StoreVerification.MOST_FINDINGS + 5);
    }
  }

  @Test
  void replay_withoutWhatItNeeds_isRefusedByName() {
    Path open = directory.resolve("open");
    Path copy = directory.resolve("copy");
    List<Block> blocks;
    try (RocksChainStore store = RocksChainStore.open(open, StoreOptions.DEFAULT)) {
      ChainFixture chain = ChainFixture.on(store, 10);
      blocks = chain.mine(3);
      ChainFixture.Fork fork = chain.fork(1, 2);
      chain.deliver(fork.left());
      store.flush();
      chain.deliver(fork.right());
      Copies.of(open, copy);
      Copies.of(open, directory.resolve("second"));
      blocks = fork.right();
    }
    Block tip = blocks.get(1);
    assertReplay(copy, batch -> batch.delete(Table.UNDO, Keys.ofSequence(3)), "the undo data of");
    assertReplay(
        directory.resolve("second"),
        batch -> batch.delete(Table.INDEX, Keys.ofHash(tip.hash())),
        "the header of " + tip.hash());
  }

  private static void assertReplay(Path store, Edit edit, String lost) {
    try (Database database = Database.open(store.resolve("tables"), 8L << 20, false);
        Batch batch = database.batch(false)) {
      edit.on(batch);
      database.write(batch, true);
    }
    try (RocksChainStore opened = RocksChainStore.open(store, StoreOptions.DEFAULT)) {
      assertThatThrownBy(() -> ChainFixture.on(opened, 10))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("store has lost " + lost);
    }
  }
}
