package org.chaincore.sync.message;

import org.chaincore.sync.settings.SettingsDocument;

/**
 * Settings that somebody signed for the network, as the sender has applied them. Whether the
 * signature is good is for the receiver to judge. ChainCore's own.
 *
 * @param document the settings
 */
public record NetworkConfig(SettingsDocument document) implements Message {
  public static final String COMMAND = "netconf";

  @Override
  public String command() {
    return COMMAND;
  }
}
