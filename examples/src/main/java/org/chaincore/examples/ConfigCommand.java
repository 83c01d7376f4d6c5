package org.chaincore.examples;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What has to do with settings that nodes take from a signer; its commands do it. */
@Command(
    name = "config",
    description = "Makes signed documents of operational settings.",
    mixinStandardHelpOptions = true)
final class ConfigCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** Made by hand; picocli fills in {@code spec}. */
  @SuppressWarnings("NullAway.Init")
  ConfigCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given; there is: sign");
  }
}
