/**
 * Networks of nodes in virtual time: thousands of hours in seconds, every run repeatable by its
 * seed. Start at {@link org.chaincore.sync.sim.Simulation}.
 */
package org.chaincore.sync.sim;
