package org.chaincore.net.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.chaincore.sync.identity.NodeKey;
import org.jspecify.annotations.Nullable;

/**
 * The key that names a node: made at its first start and kept in its data directory, where only the
 * owner can read it. A node without a directory has another name at each start.
 */
final class NodeIdentity {
  static final String FILE = "node-key";

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rwx------");

  /** A key file is never longer, whatever stands around the key. */
  private static final int MAX_FILE_BYTES = 1024;

  private NodeIdentity() {}

  /** A name that nobody had before. */
  private static NodeKey fresh(SecureRandom random) {
    byte[] seed = new byte[NodeKey.SEED_BYTES];
    random.nextBytes(seed);
    return NodeKey.ofSeed(seed);
  }

  /**
   * The name that the directory keeps; a new one if there is none, or no directory.
   *
   * @throws NodeStartException if the file cannot be read or written, holds no key, or others than
   *     its owner have rights to it
   */
  static NodeKey of(@Nullable Path directory, SecureRandom random) {
    if (directory == null) {
      return fresh(random);
    }
    Path file = directory.resolve(FILE);
    try {
      return Files.exists(file) ? read(file) : create(file, random);
    } catch (IOException | UncheckedIOException broken) {
      throw new NodeStartException(
          NodeStartException.Reason.DIRECTORY, "cannot use " + file, broken);
    }
  }

  private static NodeKey read(Path file) throws IOException {
    requireOwnersEyesOnly(file);
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new IOException(file + " is longer than a key");
    }
    String text = Files.readString(file).strip().toLowerCase(Locale.ROOT);
    if (text.length() != 2 * NodeKey.SEED_BYTES || !text.matches("[0-9a-f]+")) {
      throw new NodeStartException(
          NodeStartException.Reason.DIRECTORY,
          file + " holds no key: expected " + 2 * NodeKey.SEED_BYTES + " hex digits",
          null);
    }
    return NodeKey.ofSeed(HexFormat.of().parseHex(text));
  }

  /** Whoever has read the key can pass for this node, and who can write it has chosen its name. */
  private static void requireOwnersEyesOnly(Path file) throws IOException {
    if (!isPosix(file)) {
      return;
    }
    Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
    if (!OWNERS.containsAll(rights)) {
      throw new NodeStartException(
          NodeStartException.Reason.DIRECTORY,
          file
              + " holds the node's private key, and others than its owner have rights to it ("
              + PosixFilePermissions.toString(rights)
              + "): take them away by chmod 600, or delete it if somebody may have read it; the node"
              + " then makes another key and has another id",
          null);
    }
  }

  private static boolean isPosix(Path file) throws IOException {
    return Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix");
  }

  /** Written beside and moved, so that a crash leaves no half of a key. */
  private static NodeKey create(Path file, SecureRandom random) throws IOException {
    NodeKey key = fresh(random);
    Path draft = file.resolveSibling(FILE + ".new");
    Files.deleteIfExists(draft);
    if (isPosix(file)) {
      Files.createFile(draft, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    } else {
      Files.createFile(draft);
    }
    Files.writeString(draft, HexFormat.of().formatHex(key.toSeedBytes()) + "\n");
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    return key;
  }
}
