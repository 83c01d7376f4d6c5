package org.chaincore.sync.driver;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.chaincore.sync.protocol.Input;
import org.chaincore.sync.protocol.Output;
import org.chaincore.sync.protocol.SyncEvent;

/**
 * Something that the protocol is to be told: the host wants it, or asked for connections have not
 * come about.
 *
 * @param input what
 * @param answered hears, in the driver's thread, what the protocol did at once
 * @param failed hears what the protocol threw, in place of that
 */
record Wish(Input input, Consumer<List<Output>> answered, Consumer<RuntimeException> failed) {
  /** One whose answer, if there is any, comes as an event. */
  static Wish of(Input input) {
    return new Wish(input, outputs -> {}, broken -> {});
  }

  /** The first event of a kind among what the protocol did. */
  static <E extends SyncEvent> Optional<E> event(List<Output> outputs, Class<E> kind) {
    return outputs.stream()
        .filter(Output.Emit.class::isInstance)
        .map(output -> ((Output.Emit) output).event())
        .filter(kind::isInstance)
        .map(kind::cast)
        .findFirst();
  }
}
