/**
 * Tests of exclusion, visibility and publication that jcstress runs a great many times ({@code
 * .ci/jcstress}). Each has at most two actors: with more than there are processors, jcstress leaves
 * a test out without a word.
 */
@NullMarked
package org.chaincore.bench.jcstress;

import org.jspecify.annotations.NullMarked;
