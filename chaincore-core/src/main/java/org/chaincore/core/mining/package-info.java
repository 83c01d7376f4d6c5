/** What a miner works on: the next block, complete but for its nonce. */
package org.chaincore.core.mining;
