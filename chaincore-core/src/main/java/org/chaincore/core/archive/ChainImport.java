package org.chaincore.core.archive;

import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.chain.HeaderOutcome;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.engine.HeadersOutcome;
import org.chaincore.core.store.ChainIdentity;
import org.chaincore.core.value.Sha256;

/**
 * Reads headers or blocks from a channel and offers them to an engine, which judges them like those
 * of a peer: an archive is believed nothing. Goes in steps, so that the host can do other things
 * between, show how far it is, and stop and {@link #resume} later. What the engine has already is
 * passed over.
 *
 * <p>After an {@link ArchiveException} what came before the named offset is in the engine, and the
 * import is over. Not thread-safe.
 */
public final class ChainImport {
  /** Offered blocks come from the host. */
  private static final long HOST = 0;

  private static final Place START = new Place(ArchiveHead.BYTES, 0);

  private final ChainEngine engine;
  private final ArchiveHead head;
  private final FrameReader frames;
  private long done;

  /**
   * How far an import is. Immutable.
   *
   * @param offset where the next frame begins
   * @param done how many headers or blocks were read
   */
  public record Place(long offset, long done) {}

  private ChainImport(
      ChainEngine engine, ArchiveHead.Kind kind, ReadableByteChannel in, Place from) {
    this.engine = engine;
    int maxFrameBytes =
        kind == ArchiveHead.Kind.HEADERS
            ? ChainExport.FRAME_HEADERS * BlockHeader.BYTES
            : engine.params().limits().maxWeight();
    this.head =
        ArchiveHead.read(
            new FrameReader(in, 0, maxFrameBytes).head(), kind, ChainIdentity.of(engine.params()));
    if (head.count() < 0) {
      throw new ArchiveException(ArchiveFault.DAMAGED, 0, head.count() + " items");
    }
    this.done = from.done;
    this.frames = new FrameReader(in, from.offset, maxFrameBytes);
  }

  /**
   * Begins to import headers.
   *
   * @throws ArchiveException if the channel holds no headers of the engine's network
   */
  public static ChainImport headers(ReadableByteChannel in, ChainEngine engine) {
    return new ChainImport(engine, ArchiveHead.Kind.HEADERS, in, START);
  }

  /**
   * Begins to import blocks.
   *
   * @throws ArchiveException if the channel holds no blocks of the engine's network
   */
  public static ChainImport blocks(ReadableByteChannel in, ChainEngine engine) {
    return new ChainImport(engine, ArchiveHead.Kind.BLOCKS, in, START);
  }

  /**
   * Goes on with an import of blocks where another one was.
   *
   * @param in the same archive, at its first byte
   * @param from where {@link #place} was; a false place is noticed by the checksum of its frame
   */
  public static ChainImport resume(SeekableByteChannel in, ChainEngine engine, Place from) {
    ChainImport resumed = new ChainImport(engine, ArchiveHead.Kind.BLOCKS, in, from);
    try {
      in.position(from.offset);
    } catch (IOException | IllegalArgumentException e) {
      throw new ArchiveException(ArchiveFault.IO, from.offset, "cannot go there", e);
    }
    return resumed;
  }

  /** Where it is. */
  public Place place() {
    return new Place(frames.offset(), done);
  }

  /** How many headers or blocks the archive says it has. */
  public long count() {
    return head.count();
  }

  /** The height of the first of them, as the archive says. */
  public int firstHeight() {
    return head.firstHeight();
  }

  public boolean isDone() {
    return done >= head.count();
  }

  /**
   * Imports some frames: a block each, or up to 2,000 headers each.
   *
   * @param mostFrames how many at most
   * @param nowSeconds the node's clock, Unix seconds
   * @return whether there are more
   * @throws ArchiveException if the archive is broken, or breaks a rule; the engine has all that
   *     came before
   */
  public boolean step(int mostFrames, long nowSeconds) {
    for (int i = 0; i < mostFrames && !isDone(); i++) {
      if (head.kind() == ArchiveHead.Kind.HEADERS) {
        headers(nowSeconds);
      } else {
        block(nowSeconds);
      }
      if (isDone()) {
        frames.expectEnd();
      }
    }
    return !isDone();
  }

  private void headers(long nowSeconds) {
    List<BlockHeader> headers = frames.frame("headers", ChainImport::readHeaders);
    if (headers.isEmpty() || headers.size() > head.count() - done) {
      throw frames.wrong(
          ArchiveFault.DAMAGED,
          headers.size() + " headers, " + (head.count() - done) + " are left");
    }
    HeadersOutcome outcome = engine.acceptHeaders(headers, nowSeconds);
    HeaderOutcome stop = outcome.stoppedBy();
    if (stop != null) {
      throw frames.wrong(
          ArchiveFault.REFUSED,
          "header " + (done + outcome.added() + outcome.known()) + " of the archive: " + stop);
    }
    done += headers.size();
  }

  static List<BlockHeader> readHeaders(ByteReader in) {
    Sha256 hasher = Sha256.create();
    List<BlockHeader> headers = new ArrayList<>(in.remaining() / BlockHeader.BYTES);
    while (in.remaining() > 0) {
      headers.add(BlockHeader.read(in, hasher));
    }
    return headers;
  }

  private void block(long nowSeconds) {
    Block block = frames.frame("block", in -> Block.read(in, Sha256.create()));
    BlockOutcome outcome = engine.accept(block, HOST, nowSeconds);
    if (outcome instanceof BlockOutcome.Rejected rejected) {
      throw frames.wrong(ArchiveFault.REFUSED, block + ": " + rejected.rejection());
    }
    if (outcome instanceof BlockOutcome.Orphaned orphaned) {
      throw frames.wrong(
          ArchiveFault.REFUSED, block + " stands on " + orphaned.missingParent() + ", not there");
    }
    done++;
  }
}
