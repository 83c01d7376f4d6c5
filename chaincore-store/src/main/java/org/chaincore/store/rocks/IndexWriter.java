package org.chaincore.store.rocks;

import java.util.function.Supplier;
import org.chaincore.core.block.Block;
import org.chaincore.core.ledger.BlockUndo;
import org.chaincore.core.store.AddressIndex.IndexedOutput;
import org.chaincore.core.store.AddressIndex.Position;
import org.chaincore.core.store.BlockIndexing;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.store.codec.AddressRow;
import org.chaincore.store.codec.Keys;
import org.chaincore.store.codec.TransactionRow;
import org.chaincore.store.database.Batch;
import org.chaincore.store.database.Table;

/** One index: its table, and what a block does to that. Stateless. */
enum IndexWriter {
  /** Txid to block and place. */
  TRANSACTIONS(Table.TRANSACTIONS) {
    @Override
    byte[] markKey() {
      return Keys.ofTransactionMark();
    }

    @Override
    void connect(OnChain block, Batch batch) {
      BlockIndexing.connect(block.body, changes(block, batch));
    }

    @Override
    void disconnect(OnChain block, Batch batch) {
      BlockIndexing.disconnect(block.body, changes(block, batch));
    }

    private BlockIndexing.Transactions changes(OnChain block, Batch batch) {
      return new BlockIndexing.Transactions() {
        @Override
        public void put(Hash256 txid, int index) {
          byte[] row = new TransactionRow(block.sequence, index).toBytes();
          batch.put(Table.TRANSACTIONS, Keys.ofHash(txid), row);
        }

        @Override
        public void remove(Hash256 txid) {
          batch.delete(Table.TRANSACTIONS, Keys.ofHash(txid));
        }
      };
    }
  },

  /** Script to outputs. */
  ADDRESSES(Table.ADDRESSES) {
    @Override
    byte[] markKey() {
      return Keys.ofAddressMark();
    }

    @Override
    void connect(OnChain block, Batch batch) {
      BlockIndexing.connect(block.body, block.height, block.undo.get(), changes(batch));
    }

    @Override
    void disconnect(OnChain block, Batch batch) {
      BlockIndexing.disconnect(block.body, block.height, block.undo.get(), changes(batch));
    }

    private BlockIndexing.Outputs changes(Batch batch) {
      return new BlockIndexing.Outputs() {
        @Override
        public void put(Bytes script, IndexedOutput output) {
          byte[] key = AddressRow.key(AddressRow.prefix(script), output.position());
          batch.put(Table.ADDRESSES, key, AddressRow.toBytes(output));
        }

        @Override
        public void remove(Bytes script, Position position) {
          batch.delete(Table.ADDRESSES, AddressRow.key(AddressRow.prefix(script), position));
        }
      };
    }
  };

  /**
   * A block that joins or leaves the chain.
   *
   * @param sequence the place of its header among all
   * @param height its height
   * @param body the block
   * @param undo looks up what undoes it, for those who need that
   */
  record OnChain(int sequence, int height, Block body, Supplier<BlockUndo> undo) {}

  private final Table table;

  IndexWriter(Table table) {
    this.table = table;
  }

  Table table() {
    return table;
  }

  abstract byte[] markKey();

  abstract void connect(OnChain block, Batch batch);

  abstract void disconnect(OnChain block, Batch batch);
}
