package org.chaincore.core.pow;

import java.util.Optional;
import java.util.OptionalInt;
import org.chaincore.core.value.Target;

/**
 * How hard the next block must be. A rule is part of consensus: every header is held to it, so two
 * nodes of one network must have the same rule with the same parameters. A host may write its own.
 *
 * <p>An implementation is pure: the same ancestry and time always give the same answer, in integer
 * arithmetic that no platform rounds differently. Thread-safe. It must not throw for any ancestry
 * whose headers were accepted under it, whatever times miners have put into them.
 */
public interface DifficultyRule {
  /**
   * The compact bits that a header on top of {@code parents} must carry, exactly.
   *
   * @param parents the chain below the header, never empty
   * @param time the header's own time in Unix seconds, which few rules look at
   * @return empty if the answer lies in headers below {@link Ancestry#firstHeight()}, which happens
   *     only on a chain that starts from a trusted header above genesis; the header then goes
   *     unchecked by this rule
   */
  OptionalInt requiredBits(Ancestry parents, long time);

  /**
   * The rule's name and all its parameters in one line. Nodes compare it, as part of the
   * fingerprint of their consensus parameters: it never changes for a rule that means the same, and
   * differs between any two that do not. Formatted without a locale, as some write other digits.
   */
  String canonical();

  /**
   * The easiest target that the rule ever asks for, so that a network whose limit would refuse it
   * is not even built. A block above genesis may still have the genesis bits.
   *
   * @return empty if the rule does not say
   */
  default Optional<Target> easiestTarget() {
    return Optional.empty();
  }

  /**
   * The gap between blocks that the rule aims at, in seconds, so that a network which promises
   * another is not even built.
   *
   * @return empty if the rule aims at none or does not say
   */
  default OptionalInt targetBlockSeconds() {
    return OptionalInt.empty();
  }
}
