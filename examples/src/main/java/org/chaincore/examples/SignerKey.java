package org.chaincore.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import org.chaincore.sync.identity.NodeKey;

/**
 * The key of whoever signs settings: 64 hex digits in a file that nobody but its owner may read.
 * Neither the key nor any part of the file is ever shown.
 */
final class SignerKey {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private static final int DIGITS = 2 * NodeKey.SEED_BYTES;

  private SignerKey() {}

  static boolean exists(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Makes a key and its file, which must not be there.
   *
   * @throws IOException if the file is there or cannot be made
   */
  static NodeKey create(Path file) throws IOException {
    byte[] seed = new byte[NodeKey.SEED_BYTES];
    new SecureRandom().nextBytes(seed);
    Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    FileAttribute<?>[] rights =
        isPosix(file)
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    byte[] text = (HexFormat.of().formatHex(seed) + "\n").getBytes(StandardCharsets.US_ASCII);
    try (SeekableByteChannel channel = Files.newByteChannel(file, options, rights)) {
      ByteBuffer bytes = ByteBuffer.wrap(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      return NodeKey.ofSeed(seed);
    } finally {
      Arrays.fill(text, (byte) 0);
      Arrays.fill(seed, (byte) 0);
    }
  }

  /**
   * Reads the key of a file.
   *
   * @throws IOException if it cannot be read, is a link, holds no key, or others may use it
   */
  static NodeKey read(Path file) throws IOException {
    if (isPosix(file)) {
      Set<PosixFilePermission> rights =
          Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
      if (rights.stream().anyMatch(OTHERS::contains)) {
        throw new IOException(
            file
                + " may be used by others ("
                + PosixFilePermissions.toString(rights)
                + "), allowed is rw-------");
      }
    }
    byte[] text;
    try (SeekableByteChannel channel =
        Files.newByteChannel(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer bytes = ByteBuffer.allocate(DIGITS + 2);
      int read = 0;
      while (read >= 0 && bytes.hasRemaining()) {
        read = channel.read(bytes);
      }
      text = Arrays.copyOf(bytes.array(), bytes.position());
      Arrays.fill(bytes.array(), (byte) 0);
    }
    try {
      String digits = new String(text, StandardCharsets.US_ASCII).strip();
      if (!digits.matches("[0-9a-fA-F]{" + DIGITS + "}")) {
        throw new IOException(file + " holds no key, allowed is " + DIGITS + " hex digits");
      }
      byte[] seed = HexFormat.of().parseHex(digits);
      NodeKey key = NodeKey.ofSeed(seed);
      Arrays.fill(seed, (byte) 0);
      return key;
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
