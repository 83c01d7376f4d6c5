package org.chaincore.sync.peer;

import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;

/**
 * An address book as bytes: grouping rule, secret, then each address with its history and the new
 * buckets that it is in. Slots follow from the secret and are not written; that each is free, and
 * each address dialable and there once, is checked on reading, so that no bytes make a book that
 * its own operations could not have made.
 */
final class AddressBookSnapshot {
  private static final CheckedSnapshot FRAME = new CheckedSnapshot(0x4b42_4343, 1);
  private static final int HISTORY_BYTES = 8 + 4 + 4 + 4 + 2;
  private static final int MIN_ENTRY_BYTES = AddressBytes.MIN_BYTES + HISTORY_BYTES + 2 + 1;

  private AddressBookSnapshot() {}

  static void write(AddressBook book, ByteWriter out) {
    ByteWriter content = ByteWriter.create();
    content.uint8(book.rule().id()).int64(book.k0()).int64(book.k1());
    content.compactSize(book.size());
    book.tables().entries().forEach(entry -> write(entry, content));
    FRAME.write(out, content);
  }

  static AddressBook read(ByteReader in, GroupingRule rule, long nowSeconds) {
    ByteReader content = FRAME.read(in);
    int id = content.uint8("book.rule");
    if (id != rule.id()) {
      throw new MalformedBytesException(0, "book.rule", id + " is not that of " + rule);
    }
    AddressBook book =
        AddressBook.of(content.int64("book.secret"), content.int64("book.secret"), rule);
    int count = content.count("book.addresses", MIN_ENTRY_BYTES);
    for (int i = 0; i < count; i++) {
      readEntry(content, book, nowSeconds);
    }
    content.expectEnd("book");
    return book;
  }

  private static void write(AddressEntry entry, ByteWriter out) {
    AddressBytes.write(entry.address(), out);
    out.int64(entry.services);
    out.uint32(entry.seenSeconds).uint32(entry.attemptSeconds).uint32(entry.successSeconds);
    out.uint16(entry.failures);
    out.uint16(entry.homeBucket());
    out.uint8(entry.placesInNew());
    for (int bucket : entry.newBuckets()) {
      out.uint16(bucket);
    }
  }

  private static void readEntry(ByteReader in, AddressBook book, long nowSeconds) {
    int at = in.position();
    NetworkAddress address = AddressBytes.read(in);
    if (!book.rule().isDialable(address) || book.tables().find(address).isPresent()) {
      throw new MalformedBytesException(
          at, "book.address", address + " is there twice, or no node can be there");
    }
    long services = in.int64("book.services");
    long[] times = {in.uint32("book.seen"), in.uint32("book.attempt"), in.uint32("book.success")};
    int failures = in.uint16("book.failures");
    AddressEntry entry = new AddressEntry(address, bucket(in));
    entry.services = services;
    entry.seenSeconds = Math.min(times[0], nowSeconds);
    entry.attemptSeconds = Math.min(times[1], nowSeconds);
    entry.successSeconds = Math.min(times[2], nowSeconds);
    entry.failures = failures;
    readPlaces(in, book.tables(), entry);
  }

  /** Without a place in new an address is in tried. */
  private static void readPlaces(ByteReader in, AddressTables tables, AddressEntry entry) {
    int at = in.position();
    int count = in.uint8("book.places");
    if (count > AddressTables.MAX_NEW_PLACES) {
      throw new MalformedBytesException(at, "book.places", count + " are too many");
    }
    if (count == 0) {
      if (tables.triedHolder(entry.address()).isPresent()) {
        throw new MalformedBytesException(at, "book.places", "its place in tried is taken");
      }
      tables.takeTried(entry);
    }
    for (int i = 0; i < count; i++) {
      int bucket = bucket(in);
      if (!tables.isNewSlotFree(entry.address(), bucket)) {
        throw new MalformedBytesException(at, "book.places", "its place in new is taken");
      }
      tables.takeNew(entry, bucket);
    }
  }

  private static int bucket(ByteReader in) {
    int at = in.position();
    int bucket = in.uint16("book.bucket");
    if (bucket >= BucketPlaces.NEW_BUCKETS) {
      throw new MalformedBytesException(at, "book.bucket", bucket + " is none");
    }
    return bucket;
  }
}
