package org.chaincore.core.archive;

import java.nio.channels.WritableByteChannel;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.store.ChainIdentity;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.store.StoreFault;

/**
 * Writes parts of a chain into channels, for {@link ChainImport}. What it writes is the chain as it
 * was at one moment, and the same bytes wherever it is the same chain. Blocks in the caller's
 * thread as long as disk and channel do, and holds up nobody. Stateless.
 */
public final class ChainExport {
  /** Headers of a frame. */
  static final int FRAME_HEADERS = 2_000;

  private ChainExport() {}

  /**
   * Writes headers.
   *
   * @param first the lowest height, at least 1
   * @param last the highest height, at least {@code first}, at most that of the chain
   * @return the bytes written
   * @throws ArchiveException if the channel fails
   * @throws IllegalArgumentException if the heights are not those of a part of the chain
   */
  public static long headers(ChainView chain, int first, int last, WritableByteChannel out) {
    requireRange(chain, first, last);
    FrameWriter archive = begin(ArchiveHead.Kind.HEADERS, chain, first, last, out);
    HeaderNode below = chain.at(first - 1).orElseThrow();
    for (int left = last - first + 1; left > 0; ) {
      List<HeaderNode> run = chain.above(below, Math.min(left, FRAME_HEADERS));
      archive.frame(frameOf(run.stream().map(HeaderNode::header).toList()));
      below = run.get(run.size() - 1);
      left -= run.size();
    }
    return archive.offset();
  }

  static byte[] frameOf(List<BlockHeader> headers) {
    ByteWriter frame = ByteWriter.ofExpectedSize(headers.size() * BlockHeader.BYTES);
    headers.forEach(header -> frame.bytes(header.toWire()));
    return frame.toArray();
  }

  /**
   * Writes blocks.
   *
   * @param first the lowest height, at least 1
   * @param last the highest height, at least {@code first}, at most that of the chain
   * @return the bytes written
   * @throws ArchiveException if the channel fails
   * @throws StoreException if the store is broken or has pruned a block; what was written until
   *     then is no whole archive
   * @throws IllegalArgumentException if the heights are not those of a part of the chain
   */
  public static long blocks(ChainEngine engine, int first, int last, WritableByteChannel out) {
    ChainView chain = engine.view();
    requireRange(chain, first, last);
    int pruned = engine.retention().prunedHeight();
    if (first <= pruned) {
      throw new StoreException(
          StoreFault.PRUNED, "blocks from " + first + " on, pruned are those up to " + pruned);
    }
    FrameWriter archive = begin(ArchiveHead.Kind.BLOCKS, chain, first, last, out);
    for (int height = first; height <= last; height++) {
      archive.frame(block(engine, chain, height).toWire());
    }
    return archive.offset();
  }

  private static Block block(ChainEngine engine, ChainView chain, int height) {
    HeaderNode node = chain.at(height).orElseThrow();
    return engine
        .block(node.hash())
        .orElseThrow(() -> new StoreException(StoreFault.PRUNED, node + " was pruned meanwhile"));
  }

  private static void requireRange(ChainView chain, int first, int last) {
    if (first < 1 || last < first || last > chain.height()) {
      throw new IllegalArgumentException(
          "heights " + first + ".." + last + " of a chain of height " + chain.height());
    }
  }

  private static FrameWriter begin(
      ArchiveHead.Kind kind, ChainView chain, int first, int last, WritableByteChannel out) {
    ChainIdentity network = ChainIdentity.of(chain.params());
    return new FrameWriter(out, new ArchiveHead(kind, network, first, last - first + 1L));
  }
}
