package org.chaincore.sync.message;

import org.chaincore.core.value.Bytes;

/**
 * Adds an element to the filter that {@link FilterLoad} set. Source: BIP37.
 *
 * @param element at most {@link #MAX_BYTES} bytes
 */
public record FilterAdd(Bytes element) implements Message {
  public static final String COMMAND = "filteradd";

  /** The longest thing that a script can push. */
  public static final int MAX_BYTES = 520;

  public FilterAdd {
    Checks.atMost("bytes of filter element", element.length(), MAX_BYTES);
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
