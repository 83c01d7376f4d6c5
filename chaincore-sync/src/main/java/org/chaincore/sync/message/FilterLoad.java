package org.chaincore.sync.message;

import org.chaincore.core.value.Bytes;
import org.chaincore.sync.filter.BloomFilter;

/**
 * Sets the filter that blocks and transactions must meet to be told to the sender. Source: BIP37.
 *
 * @param bits of the filter, eight in a byte, the least significant first; at most {@link
 *     BloomFilter#MAX_BYTES}
 * @param hashFunctions how many bits an element sets, 0 to {@link BloomFilter#MAX_HASH_FUNCTIONS}
 * @param tweak added to the seeds of the hash functions
 * @param flags how the filter grows by what it meets, 0..255
 */
public record FilterLoad(Bytes bits, int hashFunctions, int tweak, int flags) implements Message {
  public static final String COMMAND = "filterload";

  public FilterLoad {
    Checks.atMost("bytes of filter", bits.length(), BloomFilter.MAX_BYTES);
    Checks.inRange("number of hash functions", hashFunctions, 0, BloomFilter.MAX_HASH_FUNCTIONS);
    Checks.inRange("filter flags", flags, 0, 0xff);
  }

  /** The message that sets a filter. */
  public static FilterLoad of(BloomFilter filter) {
    return new FilterLoad(filter.bits(), filter.hashFunctions(), filter.tweak(), filter.flags());
  }

  /** A filter of these bits, which grows by itself. */
  public BloomFilter filter() {
    return BloomFilter.of(bits, hashFunctions, tweak, flags);
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
