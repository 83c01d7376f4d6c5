package org.chaincore.store.rocks;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.chaincore.core.value.Hash256;
import org.chaincore.store.codec.IndexMark;
import org.chaincore.store.database.Batch;
import org.chaincore.store.database.Table;

/**
 * How far one index is, and the blocks of the chain above that, which wait for it. An index always
 * stands at a block of the chain: a block that leaves is taken out of what waits, or else out of
 * the index; one that joins waits behind the others, or goes into the index if none waits. Not
 * thread-safe but for {@link #mark}; confined to the writer.
 */
final class IndexState {
  private final IndexWriter writer;

  /** Sequences, lowest block first. */
  private final Deque<Integer> waiting;

  private volatile IndexMark mark;

  IndexState(IndexWriter writer, IndexMark mark, Deque<Integer> waiting) {
    this.writer = writer;
    this.mark = mark;
    this.waiting = new ArrayDeque<>(waiting);
  }

  IndexMark mark() {
    return mark;
  }

  /** The blocks to index next, lowest first. */
  List<Integer> next(int most) {
    return waiting.stream().limit(most).toList();
  }

  /** A change on its way into a batch; nothing here changes until it is adopted. */
  final class Change {
    private final Batch batch;
    private final List<Integer> joined = new ArrayList<>();
    private IndexMark to = mark;
    private int left;
    private int taken;

    private Change(Batch batch) {
      this.batch = batch;
    }

    private boolean waits() {
      return waiting.size() - left - taken + joined.size() > 0;
    }

    /** The top block leaves; {@code block} is asked for only if the index knows it. */
    void disconnect(BlockSource block) {
      if (waits()) {
        left++;
        return;
      }
      IndexWriter.OnChain known = block.get();
      writer.disconnect(known, batch);
      to = new IndexMark(known.body().header().previous(), known.height() - 1);
    }

    /** A block joins. */
    void connect(int sequence, BlockSource block) {
      if (waits()) {
        joined.add(sequence);
      } else {
        index(block.get());
      }
    }

    /** The first of those that wait is indexed. */
    void take(IndexWriter.OnChain block) {
      taken++;
      index(block);
    }

    private void index(IndexWriter.OnChain block) {
      writer.connect(block, batch);
      to = new IndexMark(block.body().hash(), block.height());
    }

    /** All is in the batch. */
    void end() {
      batch.put(Table.META, writer.markKey(), to.toBytes());
    }

    /** The batch is written. */
    void adopt() {
      for (int i = 0; i < taken; i++) {
        waiting.removeFirst();
      }
      for (int i = 0; i < left; i++) {
        waiting.removeLast();
      }
      waiting.addAll(joined);
      mark = to;
    }
  }

  Change change(Batch batch) {
    return new Change(batch);
  }

  /** Where a block is had from when it is needed. */
  @FunctionalInterface
  interface BlockSource {
    IndexWriter.OnChain get();
  }

  /** At nothing but genesis. */
  static IndexMark none(Hash256 genesis) {
    return new IndexMark(genesis, 0);
  }
}
