package org.chaincore.sync.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.chaincore.core.block.ByteWriter;

/** What must hold of an address book after whatever was done to it. */
final class BookChecks {
  private BookChecks() {}

  static void check(AddressBook book) {
    AddressTables tables = book.tables();
    BucketPlaces places = new BucketPlaces(book.k0(), book.k1(), book.rule());
    List<AddressEntry> entries = tables.entries();
    Set<NetworkAddress> seen = new HashSet<>();
    int newPlaces = 0;
    int tried = 0;
    for (int i = 0; i < entries.size(); i++) {
      AddressEntry entry = entries.get(i);
      NetworkAddress address = entry.address();
      assertThat(entry.index).isEqualTo(i);
      assertThat(seen.add(address)).as("%s is listed once", address).isTrue();
      assertThat(tables.find(address)).containsSame(entry);
      assertThat(book.rule().isDialable(address)).isTrue();
      if (entry.isTried()) {
        tried++;
        assertThat(entry.placesInNew()).isZero();
        assertThat(tables.triedHolder(address)).containsSame(entry);
      } else {
        assertThat(entry.placesInNew()).isBetween(1, AddressTables.MAX_NEW_PLACES);
        assertThat(Arrays.stream(entry.newBuckets()).distinct().count())
            .isEqualTo(entry.placesInNew());
      }
      for (int bucket : entry.newBuckets()) {
        newPlaces++;
        assertThat(tables.fresh().at(bucket, places.newSlot(address, bucket))).isSameAs(entry);
      }
    }
    assertThat(tables.fresh().size()).isEqualTo(newPlaces).isEqualTo(filled(tables.fresh(), 1_024));
    assertThat(tables.tried().size()).isEqualTo(tried).isEqualTo(filled(tables.tried(), 256));
    assertThat(book.triedSize()).isEqualTo(tried);
  }

  static byte[] bytes(AddressBook book) {
    ByteWriter out = ByteWriter.create();
    book.write(out);
    return out.toArray();
  }

  private static int filled(BucketTable table, int buckets) {
    return IntStream.range(0, buckets)
        .map(
            bucket ->
                (int)
                    IntStream.range(0, Bucket.SLOTS)
                        .filter(slot -> table.at(bucket, slot) != null)
                        .count())
        .sum();
  }
}
