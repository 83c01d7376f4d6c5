package org.chaincore.sync.message;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chaincore.core.config.ChainParams;

/**
 * The consensus parameters of the sender, so that the field can be named in which two networks
 * differ. ChainCore's own.
 *
 * @param fields name to value as in {@link ChainParams#consensusFields()}; names without {@code =}
 */
public record Params(SortedMap<String, String> fields) implements Message {
  public static final String COMMAND = "params";

  /** What a stranger may make a node hold to hear why it is refused. */
  public static final int MAX_BYTES = 16 * 1024;

  public Params {
    SortedMap<String, String> copy = new TreeMap<>(fields);
    copy.forEach(Params::requireLine);
    Checks.atMost("bytes of parameters", bytes(copy), MAX_BYTES);
    fields = Collections.unmodifiableSortedMap(copy);
  }

  /** The parameters of a network; empty if it has so many checkpoints that they do not fit. */
  public static Optional<Params> of(ChainParams params) {
    SortedMap<String, String> fields = params.consensusFields();
    return bytes(fields) > MAX_BYTES ? Optional.empty() : Optional.of(new Params(fields));
  }

  /** Bytes of the lines {@code name=value}, each ended by a newline. */
  private static long bytes(SortedMap<String, String> fields) {
    return fields.entrySet().stream()
        .mapToLong(field -> field.getKey().length() + field.getValue().length() + 2L)
        .sum();
  }

  private static void requireLine(String name, String value) {
    Checks.printableAscii("parameter name", name);
    Checks.printableAscii("parameter value", value);
    if (name.isEmpty() || name.indexOf('=') >= 0) {
      throw new IllegalArgumentException("not the name of a parameter: '" + name + "'");
    }
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
