package org.chaincore.store.database;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The tables of the store: RocksDB's column families. Never change a number: checksums cover it.
 */
public enum Table {
  /** Format, identity, state and flush mark. */
  META(1, Kind.SMALL),
  /** Sequence to header. */
  HEADERS(2, Kind.SMALL),
  /** Hash to sequence. */
  INDEX(3, Kind.LOOKED_UP),
  /** Sequence to body. */
  BLOCKS(4, Kind.LARGE),
  /** Sequence to undo data. */
  UNDO(5, Kind.LARGE),
  /** Out point to coin. */
  COINS(6, Kind.LOOKED_UP),
  /** Sections of the node's memory. */
  MEMORY(7, Kind.LARGE),
  /** Txid to the block that has it. */
  TRANSACTIONS(8, Kind.LOOKED_UP),
  /** Script to the outputs that pay to it. */
  ADDRESSES(9, Kind.SMALL),
  /** Sequence to the txids of a block whose body was forgotten. */
  TXIDS(10, Kind.LARGE);

  /** How a table is used, which says how it is tuned. */
  enum Kind {
    /** Little, or read in order. */
    SMALL,
    /** Small values under keys in no order, many of which are asked for in vain: bloom filters. */
    LOOKED_UP,
    /** Large values in order: apart from their keys, so that no compaction moves them. */
    LARGE
  }

  private final int number;
  private final Kind kind;

  Table(int number, Kind kind) {
    this.number = number;
    this.kind = kind;
  }

  /** The table's number, which the checksums of its values cover. */
  public int number() {
    return number;
  }

  Kind kind() {
    return kind;
  }

  /** The name of the column family. META is the one that RocksDB always has. */
  byte[] columnFamily() {
    String name = this == META ? "default" : title();
    return name.getBytes(StandardCharsets.US_ASCII);
  }

  /** The name in messages. */
  public String title() {
    return name().toLowerCase(Locale.ROOT);
  }
}
