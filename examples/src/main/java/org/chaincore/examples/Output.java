package org.chaincore.examples;

import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;

/** What commands write to standard output, a line at a time. Stateless. */
final class Output {
  private Output() {}

  /** Writes a line, the same in every locale, and has it seen at once. */
  static void say(CommandSpec spec, String format, Object... values) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }
}
