package org.chaincore.store.directory;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Locale;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;

/**
 * A directory with a store in it: its files, and whether they may be used. Immutable, and
 * thread-safe.
 *
 * <p>That one store alone has it open is the business of {@link DirectoryLock}.
 */
public final class StoreDirectory {
  private static final String TABLES = "tables";

  /** The file without which RocksDB would begin anew. */
  private static final String CURRENT = "CURRENT";

  private final Path root;
  private final FileStore disk;

  private StoreDirectory(Path root, FileStore disk) {
    this.root = root;
    this.disk = disk;
  }

  /**
   * Looks at a directory, makes it if its parent is there, and sees whether it may be written to.
   *
   * @throws StoreException if it may not, or is no store, or one of another format
   */
  public static StoreDirectory at(Path directory) {
    try {
      if (!Files.exists(directory)) {
        Files.createDirectory(directory);
      }
      // One name for one directory, as RocksDB tells stores of one process apart by their names.
      Path root = directory.toRealPath();
      StoreDirectory found = new StoreDirectory(root, Files.getFileStore(root));
      found.requireOurs(OwnerNote.probe(root));
      return found;
    } catch (AccessDeniedException e) {
      throw denied(directory, e);
    } catch (NoSuchFileException e) {
      throw new StoreException(
          StoreFault.MISSING_FILE, "no directory to begin a store in: " + e.getFile(), e);
    } catch (FileSystemException e) {
      throw isReadOnly(e) ? readOnly(directory, e) : failed("opening " + directory, e);
    } catch (IOException e) {
      throw failed("opening " + directory, e);
    }
  }

  private static boolean isReadOnly(FileSystemException e) {
    String reason = String.valueOf(e.getReason()).toLowerCase(Locale.ROOT);
    return reason.contains("read-only");
  }

  private static StoreException denied(Path directory, IOException e) {
    try {
      UserPrincipal owner = Files.getOwner(directory);
      String user = String.valueOf(System.getProperty("user.name"));
      if (!owner.getName().equals(user)) {
        return new StoreException(
            StoreFault.WRONG_OWNER,
            directory + " belongs to " + owner.getName() + ", this process runs as " + user,
            e);
      }
    } catch (IOException | UnsupportedOperationException unknown) {
      e.addSuppressed(unknown);
    }
    return readOnly(directory, e);
  }

  private static StoreException readOnly(Path directory, IOException e) {
    return new StoreException(
        StoreFault.READ_ONLY_DIRECTORY, directory + " cannot be written to: " + e.getMessage(), e);
  }

  /** The error of a file that could not be read or written. */
  public static StoreException failed(String doing, IOException e) {
    StoreFault fault = DiskSpace.isFull(e.getMessage()) ? StoreFault.DISK_FULL : StoreFault.IO;
    return new StoreException(fault, doing + ": " + e, e);
  }

  /** Files that this process made beside those of another user would lock that user out. */
  private void requireOurs(UserPrincipal us) throws IOException {
    Path head = root.resolve(HeadFile.NAME);
    if (Files.exists(head) && !Files.getOwner(head).equals(us)) {
      throw new StoreException(
          StoreFault.WRONG_OWNER,
          "the store in "
              + root
              + " belongs to "
              + Files.getOwner(head).getName()
              + ", this process writes as "
              + us.getName());
    }
  }

  /** The directory, by its one real name. */
  public Path root() {
    return root;
  }

  /** What a second store is told that asks for it. */
  public StoreException inUse() {
    return new StoreException(
        StoreFault.LOCKED, "the store in " + root + " is in use by " + OwnerNote.read(this));
  }

  /**
   * Sees whether there is a store, and writes nothing.
   *
   * @throws StoreException if there is one that lacks a file, is damaged or of another format
   */
  public void requireKnown() {
    boolean unused = HeadFile.isThere(this);
  }

  /**
   * Begins a store if there is none. Whoever is interrupted in it begins again.
   *
   * @throws StoreException if there is one that lacks a file, is damaged or of another format
   */
  public void begin() {
    if (!HeadFile.isThere(this)) {
      Progress.begin(this);
      HeadFile.write(this);
    }
    if (Progress.commitsIn(this) > 0 && !Files.exists(tables().resolve(CURRENT))) {
      throw new StoreException(
          StoreFault.MISSING_FILE, "store has lost its file " + tables().resolve(CURRENT));
    }
  }

  /** Where RocksDB's files are. */
  public Path tables() {
    return root.resolve(TABLES);
  }

  /** Bytes that may still be written to the disk. */
  public long usableBytes() {
    try {
      return disk.getUsableSpace();
    } catch (IOException e) {
      throw failed("asking for the free space of " + root, e);
    }
  }
}
