package org.chaincore.sync.peer;

import java.util.SplittableRandom;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.value.Bytes;

/**
 * What a node remembers of peers over a restart: the addresses that it knows, whom it does not want
 * to see, and whom it was connected to last. A host that keeps the bytes writes them when the node
 * stops, now and then while it runs, and soon after it starts: anchors are dialled once, and only
 * what was written after that has forgotten them.
 *
 * <p>Not thread-safe; confined to the protocol's thread once a protocol has it.
 */
public final class PeerMemory {
  /** More bytes than {@link #write} ever writes; a host need not read a larger file. */
  public static final int MAX_BYTES = 16 * 1024 * 1024;

  private static final CheckedSnapshot FRAME = new CheckedSnapshot(0x4d50_4343, 1);

  private final AddressBook book;
  private final BanList bans;
  private Anchors anchors;

  private PeerMemory(AddressBook book, BanList bans, Anchors anchors) {
    this.book = book;
    this.bans = bans;
    this.anchors = anchors;
  }

  /**
   * The memory of a node that has met nobody.
   *
   * @param k0 first half of a secret that no peer can guess
   * @param k1 second half
   */
  public static PeerMemory of(long k0, long k1, GroupingRule rule) {
    return new PeerMemory(AddressBook.of(k0, k1, rule), BanList.of(rule), Anchors.NONE);
  }

  /**
   * The memory of a node that has met nobody.
   *
   * @param seed where its secret comes from; in production from a source that nobody can guess
   */
  public static PeerMemory of(long seed, GroupingRule rule) {
    SplittableRandom random = new SplittableRandom(seed);
    return of(random.nextLong(), random.nextLong(), rule);
  }

  /**
   * A memory as it was when it was kept.
   *
   * @param snapshot as {@link #snapshot} gave it
   * @param rule the rule it was kept under
   * @param nowSeconds Unix seconds; times after this, by a clock that was wrong then, count as now
   * @throws MalformedBytesException if it is no snapshot, or of another rule
   */
  public static PeerMemory restore(Bytes snapshot, GroupingRule rule, long nowSeconds) {
    return ByteReader.readAll(snapshot.toArray(), "peers", in -> read(in, rule, nowSeconds));
  }

  /** All of it as it is now, at most {@link #MAX_BYTES}; the secret too, see {@link #write}. */
  public Bytes snapshot() {
    ByteWriter out = ByteWriter.create();
    write(out);
    return out.toBytes();
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param rule the rule it was written under
   * @param nowSeconds Unix seconds; times after this, by a clock that was wrong then, count as now
   * @throws MalformedBytesException if it is nothing that was written, or under another rule
   */
  public static PeerMemory read(ByteReader in, GroupingRule rule, long nowSeconds) {
    ByteReader content = FRAME.read(in);
    PeerMemory memory =
        new PeerMemory(
            AddressBook.read(content, rule, nowSeconds),
            BanList.read(content, rule, nowSeconds),
            Anchors.read(content));
    content.expectEnd("peers");
    return memory;
  }

  /** Writes all of it; the secret too, so this is for nobody else. */
  public void write(ByteWriter out) {
    ByteWriter content = ByteWriter.create();
    book.write(content);
    bans.write(content);
    anchors.write(content);
    FRAME.write(out, content);
  }

  /** The rule that addresses are grouped by. */
  public GroupingRule rule() {
    return book.rule();
  }

  /** The addresses that are known. */
  public AddressBook book() {
    return book;
  }

  /** Whom the node does not want to see. */
  public BanList bans() {
    return bans;
  }

  /** Whom to dial first after a start. */
  public Anchors anchors() {
    return anchors;
  }

  /** Keeps other anchors. */
  public void keep(Anchors newAnchors) {
    anchors = newAnchors;
  }

  /** The anchors, which are forgotten by this: one that can crash a node does it once. */
  public Anchors takeAnchors() {
    Anchors taken = anchors;
    anchors = Anchors.NONE;
    return taken;
  }
}
