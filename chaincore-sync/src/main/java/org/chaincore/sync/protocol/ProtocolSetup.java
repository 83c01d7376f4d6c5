package org.chaincore.sync.protocol;

import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.value.Work;
import org.chaincore.sync.peer.GroupingRule;
import org.chaincore.sync.peer.PeerMemory;
import org.chaincore.sync.settings.SettingsState;

/**
 * What a protocol is made of.
 *
 * @param engine the chain
 * @param self how the node presents itself
 * @param settings what may change while running; the protocol's alone from now on: whoever else
 *     changes it races with the node
 * @param memory what the node remembers of peers; the protocol's alone too
 * @param seed where all randomness comes from; in production from a source that nobody can guess
 * @param minimumChainWork the work that the network's chain is known to have at least; headers of
 *     chains that do not reach it take no memory
 */
public record ProtocolSetup(
    ChainEngine engine,
    LocalNode self,
    SettingsState settings,
    PeerMemory memory,
    long seed,
    Work minimumChainWork) {
  /** Of a chain that has at least the work that the network's parameters name. */
  public ProtocolSetup(
      ChainEngine engine, LocalNode self, SettingsState settings, PeerMemory memory, long seed) {
    this(engine, self, settings, memory, seed, engine.params().minimumChainWork());
  }

  /** Of a node that remembers nobody, on a network on the internet. */
  public ProtocolSetup(ChainEngine engine, LocalNode self, SettingsState settings, long seed) {
    this(engine, self, settings, PeerMemory.of(seed, GroupingRule.BY_PREFIX), seed);
  }
}
