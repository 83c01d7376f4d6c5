/**
 * The numbers and byte strings of a chain: hashes, targets, work, amounts. Immutable values without
 * behaviour of the chain in them; everything else in the core is built of these.
 */
package org.chaincore.core.value;
