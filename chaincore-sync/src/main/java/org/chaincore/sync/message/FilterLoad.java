package org.chaincore.sync.message;

import org.chaincore.core.value.Bytes;

/**
 * Sets the filter that blocks and transactions must meet to be told to the sender. Source: BIP37.
 *
 * @param bits of the filter, eight in a byte, the least significant first
 * @param hashFunctions how many bits an element sets, 0 to {@link #MAX_HASH_FUNCTIONS}
 * @param tweak added to the seeds of the hash functions
 * @param flags how the filter grows by what it meets, 0..255
 */
public record FilterLoad(Bytes bits, int hashFunctions, int tweak, int flags) implements Message {
  public static final String COMMAND = "filterload";

  /** Enough for 20,000 elements with one false hit in a thousand; the peer's memory is not ours. */
  public static final int MAX_BITS_BYTES = 36_000;

  /** More would make a node hash for as long as a peer likes. */
  public static final int MAX_HASH_FUNCTIONS = 50;

  public FilterLoad {
    Checks.atMost("bytes of filter", bits.length(), MAX_BITS_BYTES);
    Checks.inRange("number of hash functions", hashFunctions, 0, MAX_HASH_FUNCTIONS);
    Checks.inRange("filter flags", flags, 0, 0xff);
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
