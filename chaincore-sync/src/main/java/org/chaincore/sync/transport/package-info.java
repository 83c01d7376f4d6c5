/**
 * How bytes get from node to node: the port that a host can implement for a medium of its own, and
 * a transport within one process.
 */
package org.chaincore.sync.transport;
