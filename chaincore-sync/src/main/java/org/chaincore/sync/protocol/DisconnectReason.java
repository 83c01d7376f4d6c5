package org.chaincore.sync.protocol;

/**
 * Why a connection ends.
 *
 * @param cause the kind of reason
 * @param detail what exactly, for a log line; empty if the cause says all
 */
public record DisconnectReason(Cause cause, String detail) {
  /** The kinds of reason. */
  public enum Cause {
    /** The host wants it. */
    REQUESTED,
    /** There is no room for another connection. */
    FULL,
    /** Another, more useful connection takes its place. */
    EVICTED,
    /** The peer is banned, or discouraged. */
    BANNED,
    /** We are connected to ourselves. */
    SELF,
    /** We are connected to this node already. */
    DUPLICATE,
    /** The peer lives by other consensus rules; the detail names the field. */
    CONSENSUS_DIFFERS,
    /** The peer's protocol is too old, or it does not offer what the connection is for. */
    UNSUITABLE,
    /** The peer did not finish the handshake, or did not answer, in time. */
    TIMEOUT,
    /** The peer holds up the download of the chain. */
    STALLING,
    /** The peer broke the protocol. */
    MISBEHAVING,
    /** The peer does not read what it asked for. */
    NOT_READING,
    /** A feeler has found out what it wanted to know. */
    FEELER_DONE,
    /** The peer's chain has less work than ours and does not catch up. */
    BEHIND
  }

  /** A reason that needs no detail. */
  public static DisconnectReason of(Cause cause) {
    return new DisconnectReason(cause, "");
  }

  @Override
  public String toString() {
    return detail.isEmpty() ? cause.toString() : cause + " (" + detail + ")";
  }
}
