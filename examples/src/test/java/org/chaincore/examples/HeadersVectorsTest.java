package org.chaincore.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.chaincore.core.block.BlockHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On real headers. */
class HeadersVectorsTest {
  private static final String MAINNET = "h000000-010236.bin";
  private static final int MAINNET_HEADERS = 10_237;
  private static final String SIGNET = "signet-000000-002015.bin";
  private static final String TESTNET3 = "blockheader_testnet3.hex";

  @TempDir private Path directory;

  private static CommandRun headers(String network, String... args) {
    List<String> all = new ArrayList<>(List.of("headers", "--network", network));
    all.addAll(Arrays.asList(args));
    return CommandRun.of(all.toArray(new String[0]));
  }

  @Test
  void headers_mainnet_reachTheRealTip() {
    Vectors vectors = Vectors.in("headers-mainnet");

    CommandRun run = headers("mainnet", "--file", vectors.file(MAINNET).toString());

    assertThat(run.lastLine())
        .startsWith("headers=10237 height=10236 tip=00000000")
        .contains(" branch_tips=1 reorgs=0 unchecked=0 ");
    assertThat(run.exitCode()).isZero();
    vectors.ran(MAINNET + ": headers command", MAINNET_HEADERS);
  }

  @Test
  void headers_mainnetWithOneBitTurned_areRefusedThere() throws IOException {
    Vectors vectors = Vectors.in("headers-mainnet");
    byte[] bytes = Files.readAllBytes(vectors.file(MAINNET));
    bytes[5_000 * BlockHeader.BYTES + 79] ^= 1;

    CommandRun run = headers("mainnet", "--file", write("turned", bytes));

    assertThat(run.lastLine()).startsWith("rejected index=5000 code=high-hash detail=");
    assertThat(run.exitCode()).isEqualTo(1);
    vectors.ran(MAINNET + ": one bit turned", 1);
  }

  @Test
  void headers_mainnetFrom1000_leavesOneRetargetUnchecked() throws IOException {
    Vectors vectors = Vectors.in("headers-mainnet");
    byte[] bytes = Files.readAllBytes(vectors.file(MAINNET));
    byte[] tail = Arrays.copyOfRange(bytes, 1_000 * BlockHeader.BYTES, bytes.length);

    CommandRun run = headers("mainnet", "--start", "1000", "--file", write("tail", tail));

    // The retarget at 2016 looks at header 0, the one at 4032 at header 2016.
    assertThat(run.lastLine())
        .startsWith("headers=9237 height=10236 ")
        .contains(" branch_tips=1 reorgs=0 unchecked=1 ");
    assertThat(run.exitCode()).isZero();
    vectors.ran(MAINNET + ": from height 1000", MAINNET_HEADERS - 1_000);
  }

  @Test
  void headers_signet_reachTheRealTip() {
    Vectors vectors = Vectors.in("headers-signet");

    CommandRun run = headers("signet", "--file", vectors.file(SIGNET).toString());

    assertThat(run.lastLine()).startsWith("headers=2016 height=2015 ").contains(" unchecked=0 ");
    assertThat(run.exitCode()).isZero();
    vectors.ran(SIGNET + ": headers command", 2_016);
  }

  @Test
  void headers_testnet3WithForks_keepsTheChainAndCountsTheBranches() throws IOException {
    Vectors vectors = Vectors.in("headers-testnet3");
    StringBuilder main = new StringBuilder();
    StringBuilder forks = new StringBuilder();
    for (String line : Files.readAllLines(vectors.file(TESTNET3))) {
      if (line.startsWith("fork:")) {
        forks.append(line.substring(5));
      } else {
        main.append(line);
      }
    }

    CommandRun run =
        headers(
            "testnet3", "--file", write("main", hex(main)), "--file", write("fork", hex(forks)));

    assertThat(run.lastLine()).startsWith("headers=548 height=546 ").contains(" branch_tips=2 ");
    assertThat(run.exitCode()).isZero();
    vectors.ran(TESTNET3 + ": headers command", 548);
  }

  private static byte[] hex(StringBuilder digits) {
    return HexFormat.of().parseHex(digits);
  }

  private String write(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes).toString();
  }
}
