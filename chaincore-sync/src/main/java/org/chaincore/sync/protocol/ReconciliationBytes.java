package org.chaincore.sync.protocol;

import org.chaincore.sync.message.BisectionRequest;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.ReconcileDifference;
import org.chaincore.sync.message.ReconcileRequest;
import org.chaincore.sync.message.SketchMessage;

/**
 * What the messages of a reconciliation cost on the wire, with the head of their frames. The
 * protocol does not see bytes, and this is the one exchange whose cost it reports.
 */
final class ReconciliationBytes {
  private static final int FRAME_HEAD = 24;
  private static final int REQUEST = 4;
  private static final int FLAG = 1;
  private static final int PART = 1;
  private static final int SHORT_ID = 4;

  /** The first length of a list or byte string that takes three bytes instead of one. */
  private static final int LONG_COUNT = 0xfd;

  private ReconciliationBytes() {}

  /** Bytes of the frame of a message; of one that is all in its name, the head. */
  static int of(Message message) {
    if (message instanceof ReconcileRequest) {
      return FRAME_HEAD + REQUEST;
    } else if (message instanceof BisectionRequest) {
      return FRAME_HEAD + PART;
    } else if (message instanceof SketchMessage sketch) {
      return FRAME_HEAD + counted(sketch.data().length(), 1);
    } else if (message instanceof ReconcileDifference difference) {
      return FRAME_HEAD + FLAG + counted(difference.shortIds().size(), SHORT_ID);
    }
    return FRAME_HEAD;
  }

  private static int counted(int count, int bytesOfEach) {
    return (count < LONG_COUNT ? 1 : 3) + count * bytesOfEach;
  }
}
