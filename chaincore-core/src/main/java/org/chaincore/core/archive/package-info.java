/**
 * Chains in files: export and import of headers and blocks, and snapshots of the coins, through
 * channels that the host opens. The format is in docs/store-format.md.
 */
package org.chaincore.core.archive;
