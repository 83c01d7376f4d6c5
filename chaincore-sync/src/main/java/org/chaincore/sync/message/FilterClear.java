package org.chaincore.sync.message;

/** Takes the filter away that {@link FilterLoad} set. Source: BIP37. */
public record FilterClear() implements Message {
  public static final String COMMAND = "filterclear";

  @Override
  public String command() {
    return COMMAND;
  }
}
