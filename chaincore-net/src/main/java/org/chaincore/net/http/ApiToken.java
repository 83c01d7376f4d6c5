package org.chaincore.net.http;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.chaincore.core.value.Sha256;

/**
 * What a client shows to be let in to where the node is changed: 64 hex digits of a secure random
 * source, in a file that its owner alone may read.
 *
 * <p>Comparing takes as long whatever is shown. Immutable; its text is nowhere shown but by {@link
 * #text()}.
 */
public final class ApiToken {
  private static final int BYTES = 32;

  /** A token file is never longer; what is longer is some other file. */
  private static final int MAX_FILE_BYTES = 1024;

  private static final int LEAST_CHARACTERS = 16;

  private static final String DRAFT = ".api-token-";

  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private final String text;

  private ApiToken(String text) {
    this.text = text;
  }

  /**
   * A token that the host chose.
   *
   * @param text 16 or more visible ASCII characters
   */
  public static ApiToken of(String text) {
    if (text.length() < LEAST_CHARACTERS
        || text.length() > MAX_FILE_BYTES
        || !text.chars().allMatch(c -> c > ' ' && c <= '~')) {
      throw new IllegalArgumentException(
          "a token is "
              + LEAST_CHARACTERS
              + " to "
              + MAX_FILE_BYTES
              + " visible ASCII characters; this one has "
              + text.length());
    }
    return new ApiToken(text);
  }

  /** A token that nobody can guess. */
  public static ApiToken random() {
    byte[] secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    return new ApiToken(HexFormat.of().formatHex(secret));
  }

  /**
   * Reads the token of a file, or makes both. A file that is there keeps its token and is closed to
   * everybody but its owner.
   *
   * @throws IOException if it can neither be read nor made, is a link, or holds no token
   */
  public static ApiToken at(Path file) throws IOException {
    try {
      return read(file);
    } catch (NoSuchFileException firstStart) {
      ApiToken made = random();
      try {
        made.write(file);
        return made;
      } catch (FileAlreadyExistsException raced) {
        return read(file);
      }
    }
  }

  private static ApiToken read(Path file) throws IOException {
    byte[] bytes;
    // A link could lead the node to show or to change a file of somebody else.
    try (SeekableByteChannel channel =
        Files.newByteChannel(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      if (channel.size() > MAX_FILE_BYTES) {
        throw new IOException(file + " is longer than a token");
      }
      bytes = Channels.newInputStream(channel).readNBytes(MAX_FILE_BYTES);
    }
    ApiToken token;
    try {
      token = of(new String(bytes, StandardCharsets.UTF_8).strip());
    } catch (IllegalArgumentException malformed) {
      throw new IOException(file + " holds no token", malformed);
    }
    closeToOthers(file);
    return token;
  }

  /** The owner's own rights stay as they are: a host may have made the file read-only. */
  private static void closeToOthers(Path file) throws IOException {
    if (isPosix(file)) {
      Set<PosixFilePermission> rights = EnumSet.noneOf(PosixFilePermission.class);
      rights.addAll(Files.getPosixFilePermissions(file));
      if (rights.removeAll(OTHERS)) {
        Files.setPosixFilePermissions(file, rights);
      }
    }
  }

  /**
   * Written beside, with its rights from the first moment on, and moved: a crash leaves no half of
   * a token that the next start would stumble over.
   */
  private void write(Path file) throws IOException {
    Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), DRAFT, "", rights(file));
    try {
      Files.writeString(draft, text + "\n");
      Files.move(draft, file);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static FileAttribute<?>[] rights(Path file) {
    return isPosix(file)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** What clients send behind {@code Bearer}. */
  public String text() {
    return text;
  }

  /** Whether this is what was shown. */
  boolean matches(String shown) {
    // Digests, so that not even the length is told by the time that this takes.
    return MessageDigest.isEqual(digest(text), digest(shown));
  }

  private static byte[] digest(String text) {
    return Sha256.hash(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "a token";
  }
}
