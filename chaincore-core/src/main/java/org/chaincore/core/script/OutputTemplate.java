package org.chaincore.core.script;

import java.util.Optional;
import org.chaincore.core.value.Bytes;

/**
 * What an output script may say on a ChainCore network: one of three ways to be spent, or a host's
 * own data. There is no script machine; a script either is exactly one of these or is no template.
 *
 * <p>Canonical: {@link #parse} accepts a script if and only if it is what {@link #script()} of the
 * result makes. Immutable and thread-safe.
 */
public sealed interface OutputTemplate permits SpendableTemplate, DataOutput {
  /** The template that a script is, if it is one. */
  static Optional<OutputTemplate> parse(Bytes script) {
    // Told apart by length and opcodes first: this runs for every output of every block.
    if (PayToWitnessPubkeyHash.matches(script)) {
      return Optional.of(PayToWitnessPubkeyHash.ofScript(script));
    }
    if (PayToTaproot.matches(script)) {
      return Optional.of(PayToTaproot.ofScript(script));
    }
    if (PayToPubkeyHash.matches(script)) {
      return Optional.of(PayToPubkeyHash.ofScript(script));
    }
    if (DataOutput.matches(script)) {
      return Optional.of(DataOutput.ofScript(script));
    }
    return Optional.empty();
  }

  /** Whether {@link #parse} would find a template, without making one. */
  static boolean isTemplate(Bytes script) {
    return PayToWitnessPubkeyHash.matches(script)
        || PayToTaproot.matches(script)
        || PayToPubkeyHash.matches(script)
        || DataOutput.matches(script);
  }

  /** The scriptPubKey. */
  Bytes script();

  /** Whether an output that says this can ever be spent. */
  default boolean isSpendable() {
    return this instanceof SpendableTemplate;
  }
}
