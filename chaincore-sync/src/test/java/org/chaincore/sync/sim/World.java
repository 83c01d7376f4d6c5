package org.chaincore.sync.sim;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.chaincore.core.engine.ChainEngine;

/**
 * What hostile participants know.
 *
 * @param simulation the network
 * @param best the chain of the honest node that has the best one now
 * @param isSettling whether nobody mines any more, to see whether all come to one chain
 */
record World(Simulation simulation, Supplier<ChainEngine> best, BooleanSupplier isSettling) {
  ChainEngine truth() {
    return best.get();
  }
}
