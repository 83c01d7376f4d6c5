package org.chaincore.sync.protocol;

import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.BlockTransactions;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.TransactionMessage;

/**
 * How much one peer may say. Reading a message costs something even where nothing comes of it, so
 * who talks without end has to stop; no honest peer comes near these numbers.
 *
 * <p>What is paced by something else weighs little: blocks and transactions come because we asked
 * for them; a request for blocks costs the one who asks the reading of the answer. A node that
 * downloads a chain within one machine exchanges tens of thousands of these a second. What turns
 * out to have come unasked and in vain is paid for once more, out of a small budget of its own.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class MessageBudget {
  /** Messages a second; honest peers send a few. */
  static final int MESSAGES_A_SECOND = 500;

  /** Bytes of such messages a second: headers as fast as a local network brings them. */
  static final int BYTES_A_SECOND = 50_000_000;

  /**
   * Bytes a second that nobody asked for and that were of no use: stops whoever has us read known
   * blocks for ever.
   */
  static final int VAIN_BYTES_A_SECOND = 1_000_000;

  /** Who was silent before may say this many seconds' worth at once. */
  static final int SECONDS_SAVED = 10;

  /** The weight of a message in the unit of the credits. */
  private static final int FULL_WEIGHT = 100;

  private static final int TRANSACTION_WEIGHT = 10;
  private static final int PACED_WEIGHT = 1;
  private static final long MESSAGE_CREDIT_A_SECOND = (long) MESSAGES_A_SECOND * FULL_WEIGHT;
  private static final long BYTE_CREDIT_A_SECOND = (long) BYTES_A_SECOND * FULL_WEIGHT;

  private long messageCredit = MESSAGE_CREDIT_A_SECOND * SECONDS_SAVED;
  private long byteCredit = BYTE_CREDIT_A_SECOND * SECONDS_SAVED;
  private long vainCredit = (long) VAIN_BYTES_A_SECOND * SECONDS_SAVED;
  private long atMillis;

  MessageBudget(long nowMillis) {
    this.atMillis = nowMillis;
  }

  /**
   * Pays for a message. If that cannot be paid, a second's worth is granted: an excess is noticed
   * once a second, however large it is.
   *
   * @return whether it could be paid
   */
  boolean pay(Message message, int bytes, long nowMillis) {
    return pay(weightOf(message), bytes, nowMillis);
  }

  /** The same for a message of a kind that is not known: nobody asked for it. */
  boolean payUnknown(int bytes, long nowMillis) {
    return pay(FULL_WEIGHT, bytes, nowMillis);
  }

  private boolean pay(int weight, int bytes, long nowMillis) {
    earn(nowMillis);
    long byteCost = (long) bytes * weight;
    if (weight > messageCredit || byteCost > byteCredit) {
      add(1_000);
      return false;
    }
    messageCredit -= weight;
    byteCredit -= byteCost;
    return true;
  }

  /**
   * Pays for something that came unasked and in vain, after that has shown. Excess is granted as by
   * {@link #pay}.
   *
   * @return whether it could be paid
   */
  boolean payForVain(int bytes, long nowMillis) {
    earn(nowMillis);
    if (bytes > vainCredit) {
      add(1_000);
      return false;
    }
    vainCredit -= bytes;
    return true;
  }

  private void earn(long nowMillis) {
    long passed = Math.min(nowMillis - atMillis, SECONDS_SAVED * 1_000L);
    if (passed > 0) {
      add(passed);
    }
    atMillis = Math.max(atMillis, nowMillis);
  }

  private void add(long millis) {
    messageCredit =
        Math.min(
            messageCredit + MESSAGE_CREDIT_A_SECOND * millis / 1_000,
            MESSAGE_CREDIT_A_SECOND * SECONDS_SAVED);
    byteCredit =
        Math.min(
            byteCredit + BYTE_CREDIT_A_SECOND * millis / 1_000,
            BYTE_CREDIT_A_SECOND * SECONDS_SAVED);
    vainCredit =
        Math.min(
            vainCredit + VAIN_BYTES_A_SECOND * millis / 1_000,
            (long) VAIN_BYTES_A_SECOND * SECONDS_SAVED);
  }

  private static int weightOf(Message message) {
    return switch (message.command()) {
      case BlockMessage.COMMAND, BlockTransactions.COMMAND, GetData.COMMAND -> PACED_WEIGHT;
      case TransactionMessage.COMMAND -> TRANSACTION_WEIGHT;
      default -> FULL_WEIGHT;
    };
  }
}
