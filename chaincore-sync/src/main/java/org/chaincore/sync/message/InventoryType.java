package org.chaincore.sync.message;

/**
 * What a hash names. Any number is one, so that a request for something unknown can be answered
 * with {@link NotFound} in the asker's own words.
 *
 * @param code the number on the wire, 0..2³²−1
 */
public record InventoryType(long code) {
  /** Added to a type where the answer is to have its witnesses (BIP144). */
  public static final long WITNESS_FLAG = 0x4000_0000L;

  public static final InventoryType TRANSACTION = new InventoryType(1);
  public static final InventoryType BLOCK = new InventoryType(2);

  /** A {@link MerkleBlock} and the transactions that it proves (BIP37). */
  public static final InventoryType FILTERED_BLOCK = new InventoryType(3);

  /** A {@link CompactBlock} (BIP152). */
  public static final InventoryType COMPACT_BLOCK = new InventoryType(4);

  /** A transaction, named by its wtxid (BIP339). */
  public static final InventoryType WTX = new InventoryType(5);

  public static final InventoryType WITNESS_TRANSACTION = new InventoryType(1 | WITNESS_FLAG);
  public static final InventoryType WITNESS_BLOCK = new InventoryType(2 | WITNESS_FLAG);
  public static final InventoryType WITNESS_FILTERED_BLOCK = new InventoryType(3 | WITNESS_FLAG);

  public InventoryType {
    Checks.uint32("inventory type", code);
  }

  /** The type of a number on the wire. */
  public static InventoryType of(long code) {
    if (code == TRANSACTION.code) {
      return TRANSACTION;
    } else if (code == BLOCK.code) {
      return BLOCK;
    } else if (code == WTX.code) {
      return WTX;
    } else if (code == WITNESS_TRANSACTION.code) {
      return WITNESS_TRANSACTION;
    } else if (code == WITNESS_BLOCK.code) {
      return WITNESS_BLOCK;
    }
    return new InventoryType(code);
  }

  /** Whether it names a transaction, by its txid or by its wtxid. */
  public boolean isTransaction() {
    return equals(TRANSACTION) || equals(WITNESS_TRANSACTION) || equals(WTX);
  }

  /** Whether it names a block, in whatever form it is wanted. */
  public boolean isBlock() {
    return equals(BLOCK)
        || equals(WITNESS_BLOCK)
        || equals(COMPACT_BLOCK)
        || equals(FILTERED_BLOCK)
        || equals(WITNESS_FILTERED_BLOCK);
  }

  /** Whether the answer has witnesses. */
  public boolean isWithWitness() {
    return (code & WITNESS_FLAG) != 0 || equals(WTX) || equals(COMPACT_BLOCK);
  }

  @Override
  public String toString() {
    return isBlock() || isTransaction()
        ? (isBlock() ? "block" : "transaction") + " (type " + Long.toHexString(code) + ")"
        : "unknown type " + Long.toHexString(code);
  }
}
