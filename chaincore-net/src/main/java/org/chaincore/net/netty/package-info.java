/**
 * What TCP and HTTP share of Netty: its threads, its addresses, and who is let in. Hidden from
 * hosts.
 */
package org.chaincore.net.netty;
