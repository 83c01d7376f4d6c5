package org.chaincore.store.rocks;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.store.NodeMemory;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.value.Bytes;
import org.chaincore.store.codec.DamagedValueException;
import org.chaincore.store.database.Batch;
import org.chaincore.store.database.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's memory in a table: for each section a row with its length, and its bytes in pieces, so
 * that no value is larger than a block. Thread-safe.
 */
final class RocksNodeMemory implements NodeMemory {
  private static final Logger LOG = LoggerFactory.getLogger(RocksNodeMemory.class);

  private static final int PIECE_BYTES = 1 << 20;
  private static final byte LENGTH = 'n';
  private static final byte PIECE = 'p';

  private final WriteGate gate;
  private final ReentrantLock writer;
  private final Runnable resume;

  /**
   * The memory of a store.
   *
   * @param writer the store's lock
   * @param resume has the store go on after a full disk, if it can
   */
  RocksNodeMemory(WriteGate gate, ReentrantLock writer, Runnable resume) {
    this.gate = gate;
    this.writer = writer;
    this.resume = resume;
  }

  @Override
  public Optional<Bytes> section(String name) {
    NodeMemory.requireName(name);
    // Under the lock, or pieces of two versions could meet.
    writer.lock();
    try {
      gate.sign().requireOpen();
      int length = length(name);
      return length < 0 ? Optional.empty() : Optional.of(read(name, length));
    } finally {
      writer.unlock();
    }
  }

  private Bytes read(String name, int length) {
    ByteWriter out = ByteWriter.ofExpectedSize(length);
    for (int piece = 0; piece < pieces(length); piece++) {
      byte[] bytes = gate.database().get(Table.MEMORY, pieceKey(name, piece));
      if (bytes == null) {
        throw new StoreException(
            StoreFault.CORRUPT, "store has lost piece " + piece + " of section " + name);
      }
      out.bytes(bytes);
    }
    if (out.size() != length) {
      throw new StoreException(
          StoreFault.CORRUPT, "section " + name + " has " + out.size() + " bytes, not " + length);
    }
    return out.toBytes();
  }

  @Override
  public void replace(String name, Bytes content) {
    NodeMemory.requireName(name);
    NodeMemory.requireContent(content);
    change(
        name,
        batch -> {
          batch.put(
              Table.MEMORY, lengthKey(name), ByteWriter.create().int32(content.length()).toArray());
          for (int piece = 0; piece < pieces(content.length()); piece++) {
            int from = piece * PIECE_BYTES;
            int to = Math.min(content.length(), from + PIECE_BYTES);
            batch.put(Table.MEMORY, pieceKey(name, piece), content.slice(from, to).toArray());
          }
        });
  }

  @Override
  public void remove(String name) {
    NodeMemory.requireName(name);
    change(name, batch -> batch.delete(Table.MEMORY, lengthKey(name)));
  }

  private interface Change {
    void fill(Batch batch);
  }

  private void change(String name, Change change) {
    writer.lock();
    try {
      resume.run();
      gate.sign().requireWritable();
      try (Batch batch = gate.batch()) {
        int before = piecesOf(name);
        for (int piece = 0; piece < before; piece++) {
          batch.delete(Table.MEMORY, pieceKey(name, piece));
        }
        change.fill(batch);
        gate.writeThrough(batch);
      }
    } finally {
      writer.unlock();
    }
  }

  /** The pieces that a section may have; all there can be where its length cannot be read. */
  private int piecesOf(String name) {
    try {
      return pieces(Math.max(0, length(name)));
    } catch (StoreException e) {
      if (!StoredBodies.isDamage(e)) {
        throw e;
      }
      LOG.warn("section {} of the node's memory is damaged and begins anew", name, e);
      return pieces(MAX_SECTION_BYTES);
    }
  }

  @Override
  public SortedSet<String> sections() {
    gate.sign().requireOpen();
    SortedSet<String> names = new TreeSet<>();
    gate.database()
        .scan(
            Table.MEMORY,
            new byte[] {LENGTH},
            (key, payload) -> {
              if (key[0] != LENGTH) {
                return false;
              }
              names.add(new String(key, 1, key.length - 1, StandardCharsets.US_ASCII));
              return true;
            });
    return names;
  }

  /** The length of a section, -1 if there is none. */
  private int length(String name) {
    byte[] payload = gate.database().get(Table.MEMORY, lengthKey(name));
    return payload == null
        ? -1
        : ChainTables.parse(
            Table.MEMORY,
            lengthKey(name),
            payload,
            bytes -> ByteReader.readAll(bytes, "section", RocksNodeMemory::readLength));
  }

  private static int readLength(ByteReader in) {
    int length = in.int32("section length");
    if (length < 0 || length > MAX_SECTION_BYTES) {
      throw new DamagedValueException("section of " + length + " bytes");
    }
    return length;
  }

  private static int pieces(int length) {
    return (length + PIECE_BYTES - 1) / PIECE_BYTES;
  }

  private static byte[] lengthKey(String name) {
    return ByteWriter.create()
        .uint8(LENGTH)
        .bytes(name.getBytes(StandardCharsets.US_ASCII))
        .toArray();
  }

  private static byte[] pieceKey(String name, int piece) {
    return ByteWriter.create()
        .uint8(PIECE)
        .bytes(name.getBytes(StandardCharsets.US_ASCII))
        .uint8(0)
        .int32(Integer.reverseBytes(piece))
        .toArray();
  }
}
