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

  /** What grew beyond this is not kept: a flush of coins may take hundreds of megabytes once. */
  private static final int KEPT_BYTES = 1 << 20;

  private static final int FIRST_PAYLOAD_BYTES = 32 << 10;

  private final WriteBatch batch = new WriteBatch();
  private final ByteBuffer key = ByteBuffer.allocateDirect(LARGEST_KEY_BYTES);
  private final ByteBuffer value = ByteBuffer.allocateDirect(LARGEST_VALUE_BYTES);
  private final ByteWriter payload = ByteWriter.ofExpectedSize(FIRST_PAYLOAD_BYTES);

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

  /**
   * Empties it.
   *
   * @return whether it is small enough to be kept
   */
  boolean clear() {
    boolean isSmall = batch.getDataSize() <= KEPT_BYTES && payload.capacity() <= KEPT_BYTES;
    batch.clear();
    return isSmall;
  }

  @Override
  public void close() {
    batch.close();
  }
}
