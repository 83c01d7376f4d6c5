package org.chaincore.core.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteReaderWriterTest {
  private static ByteReader reader(String hex) {
    return ByteReader.of(HexFormat.of().parseHex(hex));
  }

  private static void assertMalformed(ThrowingCallable read, int offset, String field) {
    assertThatThrownBy(read)
        .isInstanceOfSatisfying(
            MalformedBytesException.class,
            e -> {
              assertThat(e.offset()).isEqualTo(offset);
              assertThat(e.field()).isEqualTo(field);
              assertThat(e).hasMessage(field + " at offset " + offset + ": " + e.reason());
            });
  }

  @Test
  void integers_ofEveryWidth_areLittleEndianAndUnsignedWhereNamedSo() {
    ByteReader in = reader("ff" + "feff" + "fdffffff" + "fcffffff" + "fbffffffffffffff");

    assertThat(in.uint8("a")).isEqualTo(255);
    assertThat(in.uint16("b")).isEqualTo(0xfffe);
    assertThat(in.int32("c")).isEqualTo(-3);
    assertThat(in.uint32("d")).isEqualTo(0xffff_fffcL);
    assertThat(in.int64("e")).isEqualTo(-5);
    assertThat(in.position()).isEqualTo(19);
    assertThat(in.remaining()).isZero();
    in.expectEnd("all");
  }

  @Test
  void reads_pastTheEnd_nameOffsetAndFieldAndTakeNothing() {
    List<Function<ByteReader, Object>> reads =
        List.of(
            in -> in.uint16("f"),
            in -> in.int32("f"),
            in -> in.uint32("f"),
            in -> in.int64("f"),
            in -> in.hash("f"),
            in -> in.bytes("f", 2));
    for (Function<ByteReader, Object> read : reads) {
      ByteReader in = reader("aabb");
      in.uint8("first");
      assertMalformed(() -> read.apply(in), 1, "f");
      assertThat(in.uint8("second")).isEqualTo(0xbb);
      assertMalformed(() -> in.uint8("third"), 2, "third");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "00, 0",
    "fc, 252",
    "fdfd00, 253",
    "fdffff, 65535",
    "fe00000100, 65536",
    "feffffffff, 4294967295",
    "ff0000000001000000, 4294967296",
    "ffffffffffffffffff, -1"
  })
  void compactSize_shortestForm_roundTrips(String hex, long value) {
    assertThat(reader(hex).compactSize("n")).isEqualTo(value);
    assertThat(ByteWriter.create().compactSize(value).toBytes()).hasToString(hex);
    assertThat(ByteWriter.compactSizeBytes(value)).isEqualTo(hex.length() / 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fd0000",
        "fdfc00",
        "fe00000000",
        "feffff0000",
        "ff0000000000000000",
        "ffffffffff00000000"
      })
  void compactSize_longerForm_isRefused(String hex) {
    assertMalformed(() -> reader(hex).compactSize("n"), 0, "n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fd", "fd00", "fe000001", "ff00000000010000"})
  void compactSize_cutOff_isRefused(String hex) {
    assertThatThrownBy(() -> reader(hex).compactSize("n"))
        .isInstanceOf(MalformedBytesException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "04000000",
        "fdffff00",
        "feffffff7f00",
        "feffffffff00",
        "ffffffffffffffff7f00",
        "ffffffffffffffffff00",
        "ff000000000000008000"
      })
  void count_moreThanTheBytesLeftBack_isRefusedBeforeAnythingIsMade(String hex) {
    assertMalformed(() -> reader(hex).count("items", 1), 0, "items");
    assertMalformed(() -> reader(hex).varBytes("items"), 0, "items");
    assertMalformed(
        () ->
            reader(hex)
                .list(
                    "items",
                    1,
                    in -> {
                      throw new AssertionError("no item is read");
                    }),
        0,
        "items");
  }

  @Test
  void count_itemsOfSeveralBytes_mustAllFit() {
    assertThat(reader("02aaaaaaaaaaaa").count("n", 3)).isEqualTo(2);
    assertMalformed(() -> reader("02aaaaaaaaaa").count("n", 3), 0, "n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "0107", "020708", "03070809"})
  void list_ofAnyLength_isReadWholeAndCannotBeChanged(String hex) {
    ByteReader in = reader(hex);

    List<Integer> items = in.list("n", 1, item -> item.uint8("i"));

    assertThat(items).isEqualTo(List.of(7, 8, 9).subList(0, Integer.parseInt(hex, 0, 2, 16)));
    assertThat(in.remaining()).isZero();
    assertThatThrownBy(() -> items.add(10)).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void list_counted_readsEachInOrder() {
    assertThat(reader("03010203ff").<Integer>list("n", 1, in -> in.uint8("i")))
        .containsExactly(1, 2, 3);
  }

  @Test
  void varBytes_counted_areThoseBytes() {
    assertThat(reader("0301020304").varBytes("b")).isEqualTo(Bytes.parse("010203"));
    assertThat(reader("00").varBytes("b")).isEqualTo(Bytes.EMPTY);
  }

  @Test
  void readAll_bytesLeft_areRefused() {
    byte[] bytes = {1, 2, 3};

    assertMalformed(() -> ByteReader.readAll(bytes, "value", in -> in.uint16("x")), 2, "value");
  }

  @Test
  void of_range_readsThatRangeOnly() {
    byte[] bytes = {1, 2, 3, 4};
    ByteReader in = ByteReader.of(bytes, 1, 3);

    assertThat(in.remaining()).isEqualTo(2);
    assertThat(in.uint8("a")).isEqualTo(2);
    assertThat(in.peek(0)).isEqualTo(3);
    assertThat(in.peek(1)).isEqualTo(-1);
    assertThat(in.uint8("b")).isEqualTo(3);
    assertMalformed(() -> in.uint8("c"), 3, "c");
  }

  @ParameterizedTest
  @CsvSource({"-1, 2", "0, 5", "3, 2"})
  void of_rangeOutsideTheArray_throws(int from, int to) {
    assertThatThrownBy(() -> ByteReader.of(new byte[4], from, to))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void writer_anySequenceOfWrites_isReadBackWhateverItsFirstSize() {
    SeededRun.of(400, 200)
        .check(
            (random, size) -> {
              RandomBlocks values = new RandomBlocks(random, 1);
              ByteWriter out = ByteWriter.ofExpectedSize(random.nextInt(20));
              for (int i = 0; i < size; i++) {
                int number = random.nextInt();
                out.uint8(number).uint16(number).int32(number).uint32(number).int64(number);
                out.compactSize(number & 0xffff_ffffL).hash(Hash256.ofWords(number, 1, 2, 3));
                out.varBytes(values.bytes(30)).bytes(new byte[] {7}).bytes(Bytes.of((byte) 8));
              }
              assertThat(out.size()).isEqualTo(out.toArray().length);
              assertThat(out.toBytes()).isEqualTo(Bytes.of(out.toArray()));
              checkReadBack(ByteReader.of(out.toArray()), size);
            });
  }

  private static void checkReadBack(ByteReader in, int rounds) {
    for (int i = 0; i < rounds; i++) {
      int low = in.uint8("uint8");
      int uint16 = in.uint16("uint16");
      int number = in.int32("int32");
      assertThat(low).isEqualTo(number & 0xff);
      assertThat(uint16).isEqualTo(number & 0xffff);
      assertThat(in.uint32("uint32")).isEqualTo(Integer.toUnsignedLong(number));
      assertThat(in.int64("int64")).isEqualTo(number);
      assertThat(in.compactSize("compact")).isEqualTo(Integer.toUnsignedLong(number));
      assertThat(in.hash("hash")).isEqualTo(Hash256.ofWords(number, 1, 2, 3));
      assertThat(in.varBytes("bytes").length()).isLessThanOrEqualTo(30);
      assertThat(in.bytes("array and bytes", 2)).isEqualTo(Bytes.of((byte) 7, (byte) 8));
    }
    in.expectEnd("all");
  }

  @Test
  void clear_keepsNothing() {
    ByteWriter out = ByteWriter.create().int64(-1);

    assertThat(out.clear().size()).isZero();
    assertThat(out.uint8(5).toBytes()).hasToString("05");
    assertThat(out.doubleHash(Sha256.create())).isEqualTo(Sha256.doubleHash(new byte[] {5}));
  }
}
