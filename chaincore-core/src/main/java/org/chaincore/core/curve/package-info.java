/**
 * The curve of Bitcoin, secp256k1 (SEC 2), as far as it takes to check signatures: arithmetic of
 * its own that is fast in plain Java, for public data only. Nothing here makes a signature: time
 * depends on the values.
 */
package org.chaincore.core.curve;
