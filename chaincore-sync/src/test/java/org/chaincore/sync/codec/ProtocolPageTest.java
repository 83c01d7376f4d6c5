package org.chaincore.sync.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.protocol.Extension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page about the protocol names every message that there is, with its limit, and no other. */
class ProtocolPageTest {
  private static final Path PAGE = Path.of("../docs/protocol.md");
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z0-9]+)` \\| (\\d+|block) \\| .* \\|$", Pattern.MULTILINE);

  /** Another number than any limit of a message has. */
  private static final int BLOCK_BYTES = 3_999_998;

  private static final FrameLimits LIMITS =
      new FrameLimits(FrameLimits.MAX_PAYLOAD_BYTES, BLOCK_BYTES);

  private String page = "";

  @BeforeEach
  void read() throws IOException {
    assumeTrue(Files.exists(PAGE), "the sources are not here");
    page = Files.readString(PAGE);
  }

  @Test
  void table_hasEveryCommandWithItsLimit() throws ReflectiveOperationException {
    SortedMap<String, String> codec = new TreeMap<>();
    for (Class<?> type : Message.class.getPermittedSubclasses()) {
      String command = (String) type.getField("COMMAND").get(null);
      PayloadFormat<?> format = PayloadFormats.find(FrameHeader.named(command));
      assertThat(format).as(command).isNotNull();
      int most = format == null ? 0 : format.maxBytes(LIMITS);
      codec.put(command, most == BLOCK_BYTES ? "block" : Integer.toString(most));
    }

    SortedMap<String, String> table = new TreeMap<>();
    Matcher row = ROW.matcher(page);
    while (row.find()) {
      assertThat(table.put(row.group(1), row.group(2))).as(row.group(1) + " once").isNull();
    }

    assertThat(table).isEqualTo(codec);
  }

  @Test
  void page_namesEveryExtension() {
    assertThat(page).contains(Arrays.stream(Extension.values()).map(Extension::featureId).toList());
  }
}
