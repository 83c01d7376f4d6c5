/** Who a node is: its Ed25519 key and what it signs. Start at {@code Signatures}. */
package org.chaincore.sync.identity;
