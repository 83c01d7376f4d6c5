package org.chaincore.net.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.chaincore.core.config.BlockLimits;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.TimeRules;
import org.chaincore.core.pow.AsertRule;
import org.chaincore.core.pow.TargetRange;
import org.chaincore.core.script.AddressFormat;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Target;
import org.chaincore.sync.peer.NetworkAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/own-network.md shows works, and is what it says. */
class OwnNetworkPageTest {
  private static final Path PAGE = Path.of("..", "docs", "own-network.md");
  private static final Path OURSELVES =
      Path.of("src/test/java/org/chaincore/net/config/OwnNetworkPageTest.java");

  @TempDir private Path directory;

  private static List<String> blocks(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE));
    List<String> blocks = new ArrayList<>();
    while (block.find()) {
      blocks.add(block.group(1));
    }
    return blocks;
  }

  private NodeConfiguration read(String json) throws IOException {
    return NodeConfiguration.read(Files.writeString(directory.resolve("harbour.json"), json));
  }

  private static ChainParams harbour() {
    // The code of the page begins here.
    ChainParams harbour =
        ChainParams.builder("harbour", 0xd4c3b2a1)
            .ports(21_333, 21_332)
            .addresses(new AddressFormat(40, 100, 168, "hb"))
            .genesis("Harbour, opened 1 May 2027", 1_809_129_600L, 0x1f00ffff)
            .time(new TimeRules(15, 11, 60))
            .work(
                Target.ofBits(0x200fffff),
                new AsertRule(
                    900, 15, new TargetRange(Target.ofBits(0x1b00ffff), Target.ofBits(0x200fffff))))
            .emission(Amount.parseCoins("12.5"), 500_000, 100)
            .limits(new BlockLimits(1_000_000, 20_000, 220))
            .build();
    // The code of the page ends here.
    return harbour;
  }

  @Test
  void page_theCodeOfTheNetwork_isTheCodeOfThisTest() throws IOException {
    List<String> lines = Files.readAllLines(OURSELVES);
    int begin = lines.indexOf("    // The code of the page begins here.") + 1;
    int end = lines.indexOf("    // The code of the page ends here.");
    String code = String.join("\n", lines.subList(begin, end)).indent(-4);

    assertThat(blocks("java")).containsExactly(code);
  }

  @Test
  void page_theNetworkInJson_isTheOneInJava() throws IOException {
    ChainParams read = read(blocks("json").get(0)).network();

    assertThat(read.consensusFields()).isEqualTo(harbour().consensusFields());
    assertThat(read.fingerprint()).isEqualTo(harbour().fingerprint());
    assertThat(read.identity()).isEqualTo(harbour().identity());
  }

  @Test
  void page_theWholeNode_isRead() throws IOException {
    NodeConfiguration read = read(blocks("json").get(1));

    assertThat(read.network().name()).isEqualTo("regtest");
    assertThat(read.peering().listen()).isEqualTo(NetworkAddress.parse("0.0.0.0:18444"));
    assertThat(read.storage().options().indexes().transactions()).isTrue();
    assertThat(blocks("json")).hasSize(2);
  }

  @Test
  void page_theRefusalThatItShows_isTheRefusal() throws IOException {
    String wrong =
        blocks("json")
            .get(0)
            .replace("\"target_block_seconds\": 15", "\"target_block_seconds\": 0");
    ConfigurationException refused =
        catchThrowableOfType(ConfigurationException.class, () -> read(wrong));

    String shown =
        String.valueOf(refused.getMessage()).substring(directory.toString().length() + 1);
    assertThat(Files.readString(PAGE)).contains("```\n" + shown + "\n```");
  }

  @Test
  void page_everyFieldThereIs_isOnIt() throws IOException {
    String page = Files.readString(PAGE);
    String network = blocks("json").get(0);
    String rule = "\"rule\": \"RULE\", \"bits\": \"207fffff\", \"hardest\": \"1b00ffff\",";
    List<String> wrong =
        new ArrayList<>(
            List.of(
                "{\"network\": \"regtest\", \"?\": 1}",
                "{\"network\": \"regtest\", \"store\": {\"?\": 1}}",
                "{\"network\": \"regtest\", \"limits\": {\"?\": 1}}",
                "{\"network\": \"regtest\", \"limits\": {\"mempool\": {\"?\": 1}}}",
                "{\"network\": \"regtest\", \"limits\": {\"orphans\": {\"?\": 1}}}",
                "{\"network\": \"regtest\", \"peers\": {\"?\": 1}}",
                "{\"network\": \"regtest\", \"http\": {\"listen\": \"127.0.0.1:0\", \"?\": 1}}",
                network.replace("\"name\"", "\"?\": 1, \"name\"")));
    for (String section : List.of("addresses", "genesis", "difficulty", "time", "emission")) {
      wrong.add(network.replace("\"" + section + "\": {", "\"" + section + "\": {\"?\": 1,"));
    }
    wrong.add(network.replace("\"limits\": {", "\"activations\": {\"?\": 1}, \"limits\": {"));
    wrong.add(network.replace("\"limits\": {", "\"limits\": {\"?\": 1,"));
    for (String name : List.of("epoch", "lwma", "bitcoin", "fixed")) {
      wrong.add(
          network.replaceAll(
              "\"rule\": \"asert\",[^}]*",
              (rule + "\"easiest\": \"200fffff\", \"?\": 1").replace("RULE", name)));
    }

    for (String json : wrong) {
      ConfigurationException refused =
          catchThrowableOfType(ConfigurationException.class, () -> read(json));
      assertThat(refused.reason())
          .as(refused.getMessage())
          .isEqualTo(ConfigurationException.Reason.UNKNOWN_FIELD);
      Stream.of(refused.allowed().split(", "))
          .forEach(field -> assertThat(page).containsPattern("[`.\"]" + field + "[`\"]"));
    }
  }
}
