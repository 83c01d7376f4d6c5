package org.chaincore.store.database;

import java.nio.ByteBuffer;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.store.codec.Seal;
import org.rocksdb.WriteBatch;

/**
 * The memory that a batch is built in: what RocksDB collects, and where one value after the other
 * is written and sealed. It is kept from one commit to the next, since memory that was never
 * touched costs the system a fault for each page of it: measured with blocks of 20 kB, a fifth of
 * what a commit took. Not thread-safe; belongs to one batch at a time.
 */
final class BatchSpace implements AutoCloseable {
  /** A larger value is rare, and is given to RocksDB on the heap. */
  private static final int LARGEST_VALUE_BYTES = 1 << 20;

  private static final int LARGEST_KEY_BYTES = 256;

  /**
   * What grew beyond this is not kept, as a flush of coins may take hundreds of megabytes once;
   * with room for a batch that is ended when it has a megabyte, and for a large block.
   */
  private static final int KEPT_BYTES = 4 << 20;

  private static final int FIRST_PAYLOAD_BYTES = 32 << 10;

  private WriteBatch batch = new WriteBatch();
  private final ByteBuffer key = ByteBuffer.allocateDirect(LARGEST_KEY_BYTES);
  private final ByteBuffer value = ByteBuffer.allocateDirect(LARGEST_VALUE_BYTES);
  private ByteWriter payload = ByteWriter.ofExpectedSize(FIRST_PAYLOAD_BYTES);

  WriteBatch batch() {
    return batch;
  }

  /** Where a payload is written, empty. */
  ByteWriter payload() {
    return payload.clear();
  }

  /** Whether key and value fit in here. */
  boolean hasRoom(int keyBytes, int payloadBytes) {
    return keyBytes <= LARGEST_KEY_BYTES && payloadBytes <= LARGEST_VALUE_BYTES - Seal.OVERHEAD;
  }

  /** A key, as RocksDB takes it. */
  ByteBuffer key(byte[] bytes) {
    return key.clear().put(bytes).flip();
  }

  ByteBuffer value() {
    return value;
  }

  /** Empties it, for the next batch, and gives back what one of them alone needed. */
  void clear() {
    if (batch.getDataSize() > KEPT_BYTES) {
      batch.close();
      batch = new WriteBatch();
    } else {
      batch.clear();
    }
    if (payload.capacity() > KEPT_BYTES) {
      payload = ByteWriter.ofExpectedSize(FIRST_PAYLOAD_BYTES);
    }
  }

  @Override
  public void close() {
    batch.close();
  }
}
