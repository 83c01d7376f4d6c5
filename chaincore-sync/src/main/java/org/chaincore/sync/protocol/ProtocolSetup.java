package org.chaincore.sync.protocol;

import org.chaincore.core.engine.ChainEngine;
import org.chaincore.sync.peer.PeerMemory;
import org.chaincore.sync.settings.SettingsState;

/**
 * What a protocol is made of.
 *
 * @param engine the chain
 * @param self how the node presents itself
 * @param peers what is remembered of peers; the protocol changes it, the host may store it
 * @param settings what may change while running
 * @param seed where all randomness comes from; in production from a source that nobody can guess
 */
public record ProtocolSetup(
    ChainEngine engine, LocalNode self, PeerMemory peers, SettingsState settings, long seed) {}
