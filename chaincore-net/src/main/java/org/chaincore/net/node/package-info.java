/**
 * A node that a host embeds: engine, store, peers, transport and miner put together. Start at
 * {@link org.chaincore.net.node.ChainNode}.
 */
package org.chaincore.net.node;
