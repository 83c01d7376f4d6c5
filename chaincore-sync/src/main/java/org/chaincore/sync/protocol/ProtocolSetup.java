package org.chaincore.sync.protocol;

import org.chaincore.core.engine.ChainEngine;
import org.chaincore.sync.settings.SettingsState;

/**
 * What a protocol is made of.
 *
 * @param engine the chain
 * @param self how the node presents itself
 * @param settings what may change while running
 * @param seed where all randomness comes from; in production from a source that nobody can guess
 */
public record ProtocolSetup(
    ChainEngine engine, LocalNode self, SettingsState settings, long seed) {}
