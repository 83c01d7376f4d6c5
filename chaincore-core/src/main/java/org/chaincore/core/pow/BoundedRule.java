package org.chaincore.core.pow;

import java.util.Optional;
import java.util.OptionalInt;
import org.chaincore.core.value.Target;

/**
 * A rule of this library's own, which keeps targets within a range and aims at a block time: what
 * such rules answer alike.
 */
interface BoundedRule extends DifficultyRule {
  /** What a block should take, seconds. */
  int blockTimeSeconds();

  /** The targets that the rule allows. */
  TargetRange range();

  @Override
  default Optional<Target> easiestTarget() {
    return Optional.of(range().easiest());
  }

  @Override
  default OptionalInt targetBlockSeconds() {
    return OptionalInt.of(blockTimeSeconds());
  }
}
