package org.chaincore.core.archive;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.ledger.CoinEncoding;
import org.chaincore.core.store.CoinSnapshots;
import org.chaincore.core.value.Hash256;

/**
 * The hash of all coins that a block leaves: double SHA-256 of a name, the block, its height, the
 * number of coins, and each coin in order, as docs/store-format.md has it. Equal on all nodes that
 * have the same chain, whatever they keep it in. Not thread-safe.
 */
public final class CoinSetHash {
  private static final byte[] NAME = "chaincore/coins/1".getBytes(StandardCharsets.US_ASCII);

  private final MessageDigest digest;
  private final ByteWriter buffer = ByteWriter.create();

  private CoinSetHash() {
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static CoinSetHash of(Hash256 block, int height, long count) {
    CoinSetHash hash = new CoinSetHash();
    hash.digest.update(NAME);
    hash.update(hash.buffer.hash(block).int32(height).int64(count));
    return hash;
  }

  /** The hash of the coins that a store has. */
  public static Id of(CoinSnapshots store) {
    Summing summing = new Summing();
    store.read(summing);
    return summing.id();
  }

  /**
   * A set of coins. Immutable.
   *
   * @param block the block that leaves them
   * @param height its height
   * @param count how many they are
   * @param hash their hash
   */
  public record Id(Hash256 block, int height, long count, Hash256 hash) {}

  private static final class Summing implements CoinSnapshots.Sink {
    private Hash256 block = Hash256.ZERO;
    private int height;
    private long count;
    private CoinSetHash hash = new CoinSetHash();

    @Override
    public void begin(Hash256 tip, int atHeight, long coins) {
      block = tip;
      height = atHeight;
      count = coins;
      hash = CoinSetHash.of(tip, atHeight, coins);
    }

    @Override
    public void coin(OutPoint outPoint, Coin coin) {
      hash.add(outPoint, coin);
    }

    Id id() {
      return new Id(block, height, count, hash.result());
    }
  }

  void add(OutPoint outPoint, Coin coin) {
    update(write(buffer, outPoint, coin));
  }

  /** A coin as it is hashed, and as it stands in a snapshot. */
  static ByteWriter write(ByteWriter out, OutPoint outPoint, Coin coin) {
    out.hash(outPoint.txid()).int32(outPoint.index());
    CoinEncoding.write(out, coin);
    return out;
  }

  private void update(ByteWriter bytes) {
    digest.update(bytes.toArray());
    bytes.clear();
  }

  Hash256 result() {
    return Hash256.ofWire(digest.digest(digest.digest()));
  }
}
