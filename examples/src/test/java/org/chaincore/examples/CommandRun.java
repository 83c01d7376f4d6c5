package org.chaincore.examples;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/**
 * A command that was run in this process.
 *
 * @param exitCode what the process would have ended with
 * @param out the lines of standard output
 * @param err the lines of standard error
 */
record CommandRun(int exitCode, List<String> out, List<String> err) {
  /** Runs the jar's command line. */
  static CommandRun of(String... args) {
    return of(ChainCore.commandLine(), args);
  }

  static CommandRun of(CommandLine command, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exitCode = command.execute(args);
    return new CommandRun(
        exitCode, out.toString().lines().toList(), err.toString().lines().toList());
  }

  /** The line that is for machines. */
  String lastLine() {
    return out.get(out.size() - 1);
  }
}
