package org.chaincore.examples;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.chaincore.examples.NetworkCheck.Finding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Checks the connections and answers of a running network over HTTP. It needs no token. */
@Command(
    name = "validate",
    description = {
      "Checks a running network: whether each node answers as the contract of the HTTP interface"
          + " says, is of the same network and genesis, sees its peers, and how far the chains are"
          + " apart.",
      "One line a finding: good|bad check=WORD [node=URL] detail=TEXT. The last line of output is"
          + " for machines: validated nodes=N findings=N bad=N, or error code=WORD.",
      "Ends with 0 if nothing is bad, 1 if something is, 2 if the command line is wrong."
    },
    mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {
  private static final int MAX_NODES = 256;
  private static final int MAX_TIMEOUT_SECONDS = 300;

  @Spec private CommandSpec spec;

  @Option(
      names = "--nodes",
      required = true,
      arity = "1..*",
      paramLabel = "URL",
      description = "The nodes, such as http://127.0.0.1:17332.")
  private List<String> nodes;

  @Option(
      names = "--timeout",
      defaultValue = "5",
      description = "Seconds to wait for each answer; ${DEFAULT-VALUE} if nothing is named.")
  private int timeoutSeconds;

  @Option(
      names = "--max-apart",
      defaultValue = "2",
      description =
          "Chains are in step whose ends are at most so many blocks apart; ${DEFAULT-VALUE} if"
              + " nothing is named.")
  private int maxBlocksApart;

  /** Made by picocli, which fills in the fields. */
  @SuppressWarnings("NullAway.Init")
  ValidateCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    requireWithin("--timeout", timeoutSeconds, 1, MAX_TIMEOUT_SECONDS);
    requireWithin("--max-apart", maxBlocksApart, 0, Integer.MAX_VALUE);
    requireWithin("--nodes", nodes.size(), 1, MAX_NODES);
    List<URI> urls = new ArrayList<>();
    for (String node : nodes) {
      urls.add(url(node));
    }
    NodeClient client = new NodeClient(Duration.ofSeconds(timeoutSeconds));
    List<Finding> findings = new NetworkCheck(client, maxBlocksApart).of(urls);
    int bad = 0;
    for (Finding finding : findings) {
      bad += finding.isGood() ? 0 : 1;
      Output.say(
          spec,
          "%s check=%s%s detail=%s",
          finding.isGood() ? "good" : "bad",
          finding.check(),
          finding.node().isEmpty() ? "" : " node=" + finding.node(),
          oneLine(finding.detail()));
    }
    Output.say(spec, "validated nodes=%d findings=%d bad=%d", urls.size(), findings.size(), bad);
    return bad == 0 ? 0 : 1;
  }

  /** What a node says is shown, and must not look like a line of ours. */
  private static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  private void requireWithin(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw wrong(option + " is " + value + ", allowed is " + least + ".." + most);
    }
  }

  private URI url(String text) {
    try {
      URI url = new URI(text.contains("://") ? text : "http://" + text);
      boolean isNode =
          ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
              && url.getHost() != null
              && url.getRawUserInfo() == null
              && (url.getRawPath().isEmpty() || url.getRawPath().equals("/"))
              && url.getRawQuery() == null
              && url.getRawFragment() == null;
      if (!isNode) {
        throw wrong("--nodes is " + text + ", allowed is http://HOST:PORT");
      }
      return url;
    } catch (URISyntaxException malformed) {
      throw wrong("--nodes is " + text + ", allowed is http://HOST:PORT");
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
