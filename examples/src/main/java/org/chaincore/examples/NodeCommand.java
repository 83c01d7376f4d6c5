package org.chaincore.examples;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.Networks;
import org.chaincore.core.pow.FixedDifficulty;
import org.chaincore.net.config.ConfigurationException;
import org.chaincore.net.config.NodeConfiguration;
import org.chaincore.net.node.ChainNode;
import org.chaincore.net.node.NodeBuilder;
import org.chaincore.net.node.NodeStartException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs one node until the process is told to end. Logs go to the error stream. */
@Command(
    name = "node",
    description = {
      "Runs a node until it is told to end.",
      "Once it serves it prints one line: ready node=ID p2p=HOST:PORT http=HOST:PORT height=N tip=HASH"
          + " token_file=PATH.",
      "A signal ends it within seconds, with 128 and the signal's number. It ends with 2 if the command line or the file is wrong, 3 if the data directory is"
          + " in use or cannot be used, or an address is taken, 4 if what it holds is damaged."
    },
    mixinStandardHelpOptions = true)
final class NodeCommand implements Callable<Integer> {
  private static final int UNUSABLE = 3;
  private static final int DAMAGED = 4;
  private static final Duration STOP_TIME = Duration.ofSeconds(2);

  private final CountDownLatch end;

  @Spec private CommandSpec spec;

  @Option(
      names = "--network",
      defaultValue = "regtest",
      description =
          "regtest, chaincore, or a JSON file with a node's configuration, of which a network of"
              + " one's own is a part; ${DEFAULT-VALUE} if nothing is named. Other options come"
              + " after what the file says.")
  private String network;

  @Option(names = "--data-dir", description = "Where the chain is kept; without it, on the heap.")
  private @Nullable Path dataDirectory;

  @Option(
      names = "--p2p-port",
      description = "Where peers connect; 0 picks one. Needed unless a file says it.")
  private @Nullable Integer p2pPort;

  @Option(
      names = "--http-port",
      description = "Where the HTTP interface is; 0 picks one. Needed unless a file says it.")
  private @Nullable Integer httpPort;

  @Option(names = "--bind", description = "The address of both ports; 127.0.0.1 if none is named.")
  private @Nullable String bind;

  @Option(names = "--connect", description = "A peer to stay connected with; may be repeated.")
  private List<String> peers = List.of();

  @Option(names = "--mine", description = "Mines, and has the rewards paid to this address.")
  private @Nullable String payout;

  @Option(
      names = "--block-interval",
      description =
          "At least so many seconds from block to block, on networks of fixed difficulty.")
  private @Nullable Long blockInterval;

  @Option(
      names = "--serve-filters",
      description =
          "Serves wallets that want to hear of their own coins only (BIP37), and says so to peers."
              + " Each block that such a wallet asks for is searched for it: for networks whose"
              + " wallets are known.")
  private boolean servesFilters;

  @Option(names = "--api-token-file", description = "Keeps the token of the interface there.")
  private @Nullable Path tokenFile;

  /** A command that ends when the latch is open. Made by picocli, which fills in the fields. */
  @SuppressWarnings("NullAway.Init")
  NodeCommand(CountDownLatch end) {
    this.end = end;
  }

  @Override
  public Integer call() throws InterruptedException {
    NodeBuilder builder;
    try {
      builder = plan();
    } catch (ConfigurationException refused) {
      return fail("configuration", refused, CommandLine.ExitCode.USAGE);
    }
    try (ChainNode node = builder.start()) {
      Thread atExit = new Thread(() -> node.close(STOP_TIME), "chaincore-stop");
      Runtime.getRuntime().addShutdownHook(atExit);
      Output.say(
          spec,
          "ready node=%s p2p=%s http=%s height=%d tip=%s token_file=%s",
          node.id(),
          node.p2pAddress().map(Object::toString).orElse("none"),
          node.httpAddress().map(at -> at.getHostString() + ":" + at.getPort()).orElse("none"),
          node.tip().height(),
          node.tip().hash(),
          node.apiTokenFile().map(Object::toString).orElse("none"));
      end.await();
      return 0;
    } catch (NodeStartException failed) {
      String code = failed.reason().name().toLowerCase(Locale.ROOT).replace('_', '-');
      return fail(
          code, failed, failed.reason() == NodeStartException.Reason.STORE ? DAMAGED : UNUSABLE);
    }
  }

  private int fail(String code, RuntimeException failed, int exitCode) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(failed.getMessage());
    err.flush();
    Output.say(spec, "error code=%s detail=%s", code, String.valueOf(failed.getMessage()));
    return exitCode;
  }

  private NodeBuilder plan() {
    if (bind != null && p2pPort == null && httpPort == null) {
      throw wrong("--bind is for --p2p-port and --http-port");
    }
    NodeBuilder builder = network();
    try {
      NodeConfiguration said = builder.configuration();
      if (p2pPort != null || said.peering().listen() == null) {
        builder.listen(at("--p2p-port", p2pPort));
      }
      if (httpPort != null || said.api() == null) {
        builder.http(at("--http-port", httpPort));
      }
      builder.connectTo(peers.toArray(new String[0]));
      if (dataDirectory != null) {
        builder.dataDirectory(dataDirectory);
      }
      if (payout != null) {
        builder.mineTo(payout);
      }
      if (blockInterval != null) {
        requireFixedDifficulty(said.network());
        builder.blockInterval(blockInterval);
      }
      if (tokenFile != null) {
        builder.apiTokenFile(tokenFile);
      }
      if (servesFilters) {
        builder.serveFilters();
      }
      // Judged as a whole before anything is opened.
      builder.configuration();
      return builder;
    } catch (IllegalArgumentException bad) {
      throw wrong(String.valueOf(bad.getMessage()));
    }
  }

  private NodeBuilder network() {
    return switch (network) {
      case "regtest" -> ChainNode.builder().network(Networks.regtest());
      case "chaincore" -> ChainNode.builder().network(Networks.chaincore());
      default -> ChainNode.builder().configuration(Path.of(network));
    };
  }

  private void requireFixedDifficulty(ChainParams params) {
    if (!(params.work().difficulty() instanceof FixedDifficulty)) {
      throw wrong("--block-interval needs a network of fixed difficulty, not " + params.name());
    }
  }

  private String at(String option, @Nullable Integer port) {
    if (port == null) {
      throw wrong(option + " is missing, and no file says where to listen");
    }
    return (bind == null ? "127.0.0.1" : bind) + ":" + port(option, port);
  }

  private int port(String option, int value) {
    if (value < 0 || value > 65_535) {
      throw wrong(option + " is no port: " + value);
    }
    return value;
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
