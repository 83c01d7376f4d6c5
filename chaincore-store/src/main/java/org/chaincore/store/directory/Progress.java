package org.chaincore.store.directory;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;

/**
 * How many commits the disk has for sure. The tables alone cannot tell a log that was cut short by
 * damage from one that ends there; a store that comes back with fewer commits than this has lost
 * some that were acknowledged.
 *
 * <p>The number is written after the disk has the commits and is not waited for itself, so it may
 * lag behind them after a power failure and is never ahead of them. It lies within one sector and
 * is written in one piece.
 *
 * <p>Whoever is interrupted writes it all the same: a {@link java.nio.channels.FileChannel} would
 * be closed for good by one caller whose thread somebody wants to end.
 *
 * <p>Not thread-safe; confined to the writer.
 */
public final class Progress implements AutoCloseable {
  private static final String NAME = "progress";
  private static final String NEW_NAME = "progress.new";

  /** "CHAINPRG" in ASCII. */
  private static final long MAGIC = 0x434841494e505247L;

  private static final int BYTES = 8 + 8 + 4;

  private final Path file;
  private final RandomAccessFile open;
  private final ByteBuffer out = ByteBuffer.allocate(BYTES);
  private long commits;

  private Progress(Path file, long commits) throws IOException {
    this.file = file;
    this.open = new RandomAccessFile(file.toFile(), "rw");
    this.commits = commits;
  }

  private static boolean isThere(StoreDirectory directory) {
    return Files.exists(directory.root().resolve(NAME));
  }

  /**
   * The commits that a store in the directory must have; 0 if there is no such file.
   *
   * @throws StoreException if it is damaged
   */
  public static long commitsIn(StoreDirectory directory) {
    if (!isThere(directory)) {
      return 0;
    }
    try (Progress progress = open(directory)) {
      return progress.commits();
    }
  }

  /**
   * Begins the file where a store begins, with no commits. It gets its name when it is whole: on a
   * full disk, or after a crash, there is none.
   */
  public static void begin(StoreDirectory directory) {
    if (isThere(directory)) {
      return;
    }
    Path file = directory.root().resolve(NAME);
    Path fresh = directory.root().resolve(NEW_NAME);
    try {
      try (Progress progress = new Progress(fresh, -1)) {
        progress.open.setLength(0);
        progress.advance(0);
        progress.open.getFD().sync();
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      HeadFile.force(directory.root());
    } catch (IOException e) {
      throw StoreDirectory.failed("writing " + file, e);
    }
  }

  /**
   * Opens the file of a store.
   *
   * @throws StoreException if it is missing or damaged
   */
  public static Progress open(StoreDirectory directory) {
    Path file = directory.root().resolve(NAME);
    if (!isThere(directory)) {
      throw new StoreException(StoreFault.MISSING_FILE, "store has lost its file " + file);
    }
    try {
      return new Progress(file, read(file, Files.readAllBytes(file)));
    } catch (IOException e) {
      throw StoreDirectory.failed("opening " + file, e);
    }
  }

  private static long read(Path file, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length != BYTES
        || in.getLong(0) != MAGIC
        || HeadFile.checksum(bytes, BYTES - 4) != in.getInt(BYTES - 4)) {
      throw new StoreException(StoreFault.CORRUPT, file + " is damaged");
    }
    return in.getLong(8);
  }

  /** The commits that were on the disk when this was last written. */
  public long commits() {
    return commits;
  }

  /** Notes that the disk has so many commits. */
  public void advance(long newCommits) {
    out.clear().putLong(MAGIC).putLong(newCommits);
    out.putInt(HeadFile.checksum(out.array(), BYTES - 4));
    try {
      open.seek(0);
      open.write(out.array());
      commits = newCommits;
    } catch (IOException e) {
      throw StoreDirectory.failed("writing " + file, e);
    }
  }

  @Override
  public void close() {
    try {
      open.close();
    } catch (IOException e) {
      throw StoreDirectory.failed("closing " + file, e);
    }
  }
}
