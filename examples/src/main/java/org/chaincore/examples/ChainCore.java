package org.chaincore.examples;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The entry of the executable jar: reads the command line and runs the named command. A command
 * ends with 0 when all went well, 1 when what it was asked to judge is bad or the program is, 2
 * when the command line itself is wrong, 3 when a file or directory could not be used, 4 when a
 * data directory is damaged.
 *
 * <p>The last line on standard output is for machines, whatever happened. What was wrong with the
 * command line or a file is one line on the error stream too, for humans.
 */
@Command(
    name = "chaincore",
    description = "Programs that show an embedded proof-of-work chain at work.",
    mixinStandardHelpOptions = true,
    versionProvider = ChainCore.ManifestVersion.class)
public final class ChainCore implements Runnable {
  private static final int IO_FAILED = 3;

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
        .addSubcommand(new NodeCommand(new CountDownLatch(1)))
        .addSubcommand(new VerifyCommand())
        .addSubcommand(new ValidateCommand())
        .addSubcommand(
            new CommandLine(new ConfigCommand())
                .addSubcommand(new ConfigSignCommand(Clock.systemUTC())))
        .setParameterExceptionHandler(ChainCore::refuse)
        .setExecutionExceptionHandler(ChainCore::fail);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }

  private static int refuse(ParameterException wrong, String[] args) {
    CommandLine command = wrong.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    say(command, "usage", whatOf(wrong), "; try " + name + " --help");
    return CommandLine.ExitCode.USAGE;
  }

  private static int fail(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    if (failure instanceof IOException || failure instanceof UncheckedIOException) {
      // The message alone is often no more than the name of a file.
      String what = failure.getClass().getSimpleName() + ": " + whatOf(failure);
      say(command, "io", what, "");
      return IO_FAILED;
    }
    say(command, "internal", failure.getClass().getName(), "");
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static String whatOf(Exception problem) {
    String what = problem.getMessage() == null ? problem.toString() : problem.getMessage();
    return what.lines().findFirst().orElse("");
  }

  private static void say(CommandLine command, String code, String what, String advice) {
    PrintWriter err = command.getErr();
    err.println(command.getCommandSpec().qualifiedName() + ": " + what + advice);
    err.flush();
    PrintWriter out = command.getOut();
    out.println("error code=" + code + " detail=" + what);
    out.flush();
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
