package org.chaincore.core.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;

/** A channel over bytes in memory, which gives and takes few at a time. Not thread-safe. */
final class Memory implements SeekableByteChannel {
  private static final int PIECE = 1_000;

  private byte[] bytes;
  private int position;
  private boolean isBroken;

  Memory(byte... bytes) {
    this.bytes = bytes.clone();
  }

  byte[] bytes() {
    return bytes.clone();
  }

  /** Every call fails from now on. */
  Memory broken() {
    isBroken = true;
    return this;
  }

  private void check() throws IOException {
    if (isBroken) {
      throw new IOException("broken");
    }
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    check();
    if (position >= bytes.length) {
      return -1;
    }
    int length = Math.min(Math.min(PIECE, to.remaining()), bytes.length - position);
    to.put(bytes, position, length);
    position += length;
    return length;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    check();
    int length = Math.min(PIECE, from.remaining());
    bytes = Arrays.copyOf(bytes, Math.max(bytes.length, position + length));
    from.get(bytes, position, length);
    position += length;
    return length;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) throws IOException {
    check();
    if (newPosition < 0) {
      throw new IllegalArgumentException("position " + newPosition);
    }
    position = Math.toIntExact(newPosition);
    return this;
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    bytes = Arrays.copyOf(bytes, Math.toIntExact(size));
    return this;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
