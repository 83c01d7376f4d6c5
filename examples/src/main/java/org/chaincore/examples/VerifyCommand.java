package org.chaincore.examples;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.chaincore.core.store.ChainStoreProvider;
import org.chaincore.core.store.DurableChainStore;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.store.StoreVerification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Reads a data directory from end to end and says what in it is not as it was written. No node may
 * have it open meanwhile.
 */
@Command(
    name = "verify",
    description = {
      "Reads a data directory from end to end and says what in it is damaged.",
      "The last line of output is for machines: verified rows=N blocks=N coins=N faults=N, or error"
          + " code=WORD.",
      "Ends with 0 if all is as it was written, 2 if the command line is wrong, 3 if the directory"
          + " is in use or cannot be read, 4 if something is damaged."
    },
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  private static final int UNUSABLE = 3;
  private static final int DAMAGED = 4;

  @Spec private CommandSpec spec;

  @Option(names = "--data-dir", required = true, description = "The directory of a node.")
  private Path directory;

  /** Made by picocli, which fills in the fields. */
  @SuppressWarnings("NullAway.Init")
  VerifyCommand() {}

  @Override
  public Integer call() {
    if (!Files.isDirectory(directory)) {
      throw new ParameterException(spec.commandLine(), "--data-dir is no directory: " + directory);
    }
    try (DurableChainStore store =
        ChainStoreProvider.find().open(directory, StoreOptions.DEFAULT)) {
      StoreVerification found = store.verify();
      for (StoreVerification.Finding finding : found.findings()) {
        Output.say(spec, "%s: %s", finding.where(), finding.problem());
      }
      Output.say(
          spec,
          "verified rows=%d blocks=%d coins=%d faults=%d",
          found.rows(),
          found.blocks(),
          found.coins(),
          found.faults());
      return found.isGood() ? 0 : DAMAGED;
    } catch (StoreException broken) {
      spec.commandLine().getErr().println(broken.getMessage());
      String code = broken.fault().name().toLowerCase(Locale.ROOT).replace('_', '-');
      Output.say(spec, "error code=%s detail=%s", code, String.valueOf(broken.getMessage()));
      return exitCode(broken.fault());
    }
  }

  private static int exitCode(StoreFault fault) {
    return switch (fault) {
      case CORRUPT, LOST_COMMITS, MISSING_FILE, FORMAT_VERSION -> DAMAGED;
      default -> UNUSABLE;
    };
  }
}
