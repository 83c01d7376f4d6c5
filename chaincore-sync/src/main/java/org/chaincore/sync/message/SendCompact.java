package org.chaincore.sync.message;

/**
 * Offers and asks for compact blocks. Source: BIP152.
 *
 * @param highBandwidth whether the sender wants new blocks unasked, as compact blocks
 * @param version of the encoding, unsigned; unknown ones are ignored
 */
public record SendCompact(boolean highBandwidth, long version) implements Message {
  public static final String COMMAND = "sendcmpct";

  /** Short ids of wtxids; version 1 had those of txids. */
  public static final long WITNESS_VERSION = 2;

  @Override
  public String command() {
    return COMMAND;
  }
}
