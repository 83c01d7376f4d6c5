package org.chaincore.core.archive;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.ledger.CoinEncoding;
import org.chaincore.core.store.CoinSnapshots;
import org.chaincore.core.store.CoinSnapshots.Entry;
import org.jspecify.annotations.Nullable;

/**
 * The coins of a snapshot as they are read: in order, none twice, as many as were promised, and at
 * the end of the hash that is trusted. That there is an end is only said when all of it was right.
 * Not thread-safe.
 */
final class SnapshotCoins implements Iterator<Entry> {
  private final FrameReader frames;
  private final CoinSetHash.Id expected;
  private final CoinSetHash hash;
  private final Deque<Entry> ready = new ArrayDeque<>();
  private @Nullable OutPoint last;
  private long left;
  private boolean isEnded;

  SnapshotCoins(FrameReader frames, CoinSetHash.Id expected) {
    this.frames = frames;
    this.expected = expected;
    this.left = expected.count();
    this.hash = CoinSetHash.of(expected.block(), expected.height(), expected.count());
  }

  @Override
  public boolean hasNext() {
    if (ready.isEmpty() && left > 0) {
      List<Entry> frame = frames.frame("coins", SnapshotCoins::readCoins);
      if (frame.isEmpty() || frame.size() > left) {
        throw frames.wrong(ArchiveFault.DAMAGED, frame.size() + " coins, " + left + " are left");
      }
      frame.forEach(this::add);
      left -= frame.size();
    }
    if (ready.isEmpty() && !isEnded) {
      end();
    }
    return !ready.isEmpty();
  }

  private void add(Entry entry) {
    OutPoint before = last;
    if (before != null && CoinSnapshots.ORDER.compare(before, entry.outPoint()) >= 0) {
      throw frames.wrong(
          ArchiveFault.DAMAGED, "coin " + entry.outPoint() + " stands behind " + before);
    }
    last = entry.outPoint();
    hash.add(entry.outPoint(), entry.coin());
    ready.add(entry);
  }

  private static List<Entry> readCoins(ByteReader in) {
    List<Entry> coins = new ArrayList<>();
    while (in.remaining() > 0) {
      OutPoint outPoint = new OutPoint(in.hash("coin txid"), in.int32("coin index"));
      Coin coin = CoinEncoding.read(in);
      coins.add(new Entry(outPoint, coin));
    }
    return coins;
  }

  private void end() {
    frames.expectEnd();
    if (!hash.result().equals(expected.hash())) {
      throw frames.wrong(ArchiveFault.UNTRUSTED, "coins are not those of hash " + expected.hash());
    }
    isEnded = true;
  }

  @Override
  public Entry next() {
    if (!hasNext()) {
      throw new NoSuchElementException("no more coins");
    }
    return ready.remove();
  }
}
