/**
 * The protocol as a machine without threads, clock or I/O: what happens goes in, what is to be done
 * comes out. Start at {@link org.chaincore.sync.protocol.SyncProtocol}; every sub-protocol is one
 * package-private class of its own.
 */
package org.chaincore.sync.protocol;
