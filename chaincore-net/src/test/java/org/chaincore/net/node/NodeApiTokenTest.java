package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chaincore.core.config.Networks;
import org.chaincore.net.tcp.NetworkThreads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where the token of the interface is kept, and how long. */
@Timeout(60)
final class NodeApiTokenTest {
  @TempDir private Path directory;

  private static NodeBuilder regtest() {
    return ChainNode.builder().network(Networks.regtest()).http("127.0.0.1:0");
  }

  /** Those of this process: others come and go beside it. */
  private static Set<Path> temporary() throws IOException {
    String own = "chaincore-" + ProcessHandle.current().pid() + "-";
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.filter(path -> path.getFileName().toString().startsWith(own))
          .filter(path -> Files.exists(path.resolve(NodeApi.TOKEN_FILE)))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void token_withoutADirectory_isGoneWithTheNode() throws IOException {
    Path file;
    try (ChainNode node = regtest().start()) {
      file = node.apiTokenFile().orElseThrow();
      assertThat(file).isNotEmptyFile();
      assertThat(temporary()).contains(file.getParent());
    }

    assertThat(file).doesNotExist();
    assertThat(file.getParent()).doesNotExist();
  }

  @Test
  void token_ofANodeThatCouldNotStart_isGone() throws IOException {
    Set<Path> before = temporary();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      NodeBuilder builder = regtest().http("127.0.0.1:" + taken.getLocalPort());

      assertThatThrownBy(builder::start).isInstanceOf(NodeStartException.class);
    }

    assertThat(temporary()).isSubsetOf(before);
  }

  @Test
  void token_ofAnInterfaceThatHasNothingToShow_isGone() throws IOException {
    Set<Path> before = temporary();
    NetworkThreads threads = NetworkThreads.start(1);
    try {
      NodeApi.Place place =
          new NodeApi.Place(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null, null);

      assertThatThrownBy(
              () ->
                  NodeApi.start(
                      place,
                      threads,
                      port -> {
                        throw new IllegalStateException("nothing to show");
                      }))
          .hasMessage("nothing to show");
    } finally {
      threads.close();
    }

    assertThat(temporary()).isSubsetOf(before);
  }

  @Test
  void token_inAFileOfTheHosts_isKept() throws IOException {
    Path file = directory.resolve("token");
    regtest().apiTokenFile(file).start().close();
    String first = Files.readString(file);

    regtest().apiTokenFile(file).start().close();

    assertThat(file).hasContent(first);
    assertThat(directory).isDirectoryContaining(file::equals).isNotEmptyDirectory();
    try (Stream<Path> all = Files.list(directory)) {
      assertThat(all).containsExactly(file);
    }
  }

  @Test
  void token_whereNoneCanBeKept_isRefused() {
    NodeBuilder builder = regtest().apiTokenFile(directory.resolve("none").resolve("token"));

    assertThatThrownBy(builder::start)
        .isInstanceOfSatisfying(
            NodeStartException.class,
            refused -> assertThat(refused.reason()).isEqualTo(NodeStartException.Reason.DIRECTORY));
  }
}
