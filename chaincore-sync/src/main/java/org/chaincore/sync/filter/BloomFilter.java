package org.chaincore.sync.filter;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.util.List;
import java.util.stream.IntStream;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.script.PushedData;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.LittleEndian;

/**
 * A set that says of everything in it that it is in it, and of some other things too; how many is
 * its owner's choice between traffic and privacy.
 *
 * <p>Each of some hash functions (Murmur3 with 32 bits, under a seed of its own) names a bit of an
 * element. Adding sets these bits, and an element whose bits are all set is taken for contained.
 *
 * <p>A peer's filter costs what {@link #MAX_BYTES} and {@link #MAX_HASH_FUNCTIONS} allow. One
 * without bits contains everything, as it would otherwise divide by its size (CVE-2013-5700).
 *
 * <p>Not thread-safe; confined to its connection. Source: BIP37.
 */
public final class BloomFilter {
  /** Enough for 20,000 elements with one false hit in a thousand; what a peer may make us hold. */
  public static final int MAX_BYTES = 36_000;

  /** More would make a node hash for as long as a peer likes. */
  public static final int MAX_HASH_FUNCTIONS = 50;

  /** Spreads the seeds of the hash functions. */
  private static final int SEED_STEP = 0xfba4c795;

  private static final int UPDATE_MASK = 3;
  private static final int UPDATE_ALL = 1;

  private final byte[] bits;
  private final List<HashFunction> functions;
  private final int tweak;
  private final int flags;

  private BloomFilter(byte[] bits, int hashFunctions, int tweak, int flags) {
    if (bits.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "a filter of " + bits.length + " bytes, at most " + MAX_BYTES);
    }
    if (hashFunctions < 0 || hashFunctions > MAX_HASH_FUNCTIONS) {
      throw new IllegalArgumentException(
          hashFunctions + " hash functions, at most " + MAX_HASH_FUNCTIONS);
    }
    this.bits = bits;
    this.tweak = tweak;
    this.flags = flags;
    this.functions =
        IntStream.range(0, hashFunctions)
            .mapToObj(i -> Hashing.murmur3_32_fixed(i * SEED_STEP + tweak))
            .toList();
  }

  /**
   * A filter as a peer sent it.
   *
   * @param bits eight in a byte, the least significant first
   * @param hashFunctions how many bits an element has
   * @param tweak added to their seeds
   * @param flags 1 in the last two bits if a match adds the out point that matched; other ways of
   *     updating name outputs that no ChainCore network has
   * @throws IllegalArgumentException if it is larger than the limits
   */
  public static BloomFilter of(Bytes bits, int hashFunctions, int tweak, int flags) {
    return new BloomFilter(bits.toArray(), hashFunctions, tweak, flags);
  }

  /**
   * An empty filter for a number of elements, as large as the limits allow.
   *
   * @param elements how many will be added, at least 1
   * @param falseHits the share of other things that are taken for contained, between 0 and 1
   */
  public static BloomFilter ofSize(int elements, double falseHits, int tweak, int flags) {
    if (elements < 1 || !(falseHits > 0 && falseHits < 1)) {
      throw new IllegalArgumentException(
          "a filter of " + elements + " elements and false hits " + falseHits);
    }
    double ln2 = StrictMath.log(2);
    double wanted = -elements * StrictMath.log(falseHits) / (ln2 * ln2);
    int bytes = (int) Math.min(wanted, MAX_BYTES * 8.0) / 8;
    // The whole part, as everybody computes it: the number of functions is part of the encoding.
    int bitsEach = bytes * 8 / elements;
    int functions = (int) Math.min(bitsEach * ln2, MAX_HASH_FUNCTIONS);
    return new BloomFilter(new byte[bytes], functions, tweak, flags);
  }

  /** The bits as they are sent. */
  public Bytes bits() {
    return Bytes.of(bits);
  }

  public int hashFunctions() {
    return functions.size();
  }

  public int tweak() {
    return tweak;
  }

  public int flags() {
    return flags;
  }

  public void add(Bytes element) {
    add(element.toArray());
  }

  public boolean contains(Bytes element) {
    return contains(element.toArray());
  }

  /**
   * Whether a transaction is wanted: its id, what its outputs or inputs push, or an out point that
   * it spends. If the filter says so, an output that matches is added, so that what spends it will
   * match too.
   */
  public boolean matches(Transaction transaction) {
    boolean found = contains(transaction.txid().toWire());
    List<TransactionOutput> outputs = transaction.outputs();
    for (int i = 0; i < outputs.size(); i++) {
      if (containsAny(outputs.get(i).script())) {
        found = true;
        if ((flags & UPDATE_MASK) == UPDATE_ALL) {
          add(wire(transaction.outPoint(i)));
        }
      }
    }
    return found || transaction.inputs().stream().anyMatch(this::matches);
  }

  private boolean matches(TransactionInput input) {
    return contains(wire(input.previousOutput())) || containsAny(input.scriptSig());
  }

  private boolean containsAny(Bytes script) {
    return PushedData.of(script).stream().anyMatch(this::contains);
  }

  private static byte[] wire(OutPoint outPoint) {
    byte[] wire = new byte[OutPoint.BYTES];
    outPoint.txid().writeWire(wire, 0);
    LittleEndian.putInt(wire, Hash256.BYTES, outPoint.index());
    return wire;
  }

  private void add(byte[] element) {
    if (bits.length == 0) {
      return;
    }
    for (HashFunction function : functions) {
      int bit = bit(function, element);
      bits[bit / 8] |= (byte) (1 << bit % 8);
    }
  }

  private boolean contains(byte[] element) {
    if (bits.length == 0) {
      return true;
    }
    for (HashFunction function : functions) {
      int bit = bit(function, element);
      if ((bits[bit / 8] >>> bit % 8 & 1) == 0) {
        return false;
      }
    }
    return true;
  }

  private int bit(HashFunction function, byte[] element) {
    return Integer.remainderUnsigned(function.hashBytes(element).asInt(), bits.length * 8);
  }
}
