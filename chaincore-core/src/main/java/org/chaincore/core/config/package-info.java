/**
 * What a network is. {@link org.chaincore.core.config.ChainParams} are consensus: fixed for the
 * life of a network, equal on all its nodes, compared by fingerprint at every handshake. {@link
 * org.chaincore.core.config.PolicyLimits} are one node's own; those of its mempool may change while
 * it runs. {@link org.chaincore.core.config.Networks} has those that come with the library.
 */
package org.chaincore.core.config;
