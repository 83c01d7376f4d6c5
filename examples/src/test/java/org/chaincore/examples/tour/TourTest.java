package org.chaincore.examples.tour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the programs as they are, and reads what they print. */
@Timeout(90)
class TourTest {
  private static final Path SOURCES = Path.of("src/main/java/org/chaincore/examples/tour");
  private static final int MOST_LINES = 120;

  @TempDir private Path directory;

  /** A program's entry. */
  @FunctionalInterface
  private interface Main {
    void run(String... args) throws Exception;
  }

  /** What a program prints, which has standard output for itself meanwhile. */
  private static List<String> linesOf(Main main, String... args) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, UTF_8));
    try {
      main.run(args);
    } finally {
      System.setOut(before);
    }
    return printed.toString(UTF_8).lines().toList();
  }

  private static String lastLineOf(Main main, String... args) throws Exception {
    List<String> lines = linesOf(main, args);
    return lines.get(lines.size() - 1);
  }

  @Test
  void embeddedNode_openedTwice_goesOnWhereItWas() throws Exception {
    String chain = directory.resolve("chain").toString();

    assertThat(lastLineOf(EmbeddedNode::main, chain))
        .matches("height=([3-9]|\\d{2,}) tip=[0-9a-f]{64} kept=yes");
    assertThat(lastLineOf(EmbeddedNode::main, chain))
        .matches("height=([6-9]|\\d{2,}) tip=[0-9a-f]{64} kept=yes");
  }

  @Test
  void payBetweenNodes_bobHasHisCoin() throws Exception {
    assertThat(lastLineOf(PayBetweenNodes::main))
        .matches("paid=1200000000 txid=[0-9a-f]{64} height=\\d+");
  }

  @Test
  void notary_provesItsDocumentAndNoOther() throws Exception {
    assertThat(linesOf(Notary::main))
        .contains("the document: true", "another one:  false")
        .last()
        .asString()
        .matches("proved=true height=\\d+ steps=1");
  }

  @Test
  void ownTransport_nodesOverSocketFiles_sync() throws Exception {
    assertThat(lastLineOf(OwnTransport::main)).matches("height=\\d+ peers=1");
  }

  @Test
  void ownDifficultyRule_isKeptByAllWhoHaveIt() throws Exception {
    assertThat(linesOf(OwnDifficultyRule::main))
        .contains(
            "block  1 has bits 207fffff", "the stranger is refused: it differs in work.difficulty")
        .last()
        .asString()
        .matches("height=12 tip=[0-9a-f]{64} stranger_height=0");
  }

  @Test
  void permissionedNetwork_aStranger_hearsNothing() throws Exception {
    assertThat(lastLineOf(PermissionedNetwork::main))
        .matches("members_height=\\d+ stranger_height=0 stranger_messages=0");
  }

  @Test
  void forkAndHeal_endsInOneReorganisation() throws Exception {
    assertThat(lastLineOf(ForkAndHeal::main))
        .matches("reorganisations=1 disconnected=2 height=7 tip=[0-9a-f]{64} same=true");
  }

  static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.filter(file -> !file.endsWith("package-info.java")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("sources")
  void program_canBeReadAtOnce(Path source) throws IOException {
    List<String> lines = Files.readAllLines(source);
    if (lines.stream().anyMatch(line -> line.contains("static void main("))) {
      assertThat(lines).hasSizeLessThan(MOST_LINES);
    }
  }
}
