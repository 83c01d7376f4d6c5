/**
 * Finding what two sets of transactions differ in, at a cost of four bytes a difference (BIP330):
 * {@link org.chaincore.sync.sketch.Sketch} is the algebra, {@link
 * org.chaincore.sync.sketch.ShortIds} what goes into it, {@link
 * org.chaincore.sync.sketch.InitiatedRound} and {@link org.chaincore.sync.sketch.AnsweredRound} the
 * two sides of an exchange.
 */
package org.chaincore.sync.sketch;
