package org.chaincore.core.pow;

import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import org.chaincore.core.value.Target;

/**
 * The same target for every block, as on a regression test network. Immutable and thread-safe.
 *
 * @param bits the target as compact bits
 */
public record FixedDifficulty(int bits) implements DifficultyRule {
  public FixedDifficulty {
    Target.ofBits(bits);
  }

  @Override
  public OptionalInt requiredBits(Ancestry parents, long time) {
    return OptionalInt.of(bits);
  }

  @Override
  public Optional<Target> easiestTarget() {
    return Optional.of(Target.ofBits(bits));
  }

  @Override
  public String canonical() {
    return "fixed bits=" + HexFormat.of().toHexDigits(bits);
  }
}
