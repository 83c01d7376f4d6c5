package org.chaincore.examples;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.Networks;
import org.chaincore.net.config.ConfigurationException;
import org.chaincore.net.config.NodeConfiguration;
import org.chaincore.net.config.SettingsFile;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.Signatures;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.SettingsChange;
import org.chaincore.sync.settings.SettingsDocument;
import org.chaincore.sync.settings.SettingsDraft;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Signs settings for the nodes of a network. The file that it writes is a body of {@code POST
 * /config/refresh} and what {@code SettingsFile.read} reads for {@code ChainNode.publishConfig}.
 */
@Command(
    name = "sign",
    description = {
      "Signs operational settings for the nodes of a network that trust the signer.",
      "The document that it writes is published on any one of them: as the body of POST"
          + " /config/refresh, or by ChainNode.publishConfig. The others get it from there.",
      "The last line of output is for machines: signed signer=ID network=NAME version=N"
          + " not_before=UNIX expires=UNIX settings=N file=PATH, or error code=WORD detail=TEXT.",
      "Ends with 0 if it is written, 2 if the command line, the network's file or a setting is"
          + " wrong, 3 if a file cannot be used."
    },
    mixinStandardHelpOptions = true)
final class ConfigSignCommand implements Callable<Integer> {
  private static final long DAY_SECONDS = 86_400;

  private final Clock clock;

  @Spec private CommandSpec spec;

  @Option(
      names = "--key",
      required = true,
      description = "The signer's key; made, for its owner's eyes only, if the file is not there.")
  private Path keyFile;

  @Option(
      names = "--network",
      required = true,
      description = "For which network: regtest, chaincore, or a JSON file, as node takes it.")
  private String network;

  @Option(
      names = "--set",
      required = true,
      paramLabel = "NAME=VALUE",
      description = "A setting, such as sync.mempool.interval_seconds=20; may be repeated.")
  private Map<String, String> settings;

  @Option(
      names = "--document-version",
      description =
          "Nodes take only what is newer than all they took before; the Unix time if none is"
              + " named.")
  private @Nullable Long version;

  @Option(
      names = "--not-before",
      description = "The Unix time from which it may be applied; now if none is named.")
  private @Nullable Long notBefore;

  @Option(
      names = "--valid-days",
      defaultValue = "30",
      description = "For how long, at most 366; ${DEFAULT-VALUE} if nothing is named.")
  private long validDays;

  @Option(names = "--out", required = true, description = "Where the document is written.")
  private Path out;

  /** Made by hand; picocli fills in the options. */
  @SuppressWarnings("NullAway.Init")
  ConfigSignCommand(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() throws IOException {
    ChainParams params;
    try {
      params = network();
    } catch (ConfigurationException refused) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(refused.getMessage());
      err.flush();
      Output.say(spec, "error code=configuration detail=%s", String.valueOf(refused.getMessage()));
      return CommandLine.ExitCode.USAGE;
    }
    SettingsDraft draft = draft(params);
    NodeKey key = key();
    SettingsDocument document = draft.sign(Signatures.ed25519(), key);
    key.destroy();
    Files.writeString(out, SettingsFile.format(document));
    Output.say(
        spec,
        "signed signer=%s network=%s version=%d not_before=%d expires=%d settings=%d file=%s",
        document.signer(),
        params.name(),
        draft.version(),
        draft.notBeforeSeconds(),
        draft.expiresSeconds(),
        draft.settings().size(),
        out);
    return 0;
  }

  private ChainParams network() {
    return switch (network) {
      case "regtest" -> Networks.regtest();
      case "chaincore" -> Networks.chaincore();
      default -> NodeConfiguration.read(Path.of(network)).network();
    };
  }

  /** Judged as a node will judge it, before anything is signed. */
  private SettingsDraft draft(ChainParams params) {
    SettingsChange change = OperationalSettings.DEFAULT.with(settings);
    if (change instanceof SettingsChange.Refused refused) {
      throw wrong(
          "--set "
              + refused.detail()
              + switch (refused.reason()) {
                case CONSENSUS_KEY -> " is consensus, which nobody can set";
                case UNKNOWN_KEY ->
                    " is no setting, allowed are "
                        + String.join(", ", OperationalSettings.ranges().keySet());
                default -> "";
              });
    }
    if (validDays < 1 || validDays > SettingsDraft.MAX_LIFETIME_SECONDS / DAY_SECONDS) {
      throw wrong("--valid-days is " + validDays + ", allowed is 1..366");
    }
    long now = clock.instant().getEpochSecond();
    long from = notBefore == null ? now : notBefore;
    try {
      return new SettingsDraft(
          params.fingerprint(),
          version == null ? now : version,
          from,
          Math.addExact(from, validDays * DAY_SECONDS),
          new TreeMap<>(settings));
    } catch (IllegalArgumentException | ArithmeticException bad) {
      throw wrong(String.valueOf(bad.getMessage()));
    }
  }

  private NodeKey key() throws IOException {
    if (SignerKey.exists(keyFile)) {
      return SignerKey.read(keyFile);
    }
    NodeKey made = SignerKey.create(keyFile);
    PrintWriter err = spec.commandLine().getErr();
    err.println("made a new signer's key in " + keyFile);
    err.flush();
    return made;
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
