/**
 * What the nodes of a network say about themselves, sampled and merged. Start at {@code
 * StatisticsGossip}. All of it is hearsay: it is shown to people and never decides anything.
 */
package org.chaincore.sync.statistics;
