package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Locale;
import org.chaincore.sync.identity.NodeKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NodeIdentityTest {
  private final SecureRandom random = new SecureRandom();

  @TempDir private Path directory;

  private Path file() {
    return directory.resolve(NodeIdentity.FILE);
  }

  private NodeKey key() {
    return NodeIdentity.of(directory, random);
  }

  private void assumePosix() {
    assumeThat(directory.getFileSystem().supportedFileAttributeViews()).contains("posix");
  }

  private void setRights(String rights) throws IOException {
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(rights));
  }

  @Test
  void key_atFirstStart_isKeptForItsOwnersEyesOnly() throws IOException {
    assumePosix();
    NodeKey made = key();

    assertThat(key().id()).isEqualTo(made.id());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(directory).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void key_withoutADirectory_isAnotherEachTime() {
    assertThat(NodeIdentity.of(null, random).id()).isNotEqualTo(NodeIdentity.of(null, random).id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-"})
  void key_thatOthersHaveRightsTo_isRefusedWithFileAndRemedy(String rights) throws IOException {
    assumePosix();
    NodeKey made = key();
    setRights(rights);

    assertThatThrownBy(this::key)
        .isInstanceOfSatisfying(
            NodeStartException.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(NodeStartException.Reason.DIRECTORY);
              assertThat(refused).hasMessageContainingAll(file().toString(), rights, "chmod 600");
            });

    setRights("r--------");
    assertThat(key().id()).isEqualTo(made.id());
  }

  @Test
  void key_inCapitalsWithSpaceAround_isRead() throws IOException {
    NodeKey made = key();
    String text = Files.readString(file());
    Files.writeString(file(), "\n  " + text.toUpperCase(Locale.ROOT) + "  \n");

    assertThat(key().id()).isEqualTo(made.id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "12", "zz", "long"})
  void key_thatIsNone_isRefusedWithTheFile(String text) throws IOException {
    key();
    String content =
        switch (text) {
          case "zz" -> "zz".repeat(NodeKey.SEED_BYTES);
          case "long" -> "00".repeat(5_000);
          default -> text;
        };
    Files.writeString(file(), content);

    assertThatThrownBy(this::key)
        .isInstanceOf(NodeStartException.class)
        .hasMessageContaining(file().toString());
  }

  @Test
  void key_whereNoneCanBeKept_isRefused() {
    assertThatThrownBy(() -> NodeIdentity.of(directory.resolve("none"), random))
        .isInstanceOfSatisfying(
            NodeStartException.class,
            refused -> assertThat(refused.reason()).isEqualTo(NodeStartException.Reason.DIRECTORY));
  }
}
