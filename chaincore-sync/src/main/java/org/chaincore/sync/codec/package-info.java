/**
 * Messages to bytes and back. Start at {@link org.chaincore.sync.codec.FrameDecoder}, where
 * malformed bytes end, and {@link org.chaincore.sync.codec.FrameEncoder}.
 */
package org.chaincore.sync.codec;
