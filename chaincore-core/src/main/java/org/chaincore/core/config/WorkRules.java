package org.chaincore.core.config;

import org.chaincore.core.pow.DifficultyRule;
import org.chaincore.core.value.Target;

/**
 * How much work a header must show. Immutable.
 *
 * @param limit the easiest target that any header may have
 * @param difficulty says which target each header must have
 */
public record WorkRules(Target limit, DifficultyRule difficulty) {}
