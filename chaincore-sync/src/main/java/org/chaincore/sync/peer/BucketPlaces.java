package org.chaincore.sync.peer;

import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.SipKey;

/**
 * Where addresses belong in the two tables of the book, by a keyed hash.
 *
 * <p>What an address and its source have in common with others decides on a handful of buckets, the
 * secret on which ones: so a source that tells of ever more addresses fills its own handful again
 * and again, and cannot aim at a place that another holds.
 *
 * <p>Not thread-safe; confined to its book.
 */
final class BucketPlaces {
  static final int NEW_BUCKETS = 1_024;
  static final int TRIED_BUCKETS = 256;

  /** Buckets that one source group's addresses fall into, whatever it makes up. */
  static final int NEW_BUCKETS_PER_SOURCE_GROUP = 64;

  /** Buckets that one group's addresses fall into, however many of them answer. */
  static final int TRIED_BUCKETS_PER_GROUP = 8;

  /**
   * Says what is hashed, so that no two questions have the same input. Books on disk depend on it.
   */
  private enum Question {
    NEW_SPREAD(1),
    NEW_BUCKET(2),
    TRIED_SPREAD(3),
    TRIED_BUCKET(4),
    NEW_SLOT(5),
    TRIED_SLOT(6),
    ANOTHER_PLACE(7);

    private final int tag;

    Question(int tag) {
      this.tag = tag;
    }
  }

  private final SipKey secret;
  private final GroupingRule rule;
  private final ByteWriter input = ByteWriter.create();

  BucketPlaces(long k0, long k1, GroupingRule rule) {
    this.secret = SipKey.of(k0, k1);
    this.rule = rule;
  }

  int newBucket(NetworkAddress address, NetworkAddress source) {
    NetworkGroup sourceGroup = rule.groupOf(source);
    ask(Question.NEW_SPREAD);
    rule.groupOf(address).write(input);
    sourceGroup.write(input);
    int spread = answer(NEW_BUCKETS_PER_SOURCE_GROUP);
    ask(Question.NEW_BUCKET).uint16(spread);
    sourceGroup.write(input);
    return answer(NEW_BUCKETS);
  }

  int triedBucket(NetworkAddress address) {
    ask(Question.TRIED_SPREAD);
    write(address);
    int spread = answer(TRIED_BUCKETS_PER_GROUP);
    ask(Question.TRIED_BUCKET).uint16(spread);
    rule.groupOf(address).write(input);
    return answer(TRIED_BUCKETS);
  }

  int newSlot(NetworkAddress address, int bucket) {
    ask(Question.NEW_SLOT).uint16(bucket);
    write(address);
    return answer(Bucket.SLOTS);
  }

  int triedSlot(NetworkAddress address, int bucket) {
    ask(Question.TRIED_SLOT).uint16(bucket);
    write(address);
    return answer(Bucket.SLOTS);
  }

  /**
   * Whether an address with so many places in new gets another one for this bucket: each is half as
   * likely as the one before. Telling again changes nothing, as no dice are thrown.
   */
  boolean deservesAnotherPlace(NetworkAddress address, int bucket, int places) {
    ask(Question.ANOTHER_PLACE).uint16(bucket).uint16(places);
    write(address);
    return answer(1 << places) == 0;
  }

  private ByteWriter ask(Question question) {
    return input.clear().uint8(question.tag);
  }

  private void write(NetworkAddress address) {
    input.uint8(address.network().id()).bytes(address.host()).uint16(address.port());
  }

  /** The answer to what was written, below a power of two. */
  private int answer(int bound) {
    return (int) secret.hash(input.toArray()) & (bound - 1);
  }
}
