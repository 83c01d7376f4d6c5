package org.chaincore.net.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rights of a token's file. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "files have no POSIX rights there")
final class ApiTokenTest {
  private static final String TEXT = "0123456789abcdef";

  @TempDir private Path directory;

  private Path file(String text, String rights) throws IOException {
    Path file = Files.writeString(directory.resolve("token"), text + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
  }

  private static String rights(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void at_aFileThatIsMade_isTheOwnersAlone() throws IOException {
    Path file = directory.resolve("new");
    String text = ApiToken.at(file).text();

    assertThat(rights(file)).isEqualTo("rw-------");
    assertThat(ApiToken.at(file).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "r--------, r--------",
    "rw-------, rw-------",
    "rw-r--r--, rw-------",
    "r--r-----, r--------"
  })
  void at_aFileThatIsThere_isClosedToOthersOnly(String before, String after) throws IOException {
    Path file = file(TEXT, before);

    assertThat(ApiToken.at(file).text()).isEqualTo(TEXT);
    assertThat(rights(file)).isEqualTo(after);
  }

  @Test
  void at_aFileOfSomethingElse_isLeftAsItIs() throws IOException {
    Path file = file("no token", "rw-r--r--");

    assertThatThrownBy(() -> ApiToken.at(file)).hasMessageContaining("holds no token");
    assertThat(rights(file)).isEqualTo("rw-r--r--");
  }
}
