package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.chaincore.sync.peer.PeerId;

/**
 * One round of asking peers for their tips, and what has come of it so far.
 *
 * <p>Not thread-safe; confined to {@link HeaderSync}.
 */
final class TipComparison {
  /** So many may wait for one round: stops a host that asks faster than peers answer. */
  static final int MAX_RECEIPTS = 64;

  private final long endsAtMillis;
  private final List<Long> receipts = new ArrayList<>();
  private final Set<PeerId> waiting = new LinkedHashSet<>();
  private int asked;
  private int answered;
  private long offered;
  private long added;
  private long known;
  private long bytes;

  /** A round that is not waited for any longer from then on. */
  TipComparison(long endsAtMillis) {
    this.endsAtMillis = endsAtMillis;
  }

  boolean isLate(long nowMillis) {
    return nowMillis >= endsAtMillis;
  }

  /** Somebody wants to know what comes of the round; false if too many do. */
  boolean join(long receipt) {
    return receipts.size() < MAX_RECEIPTS && receipts.add(receipt);
  }

  List<Long> receipts() {
    return receipts;
  }

  void asked(PeerId peer, long requestBytes) {
    if (waiting.add(peer)) {
      asked++;
    }
    bytes += requestBytes;
  }

  boolean awaits(PeerId peer) {
    return waiting.contains(peer);
  }

  /** A peer has answered: so many of its headers were new to us, so many were not. */
  void answered(PeerId peer, long newHeaders, long knownHeaders, long answerBytes) {
    if (waiting.remove(peer)) {
      answered++;
      added += newHeaders;
      known += knownHeaders;
      bytes += answerBytes;
    }
  }

  /** A peer turned out to lack so many of our headers. */
  void lacks(long headers) {
    offered += headers;
  }

  /** A peer will not answer. */
  void gone(PeerId peer) {
    waiting.remove(peer);
  }

  boolean isOver() {
    return waiting.isEmpty();
  }

  boolean hasSucceeded() {
    return answered > 0;
  }

  TaskFigures figures() {
    return new TaskFigures(asked, offered, added, added, known, bytes);
  }
}
