package org.chaincore.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.Networks;
import org.chaincore.core.script.KeyPair;
import org.chaincore.net.node.ChainNode;
import org.chaincore.net.node.NodeBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ValidateCommandTest {
  private static final KeyPair ALICE = KeyPair.ofSeed(new byte[32]);

  private final List<ChainNode> nodes = new ArrayList<>();

  @AfterEach
  void closeNodes() {
    nodes.forEach(ChainNode::close);
  }

  private static NodeBuilder regtest() {
    return node(Networks.regtest());
  }

  private static NodeBuilder node(ChainParams params) {
    return ChainNode.builder().network(params).listen("127.0.0.1:0").http("127.0.0.1:0");
  }

  private ChainNode start(NodeBuilder builder) {
    ChainNode started = builder.start();
    nodes.add(started);
    return started;
  }

  /** A node that has mined alone, and mines no more. */
  private ChainNode startAt(int height) throws Exception {
    ChainNode miner = start(regtest().mineTo(ALICE.payToTaproot()).blockInterval(0));
    miner.whenHeight(height).get(60, TimeUnit.SECONDS);
    return miner;
  }

  private static String url(ChainNode node) {
    return "http://127.0.0.1:" + node.httpAddress().orElseThrow().getPort();
  }

  private static CommandRun validate(String... options) {
    List<String> all = new ArrayList<>(List.of("validate"));
    all.addAll(Arrays.asList(options));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private static String peerOf(ChainNode node) {
    return node.p2pAddress().orElseThrow().toString();
  }

  @Test
  void validate_aNetworkInStep_isGood() throws Exception {
    ChainNode first = start(regtest().mineTo(ALICE.payToTaproot()).blockInterval(3_600));
    ChainNode second = start(regtest().connectTo(peerOf(first)));
    ChainNode third = start(regtest().connectTo(peerOf(second)));
    for (ChainNode node : List.of(first, second, third)) {
      node.whenHeight(1).get(60, TimeUnit.SECONDS);
    }
    for (ChainNode node : nodes) {
      node.sync().currentStatus().get(30, TimeUnit.SECONDS);
    }

    CommandRun run = validate("--nodes", url(first), url(second), url(third));

    assertThat(run.exitCode()).as(String.join("\n", run.out())).isZero();
    assertThat(run.lastLine()).isEqualTo("validated nodes=3 findings=6 bad=0");
    assertThat(run.out())
        .contains("good check=peers detail=each of the 3 nodes reaches all others")
        .anyMatch(line -> line.startsWith("good check=tip detail=all are at height 1, "))
        .anyMatch(line -> line.startsWith("good check=network detail=all are of regtest"));
  }

  @Test
  void validate_nodesThatAreNotConnected_areInParts() {
    CommandRun run = validate("--nodes", url(start(regtest())), "--nodes", url(start(regtest())));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .anyMatch(line -> line.matches("bad check=peers node=\\S+ detail=it has no peers"))
        .anyMatch(line -> line.startsWith("bad check=peers detail=the nodes are in 2 parts"));
    assertThat(run.lastLine()).endsWith("bad=3");
  }

  @Test
  void validate_nodesOfTwoNetworks_areToldApart() {
    CommandRun run =
        validate("--nodes", url(start(regtest())), url(start(node(Networks.chaincore()))));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .anyMatch(line -> line.endsWith("detail=network is chaincore, not regtest"))
        .anyMatch(line -> line.contains("detail=chain_info.genesis_hash is "))
        .anyMatch(line -> line.contains("blocks of its own since height -1"));
  }

  @Test
  void validate_chainsApart_saysHowFar() throws Exception {
    ChainNode ahead = startAt(5);
    ahead.close();
    nodes.clear();
    ChainNode fork = startAt(4);
    ChainNode empty = start(regtest());

    CommandRun run = validate("--nodes", url(fork), url(empty));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .anyMatch(
            line -> line.matches("bad check=tip node=\\S+ detail=\\d+ blocks behind that of .*"));
  }

  @Test
  void validate_aFork_saysFromWhere() throws Exception {
    ChainNode one = startAt(4);
    ChainNode other = start(regtest().mineTo(ALICE.payToWitnessPubkeyHash()));
    other.whenHeight(4).get(60, TimeUnit.SECONDS);

    CommandRun run = validate("--nodes", url(one), url(other));

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out())
        .anyMatch(
            line ->
                line.matches(
                    "bad check=tip node=\\S+ detail=\\d+ blocks of its own since height 0, beside"
                        + " the chain of \\S+ at height \\d+"));
  }

  @Test
  void validate_oneNodeTwice_isNotTwoNodes() {
    String node = url(start(regtest()));

    CommandRun run = validate("--nodes", node, node.replace("127.0.0.1", "localhost"));

    assertThat(run.out()).anyMatch(line -> line.contains("it is the same node as " + node));
  }

  @Test
  void validate_aSilentOne_waitsNoLongerThanItIsTold() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      CommandRun run = validate("--timeout", "1", "--nodes", "127.0.0.1:" + silent.getLocalPort());

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out().get(0)).contains("check=answer").contains("/status: ");
      assertThat(run.lastLine()).isEqualTo("validated nodes=1 findings=1 bad=1");
    }
  }

  @Test
  void validate_anEndlessAnswer_isCutShort() throws Exception {
    try (ServerSocket endless = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread server =
          new Thread(
              () -> {
                try (Socket client = endless.accept();
                    OutputStream out = client.getOutputStream()) {
                  out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                  byte[] spaces = new byte[8_192];
                  while (true) {
                    out.write(spaces);
                  }
                } catch (IOException closed) {
                  // The client has had enough.
                }
              });
      server.setDaemon(true);
      server.start();

      CommandRun run = validate("--nodes", "http://127.0.0.1:" + endless.getLocalPort() + "/");

      assertThat(run.out().get(0)).contains("it answers more than 1048576 bytes");
      server.join();
    }
  }

  @Test
  void validate_anotherServer_lacksWhatTheContractSays() throws IOException {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    other.createContext(
        "/",
        exchange -> {
          boolean isKnown = exchange.getRequestURI().getPath().equals("/status");
          byte[] body =
              (isKnown ? "{\"node_id\": 5, \"peers\": \"\\u001b[2J\"}" : "nothing")
                  .getBytes(StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(
              exchange.getRequestURI().getPath().equals("/stats") ? 404 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    other.start();
    try {
      CommandRun run = validate("--nodes", "127.0.0.1:" + other.getAddress().getPort());

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out())
          .anyMatch(line -> line.endsWith("/status: node_id is NUMBER, not string"))
          .anyMatch(line -> line.endsWith("/status: blockchain_length is missing, not int"))
          .anyMatch(line -> line.endsWith("/stats: status 404, not 200"))
          .anyMatch(line -> line.endsWith("/peers: its answer is no JSON"));
    } finally {
      other.stop(0);
    }
  }

  @Test
  void validate_noNode_isAWrongCommandLine() {
    for (String wrong :
        List.of("ftp://127.0.0.1:1", "http://", "http://a b", "http://127.0.0.1:1/path?x=1")) {
      CommandRun run = validate("--nodes", wrong);
      assertThat(run.exitCode()).as(wrong).isEqualTo(2);
      assertThat(run.lastLine()).contains("allowed is http://HOST:PORT");
    }
    assertThat(validate("--nodes", "a:1", "--timeout", "0").lastLine())
        .contains("--timeout is 0, allowed is 1..300");
    assertThat(validate().exitCode()).isEqualTo(2);
  }
}
