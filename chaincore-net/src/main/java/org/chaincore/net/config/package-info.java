/**
 * What a node is told before it starts, as one value: {@code NodeConfiguration}, from a JSON file
 * or from the builder of the node. Start there; it says what may change while a node runs.
 */
package org.chaincore.net.config;
