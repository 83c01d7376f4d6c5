package org.chaincore.sync.message;

/** Asks for new blocks to be announced by their headers. Source: BIP130. */
public record SendHeaders() implements Message {
  public static final String COMMAND = "sendheaders";

  @Override
  public String command() {
    return COMMAND;
  }
}
