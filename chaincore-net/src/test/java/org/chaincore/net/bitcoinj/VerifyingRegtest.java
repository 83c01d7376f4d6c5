package org.chaincore.net.bitcoinj;

import org.bitcoinj.params.RegTestParams;

/**
 * bitcoinj's regtest for full verification. bitcoinj 0.17.1 decides by the versions of the last
 * {@code majorityWindow} blocks what a block must keep to, and runs into a null on a chain that is
 * shorter than those 1,000; here it decides by the last block, so that from block 2 on every
 * coinbase must name its height.
 */
final class VerifyingRegtest extends RegTestParams {
  VerifyingRegtest() {
    majorityWindow = 1;
    majorityEnforceBlockUpgrade = 1;
    majorityRejectBlockOutdated = 1;
  }
}
