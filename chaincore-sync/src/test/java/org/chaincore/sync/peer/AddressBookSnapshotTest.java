package org.chaincore.sync.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.chaincore.sync.peer.GroupingRule.BY_ADDRESS;
import static org.chaincore.sync.peer.GroupingRule.BY_PREFIX;
import static org.chaincore.sync.peer.PeerFixture.NOW;
import static org.chaincore.sync.peer.PeerFixture.at;
import static org.chaincore.sync.peer.PeerFixture.seen;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.peer.AddressBook.Choice;
import org.junit.jupiter.api.Test;

final class AddressBookSnapshotTest {
  private static final int MAGIC = 0x4b42_4343;

  @Test
  void read_whatWasWritten_isTheSameBook() {
    SeededRun.of(40, 2_000)
        .check(
            (random, size) -> {
              AddressBook book = RandomBook.of(random, size);
              byte[] bytes = BookChecks.bytes(book);
              AddressBook restored = read(bytes, BY_PREFIX, RandomBook.timeAfter(size));

              BookChecks.check(restored);
              assertThat(BookChecks.bytes(restored)).isEqualTo(bytes);
              for (int i = 0; i < 20; i++) {
                assertThat(restored.select(Choice.EITHER, known -> true, NOW, seeded(i)))
                    .isEqualTo(book.select(Choice.EITHER, known -> true, NOW, seeded(i)));
              }
            });
  }

  @Test
  void read_thenMoreOperations_keepsItsTablesInOrder() {
    SeededRun.of(10, 1_000)
        .check(
            (random, size) -> {
              byte[] bytes = BookChecks.bytes(RandomBook.of(random, size));
              AddressBook restored = read(bytes, BY_PREFIX, RandomBook.timeAfter(size));
              RandomBook.run(restored, random, size);

              BookChecks.check(restored);
            });
  }

  @Test
  void read_timesAheadOfTheClock_countAsNow() {
    AddressBook book = AddressBook.of(1, 2, BY_PREFIX);
    book.reached(at("1.2.3.4:1"), Services.NETWORK, NOW);

    AddressBook restored = read(BookChecks.bytes(book), BY_PREFIX, NOW - 1_000);

    assertThat(restored.known(at("1.2.3.4:1")).orElseThrow().history())
        .isEqualTo(new KnownAddress.History(NOW - 1_000, NOW - 1_000, NOW - 1_000, 0));
  }

  @Test
  void read_underAnotherRule_isRefused() {
    byte[] bytes = BookChecks.bytes(AddressBook.of(1, 2, BY_ADDRESS));

    assertThatExceptionOfType(MalformedBytesException.class)
        .isThrownBy(() -> read(bytes, BY_PREFIX, NOW))
        .satisfies(refused -> assertThat(refused.field()).isEqualTo("book.rule"));
  }

  @Test
  void read_anyBitFlipped_isRefused() {
    byte[] bytes = BookChecks.bytes(smallBook());
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));

      assertThatExceptionOfType(MalformedBytesException.class)
          .isThrownBy(() -> read(changed, BY_PREFIX, NOW));
    }
  }

  @Test
  void read_cutAnywhere_isRefused() {
    byte[] bytes = BookChecks.bytes(smallBook());
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);

      assertThatExceptionOfType(MalformedBytesException.class)
          .isThrownBy(() -> read(cut, BY_PREFIX, NOW));
    }
  }

  @Test
  void read_contentChangedOnPurpose_isRefusedOrABookInOrder() {
    SeededRun.of(3_000, 3)
        .check(
            (random, size) -> {
              byte[] content = content(smallBook());
              for (int i = 0; i < size; i++) {
                content[random.nextInt(content.length)] = (byte) random.nextInt();
              }
              try {
                BookChecks.check(read(framed(content, 1), BY_PREFIX, NOW));
              } catch (MalformedBytesException refused) {
                assertThat(refused.field()).isNotEmpty();
              }
            });
  }

  @Test
  void read_anotherVersion_isRefused() {
    byte[] bytes = framed(content(smallBook()), 2);

    assertThatExceptionOfType(MalformedBytesException.class)
        .isThrownBy(() -> read(bytes, BY_PREFIX, NOW))
        .satisfies(refused -> assertThat(refused.field()).isEqualTo("snapshot.version"));
  }

  @Test
  void read_anotherThing_isRefused() {
    ByteWriter out = ByteWriter.create();
    Anchors.NONE.write(out);

    assertThatExceptionOfType(MalformedBytesException.class)
        .isThrownBy(() -> read(out.toArray(), BY_PREFIX, NOW))
        .satisfies(refused -> assertThat(refused.field()).isEqualTo("snapshot.magic"));
  }

  @Test
  void read_sameAddressTwice_isRefused() {
    assertThatExceptionOfType(MalformedBytesException.class)
        .isThrownBy(() -> readEntries(entry("1.2.3.4:1", 0), entry("1.2.3.4:1", 1, 5)))
        .satisfies(refused -> assertThat(refused.field()).isEqualTo("book.address"));
  }

  @Test
  void read_addressWhereNoNodeCanBe_isRefused() {
    assertThatExceptionOfType(MalformedBytesException.class)
        .isThrownBy(() -> readEntries(entry("127.0.0.1:1", 0)))
        .satisfies(refused -> assertThat(refused.field()).isEqualTo("book.address"));
  }

  @Test
  void read_tooManyPlaces_isRefused() {
    assertThatExceptionOfType(MalformedBytesException.class)
        .isThrownBy(() -> readEntries(entry("1.2.3.4:1", 9, 1, 2, 3, 4, 5, 6, 7, 8, 9)))
        .satisfies(refused -> assertThat(refused.field()).isEqualTo("book.places"));
  }

  @Test
  void read_samePlaceTwice_isRefused() {
    assertThatExceptionOfType(MalformedBytesException.class)
        .isThrownBy(() -> readEntries(entry("1.2.3.4:1", 2, 7, 7)))
        .satisfies(refused -> assertThat(refused.field()).isEqualTo("book.places"));
  }

  @Test
  void read_bucketThatIsNone_isRefused() {
    assertThatExceptionOfType(MalformedBytesException.class)
        .isThrownBy(() -> readEntries(entry("1.2.3.4:1", 1, 1_024)))
        .satisfies(refused -> assertThat(refused.field()).isEqualTo("book.bucket"));
  }

  @Test
  void read_twoForOnePlaceInTried_isRefused() {
    BucketPlaces places = new BucketPlaces(1, 2, BY_PREFIX);
    SplittableRandom random = new SplittableRandom(1);
    NetworkAddress one = PeerFixture.inGroup(1, random);
    NetworkAddress other = PeerFixture.inGroup(1, random);
    int bucket = places.triedBucket(one);
    while (places.triedBucket(other) != bucket
        || places.triedSlot(one, bucket) != places.triedSlot(other, bucket)) {
      other = PeerFixture.inGroup(1, random);
    }
    Bytes second = entry(other.toString(), 0);

    assertThatExceptionOfType(MalformedBytesException.class)
        .isThrownBy(() -> readEntries(entry(one.toString(), 0), second))
        .satisfies(refused -> assertThat(refused.field()).isEqualTo("book.places"));
  }

  @Test
  void read_moreDeclaredThanThere_isRefusedBeforeAnythingIsAllocated() {
    ByteWriter content = ByteWriter.create().uint8(0).int64(1).int64(2).compactSize(1L << 40);

    assertThatExceptionOfType(MalformedBytesException.class)
        .isThrownBy(() -> read(framed(content.toArray(), 1), BY_PREFIX, NOW))
        .satisfies(refused -> assertThat(refused.field()).isEqualTo("book.addresses"));
  }

  @Test
  void read_networkThatIsNotKnown_isRefused() {
    byte[] content = content(smallBook());
    content[1 + 16 + 1] = 99;

    assertThatExceptionOfType(MalformedBytesException.class)
        .isThrownBy(() -> read(framed(content, 1), BY_PREFIX, NOW))
        .satisfies(refused -> assertThat(refused.field()).isEqualTo("address.network"));
  }

  private static AddressBook smallBook() {
    AddressBook book = AddressBook.of(1, 2, BY_PREFIX);
    book.add(
        List.of(seen("1.2.3.4:1"), seen("[2a00::1]:2"), seen("5.6.7.8:3")), at("9.9.9.9:1"), NOW);
    book.reached(at("5.6.7.8:3"), Services.NETWORK, NOW);
    return book;
  }

  private static Bytes entry(String address, int places, int... buckets) {
    ByteWriter out = ByteWriter.create();
    AddressBytes.write(at(address), out);
    out.int64(1).uint32(NOW).uint32(0).uint32(0).uint16(0).uint16(3).uint8(places);
    for (int bucket : buckets) {
      out.uint16(bucket);
    }
    return out.toBytes();
  }

  private static AddressBook readEntries(Bytes... entries) {
    ByteWriter content = ByteWriter.create().uint8(0).int64(1).int64(2);
    content.compactSize(entries.length);
    for (Bytes entry : entries) {
      content.bytes(entry);
    }
    return read(framed(content.toArray(), 1), BY_PREFIX, NOW);
  }

  private static byte[] content(AddressBook book) {
    ByteReader in = ByteReader.of(BookChecks.bytes(book));
    in.int32("magic");
    in.uint16("version");
    return in.varBytes("content").toArray();
  }

  private static byte[] framed(byte[] content, int version) {
    ByteWriter out = ByteWriter.create();
    new CheckedSnapshot(MAGIC, version).write(out, ByteWriter.create().bytes(content));
    return out.toArray();
  }

  private static AddressBook read(byte[] bytes, GroupingRule rule, long now) {
    return ByteReader.readAll(bytes, "book", in -> AddressBook.read(in, rule, now));
  }

  private static SplittableRandom seeded(int seed) {
    return new SplittableRandom(seed);
  }
}
