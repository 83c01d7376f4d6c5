package org.chaincore.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.chaincore.core.block.BlockHeader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On regtest headers that the test mines itself. */
class HeadersCommandTest {
  private static final int COUNT = 300;
  private static final List<BlockHeader> CHAIN =
      HeaderFiles.mine(HeaderFiles.regtestGenesis(), COUNT, 1);

  @TempDir private Path directory;
  private HeaderFiles files;

  @BeforeEach
  void openDirectory() {
    files = new HeaderFiles(directory);
  }

  private static CommandRun headers(String... args) {
    List<String> all = new ArrayList<>(List.of("headers", "--network", "regtest"));
    all.addAll(Arrays.asList(args));
    return CommandRun.of(all.toArray(new String[0]));
  }

  @Test
  void headers_afterGenesis_reachTheirTip() {
    CommandRun run = headers("--file", files.write("chain", CHAIN));

    assertThat(run.lastLine())
        .matches(
            "headers=300 height=300 tip="
                + CHAIN.get(COUNT - 1).hash()
                + " work=0{61}25a branch_tips=1 reorgs=0 unchecked=0 seconds=\\d+\\.\\d{3}");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
  }

  @Test
  void headers_withGenesis_countItToo() {
    List<BlockHeader> all = new ArrayList<>(List.of(HeaderFiles.regtestGenesis()));
    all.addAll(CHAIN);

    CommandRun run = headers("--file", files.write("chain", all));

    assertThat(run.lastLine()).startsWith("headers=301 height=300 ");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void headers_badOneInTheMiddle_areRefusedThere() {
    List<BlockHeader> chain = new ArrayList<>(CHAIN);
    chain.set(150, HeaderFiles.spoiled(chain.get(150)));

    CommandRun run = headers("--file", files.write("chain", chain));

    assertThat(run.lastLine()).startsWith("rejected index=150 code=high-hash detail=");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void headers_oneIsMissing_areRefusedBehindTheGap() {
    List<BlockHeader> chain = new ArrayList<>(CHAIN);
    chain.remove(150);

    CommandRun run = headers("--file", files.write("chain", chain));

    assertThat(run.lastLine()).startsWith("rejected index=150 code=prev-blk-not-found detail=");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void headers_fileEndsWithinAHeader_namesTheBytesThatAreThere() {
    byte[] bytes = new byte[10 * BlockHeader.BYTES + 33];
    for (int i = 0; i < 10; i++) {
      CHAIN.get(i).writeWire(bytes, i * BlockHeader.BYTES);
    }

    CommandRun run = headers("--file", files.write("chain", bytes));

    assertThat(run.lastLine())
        .isEqualTo("rejected index=10 code=truncated-header detail=file ends after 33 of 80 bytes");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void headers_forkOfEqualWork_doesNotDisplaceTheFirstSeen() {
    List<BlockHeader> fork = HeaderFiles.mine(CHAIN.get(COUNT - 11), 10, 2);

    CommandRun run =
        headers("--file", files.write("chain", CHAIN), "--file", files.write("fork", fork));

    assertThat(run.lastLine())
        .startsWith("headers=310 height=300 tip=" + CHAIN.get(COUNT - 1).hash())
        .contains(" branch_tips=2 reorgs=0 ");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void headers_forkOfMoreWork_reorganises() {
    List<BlockHeader> fork = HeaderFiles.mine(CHAIN.get(COUNT - 11), 12, 2);

    CommandRun run =
        headers("--file", files.write("chain", CHAIN), "--file", files.write("fork", fork));

    assertThat(run.lastLine())
        .startsWith("headers=312 height=302 tip=" + fork.get(11).hash())
        .contains(" branch_tips=2 reorgs=1 ");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void headers_badOneInTheSecondFile_areCountedFromItsBeginning() {
    List<BlockHeader> fork = new ArrayList<>(HeaderFiles.mine(CHAIN.get(200), 5, 2));
    fork.set(3, HeaderFiles.spoiled(fork.get(3)));

    CommandRun run =
        headers("--file", files.write("chain", CHAIN), "--file", files.write("fork", fork));

    assertThat(run.lastLine()).startsWith("rejected index=3 code=high-hash ");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void headers_start_trustsTheFirstHeader() {
    String file = files.write("chain", CHAIN.subList(99, COUNT));

    CommandRun run = headers("--start", "100", "--file", file);

    assertThat(run.lastLine()).startsWith("headers=201 height=300 ").contains(" unchecked=0 ");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void headers_startWithoutWork_isRefused() {
    String file = files.write("chain", List.of(HeaderFiles.spoiled(CHAIN.get(99))));

    CommandRun run = headers("--start", "100", "--file", file);

    assertThat(run.lastLine()).startsWith("rejected index=0 code=high-hash ");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void headers_emptyFile_isGenesisAlone() {
    CommandRun run = headers("--file", files.write("empty", new byte[0]));

    assertThat(run.lastLine())
        .startsWith("headers=0 height=0 tip=" + HeaderFiles.regtestGenesis().hash());
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void headers_startInEmptyFile_exitsWith2() {
    CommandRun run = headers("--start", "100", "--file", files.write("empty", new byte[0]));

    assertRefused(run, "--start needs a header");
  }

  @Test
  void headers_startBelowZero_exitsWith2() {
    assertRefused(headers("--start", "-1", "--file", files.write("chain", CHAIN)), "--start");
  }

  @Test
  void headers_startAtTheHighestHeight_isTrusted() {
    String file = files.write("chain", CHAIN.subList(99, 100));

    CommandRun run = headers("--start", "1999999999", "--file", file);

    assertThat(run.lastLine()).startsWith("headers=1 height=1999999999 ");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void headers_startWhereTheFilesLeadTooHigh_exitsWith2() {
    String file = files.write("chain", CHAIN.subList(99, 101));

    assertRefused(headers("--start", "1999999999", "--file", file), "to height 2000000001");
    assertRefused(headers("--start", "2147483647", "--file", file), "to height 2147483649");
    assertRefused(headers("--start", "2147483648", "--file", file), "--start");
  }

  @Test
  void headers_repeatedFile_countsEveryHeaderRead() {
    String file = files.write("chain", CHAIN);

    CommandRun run = headers("--file", file, "--file", file);

    assertThat(run.lastLine()).startsWith("headers=600 height=300 ");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void headers_help_saysWhatIsCountedAndWhereItStarts() {
    String help = String.join(" ", headers("--help").out()).replaceAll("\\s+", " ");

    assertThat(help)
        .contains("counts every header that was read", "The default, 0, trusts genesis");
  }

  @Test
  void headers_missingFile_exitsWith2() {
    String missing = directory.resolve("missing").toString();

    assertRefused(headers("--file", missing), "--file cannot be read: " + missing);
  }

  @Test
  void headers_unknownNetwork_exitsWith2() {
    String file = files.write("chain", CHAIN);

    assertRefused(CommandRun.of("headers", "--network", "dogenet", "--file", file), "dogenet");
  }

  @Test
  void headers_otherNetworksFile_isRefusedAtItsFirstHeader() {
    String file = files.write("chain", CHAIN);

    CommandRun run = CommandRun.of("headers", "--network", "mainnet", "--file", file);

    assertThat(run.lastLine()).startsWith("rejected index=0 code=");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void chaincore_noCommand_exitsWith2() {
    assertRefused(CommandRun.of(), "no command given");
  }

  private static void assertRefused(CommandRun run, String why) {
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).hasSize(1);
    assertThat(run.lastLine()).startsWith("error code=usage detail=").contains(why);
    assertThat(run.err()).hasSize(1).first().asString().contains(why).contains("--help");
  }
}
