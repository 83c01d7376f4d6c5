/**
 * Headers, transactions, blocks and Merkle trees in Bitcoin's encodings, with readers that trust
 * nothing: a byte string either decodes to exactly one value, which encodes back to it, or is
 * refused with a {@link org.chaincore.core.block.MalformedBytesException} that names offset and
 * field. Start at {@link org.chaincore.core.block.Block}.
 */
package org.chaincore.core.block;
