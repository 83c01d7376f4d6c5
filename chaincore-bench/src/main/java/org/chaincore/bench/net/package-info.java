/** What the network costs: sync over TCP, round trips, starts. */
package org.chaincore.bench.net;
