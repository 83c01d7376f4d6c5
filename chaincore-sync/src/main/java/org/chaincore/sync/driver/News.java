package org.chaincore.sync.driver;

import java.nio.ByteBuffer;

/**
 * What a turn of a session brings.
 *
 * @param bytes what came, perhaps nothing
 * @param isDrained whether the send queue has become shorter
 * @param isClosed whether the connection is over, and all that came from it was taken
 */
record News(ByteBuffer bytes, boolean isDrained, boolean isClosed) {
  static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);
}
