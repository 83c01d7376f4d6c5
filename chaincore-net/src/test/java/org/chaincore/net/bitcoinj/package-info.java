/** A client that nobody here wrote follows a node: bitcoinj, over TCP. */
package org.chaincore.net.bitcoinj;
