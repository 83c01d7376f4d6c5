package org.chaincore.store.rocks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.MerkleTree;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoreVerification;
import org.chaincore.core.store.StoreVerification.Finding;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.chaincore.store.codec.AddressRow;
import org.chaincore.store.codec.BodyState;
import org.chaincore.store.codec.CoinFormat;
import org.chaincore.store.codec.HeaderRow;
import org.chaincore.store.codec.Keys;
import org.chaincore.store.codec.StateRow;
import org.chaincore.store.codec.TransactionRow;
import org.chaincore.store.database.Database;
import org.chaincore.store.database.Table;
import org.jspecify.annotations.Nullable;

/**
 * Reads every value of a store: its seal, its form, and whether it fits the others. Headers must be
 * found by their hashes, bodies must belong to their headers, the blocks of the chain must have
 * what undoes them. Not thread-safe; one use.
 */
final class Verification {
  private final Database database;
  private final ChainTables tables;
  private final StateRow state;
  private final Sha256 hasher = Sha256.create();
  private final List<Finding> findings = new ArrayList<>();
  private long faults;
  private long rows;
  private long blocks;
  private long coins;

  /**
   * A walk over all tables.
   *
   * @param state where the chain stands; what is newer is not looked at
   */
  Verification(Database database, StateRow state) {
    this.database = database;
    this.tables = new ChainTables(database);
    this.state = state;
  }

  StoreVerification run() {
    List<HeaderRow> headers = headers();
    for (int sequence = 0; sequence < headers.size(); sequence++) {
      HeaderRow row = headers.get(sequence);
      if (row.body().isHeld()) {
        body(sequence, row);
      } else if (row.body().kind() == BodyState.Kind.PRUNED) {
        txids(sequence, row);
      }
    }
    undo(headers);
    inspect(Table.COINS, (key, payload) -> coin(key, payload));
    inspect(Table.TRANSACTIONS, this::transaction);
    inspect(Table.ADDRESSES, this::output);
    inspect(Table.MEMORY, (key, payload) -> true);
    return new StoreVerification(rows, blocks, coins, findings, faults);
  }

  private void inspect(Table table, Database.Visitor visitor) {
    database
        .inspect(
            table,
            (key, payload) -> {
              rows++;
              return visitor.row(key, payload);
            },
            damaged -> report(table.title(), damaged.getMessage(), null))
        .ifPresent(unread -> report(table.title(), "unreadable: " + unread.getMessage(), null));
  }

  private void report(String where, @Nullable String problem, @Nullable Hash256 block) {
    faults++;
    if (findings.size() < StoreVerification.MOST_FINDINGS) {
      findings.add(new Finding(where, String.valueOf(problem), Optional.ofNullable(block)));
    }
  }

  private void unreadable(String where, StoreException why, @Nullable Hash256 block) {
    if (why.fault() == StoreFault.CLOSED) {
      throw why; // The store was closed while it was looked at, which is wrong with no row.
    }
    report(where, why.getMessage(), block);
  }

  private List<HeaderRow> headers() {
    List<HeaderRow> headers = new ArrayList<>();
    inspect(
        Table.HEADERS,
        (key, payload) -> {
          int sequence = Keys.sequenceOf(key);
          if (sequence >= state.headers()) {
            return false;
          }
          HeaderRow row =
              ChainTables.parse(Table.HEADERS, key, payload, p -> HeaderRow.read(p, hasher));
          if (sequence != headers.size()) {
            report("headers", "sequence " + sequence + " stands at " + headers.size(), null);
          }
          headers.add(row);
          checkIndex(sequence, row);
          return true;
        });
    if (headers.size() < state.headers()) {
      report("headers", headers.size() + " readable of " + state.headers(), null);
    }
    return headers;
  }

  private void checkIndex(int sequence, HeaderRow row) {
    rows++;
    Hash256 hash = row.header().hash();
    try {
      int found = tables.sequence(hash);
      if (found != sequence) {
        report("index, block " + hash, "leads to " + found + ", not to " + sequence, null);
      }
    } catch (StoreException e) {
      unreadable("index, block " + hash, e, null);
    }
  }

  private void body(int sequence, HeaderRow row) {
    rows++;
    blocks++;
    Hash256 hash = row.header().hash();
    String where = Database.name(Table.BLOCKS, Keys.ofSequence(sequence));
    try {
      Optional<Block> block = tables.body(sequence);
      if (block.isEmpty()) {
        if (tables.row(sequence).body().isHeld()) {
          report(where, "body is gone", hash);
        } // Else it was pruned since the walk began.
      } else if (!fits(block.get(), row)) {
        report(where, "body is not that of its header", hash);
      }
    } catch (StoreException e) {
      unreadable(where, e, hash);
    }
  }

  private void txids(int sequence, HeaderRow row) {
    rows++;
    String where = Database.name(Table.TXIDS, Keys.ofSequence(sequence));
    try {
      boolean isGood =
          tables
              .txids(sequence)
              .filter(txids -> MerkleTree.root(txids).hash().equals(row.header().merkleRoot()))
              .isPresent();
      if (!isGood) {
        report(where, "txids are not those of " + row.header().hash(), null);
      }
    } catch (StoreException e) {
      unreadable(where, e, null);
    }
  }

  private static boolean fits(Block block, HeaderRow row) {
    return block.hash().equals(row.header().hash())
        && MerkleTree.root(block.txids()).hash().equals(row.header().merkleRoot());
  }

  /** Of the blocks of the chain, as they are at this moment. */
  private void undo(List<HeaderRow> headers) {
    Hash256 at = state.tip();
    int sequence = headers.size();
    for (int height = state.height(); height > 0; height--) {
      sequence = place(at, headers, sequence);
      if (sequence < 0) {
        report("index, block " + at, "a block of the chain is gone", null);
        return;
      }
      HeaderRow row = headers.get(sequence);
      rows++;
      String where = Database.name(Table.UNDO, Keys.ofSequence(sequence));
      try {
        if (lacksUndo(sequence, row) && lacksUndo(sequence, tables.row(sequence))) {
          report(where, "undo data is gone", null);
        }
      } catch (StoreException e) {
        unreadable(where, e, null);
      }
      at = row.header().previous();
    }
  }

  /**
   * Where a header is, also if the index does not know; -1 if it is nowhere.
   *
   * @param child where its child is: a header comes after its parent
   */
  private int place(Hash256 block, List<HeaderRow> headers, int child) {
    try {
      int sequence = tables.sequence(block);
      if (sequence >= 0 && sequence < headers.size() && isAt(block, headers.get(sequence))) {
        return sequence;
      }
    } catch (StoreException e) {
      if (e.fault() == StoreFault.CLOSED) {
        throw e;
      } // Else the damage was reported with its header.
    }
    int last = child - 1;
    while (last >= 0 && !isAt(block, headers.get(last))) {
      last--;
    }
    return last;
  }

  private static boolean isAt(Hash256 block, HeaderRow row) {
    return row.header().hash().equals(block);
  }

  /**
   * Whether undo data should be there by a row and is not. Of a row that was read before, that may
   * mean that the block has left the chain since, or was pruned; of one read after, only that it
   * came and went meanwhile.
   */
  private boolean lacksUndo(int sequence, HeaderRow row) {
    BodyState body = row.body();
    return body.kind() == BodyState.Kind.HELD
        && body.undoBytes() > 0
        && tables.undo(sequence).isEmpty();
  }

  private boolean coin(byte[] key, byte[] payload) {
    ChainTables.parse(Table.COINS, key, payload, CoinFormat::readCoin);
    coins++;
    return true;
  }

  private boolean transaction(byte[] key, byte[] payload) {
    ChainTables.parse(Table.TRANSACTIONS, key, payload, TransactionRow::read);
    return true;
  }

  private boolean output(byte[] key, byte[] payload) {
    ChainTables.parse(Table.ADDRESSES, key, payload, bytes -> AddressRow.read(key, bytes));
    return true;
  }
}
