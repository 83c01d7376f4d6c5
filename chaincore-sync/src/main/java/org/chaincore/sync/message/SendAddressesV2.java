package org.chaincore.sync.message;

/** Asks for {@link AddressesV2}, before verack. Source: BIP155. */
public record SendAddressesV2() implements Message {
  public static final String COMMAND = "sendaddrv2";

  @Override
  public String command() {
    return COMMAND;
  }
}
