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
import org.chaincore.net.node.ChainNode;
import org.chaincore.net.node.NodeBuilder;
import org.chaincore.net.node.NodeStartException;
import org.jspecify.annotations.Nullable;
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
      "A signal ends it within seconds, with 128 and the signal's number. It ends with 2 if the command line is wrong, 3 if the data directory is"
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
      description = "Which network: ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} if none is named.")
  private Network network;

  @Option(names = "--data-dir", description = "Where the chain is kept; without it, on the heap.")
  private @Nullable Path dataDirectory;

  @Option(names = "--p2p-port", required = true, description = "Where peers connect; 0 picks one.")
  private int p2pPort;

  @Option(
      names = "--http-port",
      required = true,
      description = "Where the HTTP interface is; 0 picks one.")
  private int httpPort;

  @Option(names = "--bind", defaultValue = "127.0.0.1", description = "For both; ${DEFAULT-VALUE}.")
  private String bind;

  @Option(names = "--connect", description = "A peer to stay connected with; may be repeated.")
  private List<String> peers = List.of();

  @Option(names = "--mine", description = "Mines, and has the rewards paid to this address.")
  private @Nullable String payout;

  @Option(
      names = "--block-interval",
      description =
          "At least so many seconds from block to block, on networks of fixed difficulty.")
  private @Nullable Long blockInterval;

  @Option(names = "--api-token-file", description = "Keeps the token of the interface there.")
  private @Nullable Path tokenFile;

  /** A command that ends when the latch is open. Made by picocli, which fills in the fields. */
  @SuppressWarnings("NullAway.Init")
  NodeCommand(CountDownLatch end) {
    this.end = end;
  }

  /** The networks that a node can be of. */
  enum Network {
    regtest(Networks.regtest()),
    chaincore(Networks.chaincore());

    @SuppressWarnings("ImmutableEnumChecker") // ChainParams are immutable; their rules are records.
    private final ChainParams params;

    Network(ChainParams params) {
      this.params = params;
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    NodeBuilder builder = plan();
    try (ChainNode node = builder.start()) {
      Thread atExit = new Thread(() -> node.close(STOP_TIME), "chaincore-stop");
      Runtime.getRuntime().addShutdownHook(atExit);
      say(
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
      spec.commandLine().getErr().println(failed.getMessage());
      say("error code=%s detail=%s", code, String.valueOf(failed.getMessage()));
      return failed.reason() == NodeStartException.Reason.STORE ? DAMAGED : UNUSABLE;
    }
  }

  private NodeBuilder plan() {
    if (blockInterval != null && !(network.params.work().difficulty() instanceof FixedDifficulty)) {
      throw wrong("--block-interval needs a network of fixed difficulty, not " + network);
    }
    try {
      NodeBuilder builder =
          ChainNode.builder()
              .network(network.params)
              .listen(bind + ":" + port("--p2p-port", p2pPort))
              .http(bind + ":" + port("--http-port", httpPort))
              .connectTo(peers.toArray(new String[0]));
      if (dataDirectory != null) {
        builder.dataDirectory(dataDirectory);
      }
      if (payout != null) {
        builder.mineTo(payout);
      }
      if (blockInterval != null) {
        builder.blockInterval(blockInterval);
      }
      if (tokenFile != null) {
        builder.apiTokenFile(tokenFile);
      }
      return builder;
    } catch (IllegalArgumentException bad) {
      throw wrong(String.valueOf(bad.getMessage()));
    }
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

  private void say(String format, Object... values) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }
}
