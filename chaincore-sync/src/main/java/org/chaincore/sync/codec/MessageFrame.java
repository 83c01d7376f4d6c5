package org.chaincore.sync.codec;

import org.chaincore.sync.message.Message;

/**
 * A message.
 *
 * @param message within all limits of its record
 * @param frameBytes what it took on the wire, with its header
 */
public record MessageFrame(Message message, int frameBytes) implements Frame {}
