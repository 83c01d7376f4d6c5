package org.chaincore.sync.peer;

/**
 * What counts when a slot is needed for another peer.
 *
 * @param peer which one
 * @param group where it comes from
 * @param sinceMillis when it connected
 * @param merits what it was good for
 * @param isDiscouraged whether it is let in only while there is room
 */
public record InboundPeer(
    PeerId peer, NetworkGroup group, long sinceMillis, Merits merits, boolean isDiscouraged) {
  /**
   * What a peer was good for. Each is hard to have for another reason than being a good peer: a low
   * ping needs to be near, a block first told needs work.
   *
   * @param minPingMillis the shortest ping; {@link Long#MAX_VALUE} before the first
   * @param usefulBlockMillis when it last told a new valid block first, 0 for never
   * @param usefulTransactionMillis when it last told a transaction first that was taken in, 0 for
   *     never
   */
  public record Merits(long minPingMillis, long usefulBlockMillis, long usefulTransactionMillis) {
    /** Those of a peer that just came. */
    public static final Merits NONE = new Merits(Long.MAX_VALUE, 0, 0);
  }
}
