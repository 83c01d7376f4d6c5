package org.chaincore.store.directory;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;

/**
 * The first file of a store: that it is one, and in which format. It can be read without RocksDB,
 * so that a store of another release is refused before anything touches it. Stateless.
 */
public final class HeadFile {
  /**
   * The format that this release writes and reads. Raised with every change of what a table holds;
   * docs/store-format.md says what each number meant.
   */
  public static final int FORMAT = 2;

  static final String NAME = "chaincore.store";
  private static final String NEW_NAME = "chaincore.store.new";

  /** "CHAINSTO" in ASCII. */
  private static final long MAGIC = 0x434841494e53544fL;

  private static final int BYTES = 8 + 4 + 4;

  private HeadFile() {}

  /**
   * Whether there is a store.
   *
   * @throws StoreException if there is one of another format, or a damaged one
   */
  public static boolean isThere(StoreDirectory directory) {
    Path file = directory.root().resolve(NAME);
    try {
      if (!Files.exists(file)) {
        requireNothingBeside(directory);
        return false;
      }
      requireGood(file, Files.readAllBytes(file));
      return true;
    } catch (IOException e) {
      throw StoreDirectory.failed("reading " + file, e);
    }
  }

  private static void requireNothingBeside(StoreDirectory directory) {
    if (Files.exists(directory.tables()) || Progress.commitsIn(directory) > 0) {
      throw new StoreException(
          StoreFault.MISSING_FILE, directory.root() + " holds a store without its file " + NAME);
    }
  }

  private static void requireGood(Path file, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length != BYTES
        || in.getLong() != MAGIC
        || checksum(bytes, BYTES - 4) != in.getInt(BYTES - 4)) {
      throw new StoreException(StoreFault.CORRUPT, file + " is damaged, or of something else");
    }
    int format = in.getInt();
    if (format != FORMAT) {
      throw new StoreException(
          StoreFault.FORMAT_VERSION,
          "store of format " + format + ", this release reads format " + FORMAT);
    }
  }

  /** Begins a store: from now on there is one. */
  public static void write(StoreDirectory directory) {
    write(directory, FORMAT);
  }

  static void write(StoreDirectory directory, int format) {
    ByteBuffer out = ByteBuffer.allocate(BYTES).putLong(MAGIC).putInt(format);
    out.putInt(checksum(out.array(), BYTES - 4));
    Path root = directory.root();
    Path fresh = root.resolve(NEW_NAME);
    try {
      try (FileOutputStream file = new FileOutputStream(fresh.toFile())) {
        file.write(out.array());
        file.getFD().sync();
      }
      Files.move(fresh, root.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
      force(root);
    } catch (IOException e) {
      throw StoreDirectory.failed("writing " + NAME, e);
    }
  }

  static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /**
   * Makes names durable where the system can do that; Windows opens no directories. Whoever is
   * interrupted goes on, and stays interrupted.
   */
  static void force(Path directory) throws IOException {
    if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    // Only a channel opens a directory, and an interrupt closes it.
    boolean isInterrupted = Thread.interrupted();
    try {
      while (!isForced(directory)) {
        isInterrupted |= Thread.interrupted();
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean isForced(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
      return true;
    } catch (ClosedByInterruptException interrupted) {
      return false;
    }
  }
}
