package org.chaincore.examples;

import java.io.PrintWriter;
import java.time.Clock;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The entry of the executable jar: reads the command line and runs the named command. A command
 * ends with 0 when all went well, 1 when what it was asked to judge is bad, 2 when the command line
 * itself is wrong; what was wrong is one line on the error stream.
 */
@Command(
    name = "chaincore",
    description = "Programs that show an embedded proof-of-work chain at work.",
    mixinStandardHelpOptions = true,
    versionProvider = ChainCore.ManifestVersion.class)
public final class ChainCore implements Runnable {
  @Spec private CommandSpec spec;

  /** Made by {@link #main}; picocli fills in {@code spec}. */
  @SuppressWarnings("NullAway.Init")
  ChainCore() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The root command with every subcommand, as {@link #main} runs it. */
  static CommandLine commandLine() {
    return new CommandLine(new ChainCore())
        .addSubcommand(new QuickstartCommand(Clock.systemUTC()))
        .addSubcommand(new HeadersCommand())
        .setParameterExceptionHandler(ChainCore::refuse)
        .setExecutionExceptionHandler(ChainCore::fail);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }

  private static int refuse(ParameterException wrong, String[] args) {
    CommandLine command = wrong.getCommandLine();
    say(command, wrong, "; try " + command.getCommandSpec().qualifiedName() + " --help");
    return CommandLine.ExitCode.USAGE;
  }

  private static int fail(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    say(command, failure, "");
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static void say(CommandLine command, Exception problem, String advice) {
    PrintWriter err = command.getErr();
    String what = problem.getMessage() == null ? problem.toString() : problem.getMessage();
    err.println(
        command.getCommandSpec().qualifiedName()
            + ": "
            + what.lines().findFirst().orElse("")
            + advice);
    err.flush();
  }

  /** Tells the version that the build wrote into the jar's manifest. */
  static final class ManifestVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = ChainCore.class.getPackage().getImplementationVersion();
      return new String[] {"chaincore " + (version == null ? "unpackaged" : version)};
    }
  }
}
