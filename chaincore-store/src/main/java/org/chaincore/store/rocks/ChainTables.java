package org.chaincore.store.rocks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.ledger.BlockCoins;
import org.chaincore.core.ledger.BlockUndo;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.ledger.CoinView;
import org.chaincore.core.store.AddressIndex.IndexedOutput;
import org.chaincore.core.store.AddressIndex.Position;
import org.chaincore.core.store.ChainIdentity;
import org.chaincore.core.store.CoinSnapshots.Origin;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoredHeader;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.chaincore.store.codec.AddressRow;
import org.chaincore.store.codec.CoinFormat;
import org.chaincore.store.codec.DamagedValueException;
import org.chaincore.store.codec.FlushMark;
import org.chaincore.store.codec.HeaderRow;
import org.chaincore.store.codec.IdentityRow;
import org.chaincore.store.codec.IndexMark;
import org.chaincore.store.codec.Keys;
import org.chaincore.store.codec.OriginRow;
import org.chaincore.store.codec.StateRow;
import org.chaincore.store.codec.TransactionRow;
import org.chaincore.store.codec.TxidList;
import org.chaincore.store.database.Database;
import org.chaincore.store.database.Table;
import org.jspecify.annotations.Nullable;

/** The tables as what they mean. Reads only; thread-safe as {@link Database} is. */
final class ChainTables implements CoinView {
  private final Database database;

  ChainTables(Database database) {
    this.database = database;
  }

  Optional<ChainIdentity> identity() {
    return Optional.ofNullable(read(Table.META, Keys.ofIdentity(), IdentityRow::read));
  }

  StateRow state() {
    return require(Table.META, Keys.ofState(), StateRow::read);
  }

  FlushMark flushMark() {
    return require(Table.META, Keys.ofFlushMark(), FlushMark::read);
  }

  /** A header's place among all, or -1 if there is none of that hash. */
  int sequence(Hash256 block) {
    byte[] key = Keys.ofHash(block);
    byte[] found = database.get(Table.INDEX, key);
    return found == null ? -1 : parse(Table.INDEX, key, found, Keys::sequenceOf);
  }

  HeaderRow row(int sequence) {
    byte[] key = Keys.ofSequence(sequence);
    return require(Table.HEADERS, key, bytes -> HeaderRow.read(bytes, Sha256.create()));
  }

  /** The height up to which bodies are forgotten; 0 if none are. */
  int prunedHeight() {
    byte[] key = Keys.ofPrunedHeight();
    byte[] payload = database.get(Table.META, key);
    return payload == null ? 0 : parse(Table.META, key, payload, Keys::sequenceOf);
  }

  /** What the store began from; empty if from genesis. */
  Optional<Origin> origin() {
    return Optional.ofNullable(read(Table.META, Keys.ofOrigin(), OriginRow::read));
  }

  /** Whether coins are here that were being restored when the process ended. */
  boolean isRestoring() {
    return database.has(Table.META, Keys.ofRestoring());
  }

  /**
   * All coins of the table, as they are at one moment.
   *
   * @param begun called when what is written from then on is not seen any more
   */
  void coins(Runnable begun, BlockCoins.Target visitor) {
    database.scanAtOnce(
        Table.COINS,
        begun,
        (key, payload) -> {
          Coin coin = parse(Table.COINS, key, payload, CoinFormat::readCoin);
          visitor.set(Keys.coinOf(key), coin);
          return true;
        });
  }

  /** How far an index is; empty if there is none. */
  Optional<IndexMark> indexMark(byte[] key) {
    return Optional.ofNullable(read(Table.META, key, IndexMark::read));
  }

  Optional<TransactionRow> transaction(Hash256 txid) {
    byte[] key = Keys.ofHash(txid);
    return Optional.ofNullable(read(Table.TRANSACTIONS, key, TransactionRow::read));
  }

  /** The outputs of a script behind a position, one more than asked for if there are more. */
  List<IndexedOutput> outputs(Bytes script, Position after, int most) {
    byte[] prefix = AddressRow.prefix(script);
    byte[] from = after.height() < 0 ? prefix : AddressRow.key(prefix, after);
    List<IndexedOutput> outputs = new ArrayList<>();
    database.scan(
        Table.ADDRESSES,
        from,
        (key, payload) -> {
          if (!AddressRow.hasPrefix(key, prefix)) {
            return false;
          }
          IndexedOutput output =
              parse(Table.ADDRESSES, key, payload, bytes -> AddressRow.read(key, bytes));
          if (!output.position().equals(after)) {
            outputs.add(output);
          }
          return outputs.size() <= most;
        });
    return outputs;
  }

  /** Takes each header. */
  @FunctionalInterface
  interface RowVisitor {
    void row(int sequence, HeaderRow row);
  }

  /**
   * All headers in their order, of which there must be so many.
   *
   * @param visitor is given them too
   */
  List<StoredHeader> headers(int expected, RowVisitor visitor) {
    List<StoredHeader> headers = new ArrayList<>(expected);
    Sha256 hasher = Sha256.create();
    database.scan(
        Table.HEADERS,
        new byte[0],
        (key, payload) -> {
          if (Keys.sequenceOf(key) != headers.size()) {
            throw lost(headers.size(), expected);
          }
          HeaderRow row = parse(Table.HEADERS, key, payload, p -> HeaderRow.read(p, hasher));
          visitor.row(headers.size(), row);
          headers.add(row.toStored());
          return true;
        });
    if (headers.size() != expected) {
      throw lost(headers.size(), expected);
    }
    return headers;
  }

  private static StoreException lost(int sequence, int expected) {
    return new StoreException(
        StoreFault.CORRUPT, "store has lost header " + sequence + " of " + expected);
  }

  /** A body, if it is there. */
  Optional<Block> block(Hash256 hash) {
    int sequence = sequence(hash);
    if (sequence < 0) {
      return Optional.empty();
    }
    Optional<Block> block = body(sequence);
    if (block.isPresent() && !block.get().hash().equals(hash)) {
      throw new StoreException(
          StoreFault.CORRUPT,
          Database.name(Table.BLOCKS, Keys.ofSequence(sequence))
              + " is "
              + block.get()
              + ", not "
              + hash);
    }
    return block;
  }

  /** What is stored as the body of a header. */
  Optional<Block> body(int sequence) {
    return Optional.ofNullable(read(Table.BLOCKS, Keys.ofSequence(sequence), Block::parse));
  }

  /** The txids of a block whose body was forgotten. */
  Optional<List<Hash256>> txids(int sequence) {
    return Optional.ofNullable(read(Table.TXIDS, Keys.ofSequence(sequence), TxidList::read));
  }

  Optional<BlockUndo> undo(int sequence) {
    byte[] key = Keys.ofSequence(sequence);
    return Optional.ofNullable(read(Table.UNDO, key, CoinFormat::readUndo));
  }

  @Override
  public @Nullable Coin coin(OutPoint outPoint) {
    return read(Table.COINS, Keys.ofCoin(outPoint), CoinFormat::readCoin);
  }

  private <T> @Nullable T read(Table table, byte[] key, Function<byte[], T> parse) {
    byte[] payload = database.get(table, key);
    return payload == null ? null : parse(table, key, payload, parse);
  }

  private <T> T require(Table table, byte[] key, Function<byte[], T> parse) {
    T value = read(table, key, parse);
    if (value == null) {
      throw new StoreException(StoreFault.CORRUPT, "store has lost " + Database.name(table, key));
    }
    return value;
  }

  static <T> T parse(Table table, byte[] key, byte[] payload, Function<byte[], T> parse) {
    try {
      return parse.apply(payload);
    } catch (MalformedBytesException | DamagedValueException e) {
      throw Database.damaged(table, key, e);
    }
  }
}
