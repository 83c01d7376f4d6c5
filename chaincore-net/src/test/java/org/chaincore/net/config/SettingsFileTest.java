package org.chaincore.net.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.chaincore.core.config.Networks;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.Signatures;
import org.chaincore.sync.settings.SettingsDocument;
import org.chaincore.sync.settings.SettingsDraft;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsFileTest {
  @TempDir private Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("settings.json"), text);
  }

  @Test
  void read_whatWasFormatted_isTheDocument() throws IOException {
    SettingsDocument document =
        new SettingsDraft(
                Networks.regtest().fingerprint(),
                3,
                10,
                20,
                new TreeMap<>(Map.of("peers.max", "9")))
            .sign(Signatures.ed25519(), NodeKey.ofSeed(new byte[32]));

    assertThat(SettingsFile.read(file(SettingsFile.format(document)))).isEqualTo(document);
  }

  @Test
  void read_somethingElse_saysWhichField() throws IOException {
    for (String hex : new String[] {"", "0", "00ff", "00".repeat(8_193)}) {
      Path file = file("{\"document\": \"" + hex + "\"}");
      assertThatThrownBy(() -> SettingsFile.read(file))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("document is ")
          .hasMessageContaining("allowed is a signed document in hex");
    }
    Path unknown = file("{\"document\": \"00\", \"more\": 1}");
    assertThatThrownBy(() -> SettingsFile.read(unknown)).isInstanceOf(ConfigurationException.class);
  }
}
