package org.chaincore.sync.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.chain.Locator;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.pow.ProofOfWork;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Work;

/**
 * A peer's chain of headers that has not shown enough work yet to be worth memory. It is downloaded
 * twice.
 *
 * <p><b>First pass.</b> Each header is checked and let go. What stays is the last header's hash,
 * the work so far, the times and bits of the last headers, which difficulty rules look at, and for
 * every {@link #COMMITMENT_PERIOD}th header one salted bit of its hash. When the work is enough,
 * the peer is asked for the same headers again.
 *
 * <p><b>Second pass.</b> The headers wait in a buffer while the bits of those behind them are
 * compared, and are released only from the far side of it: so a peer that shows a heavy chain first
 * and a light one then gets a header released only if {@link #BUFFER_HEADERS} / {@link
 * #COMMITMENT_PERIOD} bits that it cannot know agree by chance, one in 2⁶⁴.
 *
 * <p><b>What is checked in the first pass.</b> That headers follow each other and have the work
 * that they claim; the difficulty rule, as far as it looks no further back than {@link
 * WindowAncestry#WINDOW} headers, to the fork and below, or to the first two blocks; median time
 * and clock. Versions and checkpoints are left to the tree, which judges every released header in
 * full. A rule that cannot be checked costs nothing but time: the work that counts is that of the
 * hashes.
 *
 * <p><b>Memory.</b> At most {@link #MAX_COMMITMENT_BYTES}, the window, and in the second pass the
 * buffer and one message. A chain can have no more headers than its times allow, as the median must
 * rise: that bounds a peer with endless cheap headers long before the memory does.
 *
 * <p>Source: the headers presync of Bitcoin Core (headerssync.h), and the reasoning in its pull
 * request 25717.
 *
 * <p>Not thread-safe; confined to {@link HeaderSync}.
 */
final class LowWorkChain {
  /** One bit is kept for so many headers. */
  static final int COMMITMENT_PERIOD = 32;

  /** So many headers wait behind the one that is released. */
  static final int BUFFER_HEADERS = 64 * COMMITMENT_PERIOD;

  /** Stops an endless chain; enough for 268 million headers. */
  static final int MAX_COMMITMENT_BYTES = 1 << 20;

  private static final long MAX_HEADERS = (long) MAX_COMMITMENT_BYTES * 8 * COMMITMENT_PERIOD;

  /** What is to be done next. */
  enum Next {
    /** Ask for what follows {@link #locator()}. */
    ASK_ON,
    /** The work is shown; go on as with any chain. */
    SHOWN,
    /** It is not worth going on, which is no fault. */
    GIVE_UP,
    /** The peer broke a rule. */
    FAULT,
    /** The second pass is not the first. */
    CHANGED
  }

  private final ChainParams params;
  private final HeaderNode fork;
  private final Work needed;
  private final ProofOfWork proofOfWork;
  private final long salt;
  private final long multiplier;
  private final int offset;
  private final long mostHeaders;

  private long[] commitments = new long[8];
  private WindowAncestry ancestry;
  private Hash256 last;
  private Work work;
  private long count;
  private long committed;
  private boolean isSecondPass;
  private final Deque<BlockHeader> buffer = new ArrayDeque<>();
  private List<BlockHeader> released = List.of();
  private String fault = "";

  /**
   * A chain that forks off a known header.
   *
   * @param needed the work that it has to show, counted from the tree's root
   * @param random for the salt of the bits
   */
  LowWorkChain(
      ChainParams params, HeaderNode fork, Work needed, SplittableRandom random, long nowSeconds) {
    this.params = params;
    this.fork = fork;
    this.needed = needed;
    this.proofOfWork = ProofOfWork.under(params.work().limit());
    this.salt = random.nextLong();
    this.multiplier = random.nextLong() | 1;
    this.offset = random.nextInt(COMMITMENT_PERIOD);
    this.mostHeaders = mostHeaders(nowSeconds);
    this.ancestry = new WindowAncestry(fork);
    this.last = fork.hash();
    this.work = fork.chainWork();
  }

  /** The median of n times rises by a second at least every n / 2 + 1 headers. */
  private long mostHeaders(long nowSeconds) {
    int span = params.time().medianSpanBlocks();
    long latest = nowSeconds + params.time().maxFutureSeconds();
    long seconds = Math.max(0, latest - fork.medianTimePast(span)) + 1;
    return Math.min(MAX_HEADERS, seconds * (span / 2 + 1) + span);
  }

  /** Whether a header follows the last one taken. */
  boolean isFollowedBy(BlockHeader header) {
    return header.previous().equals(last);
  }

  /**
   * Takes the next headers, whose work and order have been checked.
   *
   * @param isFull whether more may follow
   */
  Next take(List<BlockHeader> headers, boolean isFull, long nowSeconds) {
    released = List.of();
    Next next = isSecondPass ? compare(headers) : weigh(headers, nowSeconds);
    if (next != Next.ASK_ON) {
      return next;
    }
    boolean beginsAgain = isSecondPass && count == 0;
    return isFull || beginsAgain ? next : Next.GIVE_UP;
  }

  private Next weigh(List<BlockHeader> headers, long nowSeconds) {
    for (BlockHeader header : headers) {
      Next bad = check(header, nowSeconds);
      if (bad != Next.ASK_ON) {
        return bad;
      }
      count++;
      if (count > mostHeaders) {
        fault = "more than the " + mostHeaders + " headers that times allow";
        return Next.FAULT;
      }
      if (count % COMMITMENT_PERIOD == offset) {
        commit(bitOf(header.hash()));
      }
      advance(header);
      ancestry.add(header.time(), header.bits());
      if (work.compareTo(needed) >= 0) {
        beginAgain();
        return Next.ASK_ON;
      }
    }
    return Next.ASK_ON;
  }

  private Next check(BlockHeader header, long nowSeconds) {
    OptionalInt required = required(header);
    if (required.isPresent() && required.getAsInt() != header.bits()) {
      fault = String.format("bits %08x, the rule demands %08x", header.bits(), required.getAsInt());
      return Next.FAULT;
    }
    if (!ancestry.isAfterMedian(header.time(), params.time().medianSpanBlocks())) {
      fault = "time " + header.time() + " is not after the median";
      return Next.FAULT;
    }
    boolean isEarly = header.time() > nowSeconds + params.time().maxFutureSeconds();
    return isEarly ? Next.GIVE_UP : Next.ASK_ON;
  }

  private OptionalInt required(BlockHeader header) {
    try {
      return params.work().difficulty().requiredBits(ancestry, header.time());
    } catch (WindowAncestry.Forgotten e) {
      return OptionalInt.empty();
    }
  }

  private void beginAgain() {
    isSecondPass = true;
    committed = count;
    count = 0;
    last = fork.hash();
    work = fork.chainWork();
    ancestry = new WindowAncestry(fork);
  }

  private Next compare(List<BlockHeader> headers) {
    List<BlockHeader> good = new ArrayList<>();
    boolean isShown = false;
    for (BlockHeader header : headers) {
      count++;
      boolean differs =
          count % COMMITMENT_PERIOD == offset && bitAt(bits(count)) != bitOf(header.hash());
      if (!isShown && (count > committed || differs)) {
        return Next.CHANGED;
      }
      advance(header);
      buffer.add(header);
      isShown |= work.compareTo(needed) >= 0;
    }
    while (isShown ? !buffer.isEmpty() : buffer.size() > BUFFER_HEADERS) {
      good.add(buffer.remove());
    }
    released = good;
    return isShown ? Next.SHOWN : Next.ASK_ON;
  }

  private void advance(BlockHeader header) {
    last = header.hash();
    work = work.plus(proofOfWork.work(header.bits()));
  }

  /** How many bits lie before that of the header with this number. */
  private long bits(long number) {
    return (number - (offset == 0 ? COMMITMENT_PERIOD : offset)) / COMMITMENT_PERIOD;
  }

  private void commit(boolean bit) {
    long index = bits(count);
    int word = (int) (index >>> 6);
    if (word >= commitments.length) {
      commitments = Arrays.copyOf(commitments, commitments.length * 2);
    }
    if (bit) {
      commitments[word] |= 1L << index;
    }
  }

  private boolean bitAt(long index) {
    int word = (int) (index >>> 6);
    return word < commitments.length && (commitments[word] & 1L << index) != 0;
  }

  /** A bit that nobody can foretell who does not know the salt, and that is never told. */
  private boolean bitOf(Hash256 hash) {
    long mixed = ((hash.word(0) ^ salt) * multiplier) ^ hash.word(1);
    mixed = (mixed ^ (mixed >>> 32)) * multiplier;
    return mixed < 0;
  }

  /** What the last headers taken set free for the tree, lowest first. */
  List<BlockHeader> released() {
    return released;
  }

  /** What the peer did wrong. */
  String fault() {
    return fault;
  }

  /** Where to ask on. */
  Locator locator() {
    List<Hash256> hashes = new ArrayList<>();
    if (!last.equals(fork.hash())) {
      hashes.add(last);
    }
    hashes.addAll(Locator.of(fork).hashes());
    return new Locator(hashes.subList(0, Math.min(hashes.size(), Locator.MAX_HASHES)));
  }

  boolean isSecondPass() {
    return isSecondPass;
  }

  /** How many headers of this pass have come. */
  long count() {
    return count;
  }

  /** Bytes that grow with the chain, headers in the buffer apart. */
  long commitmentBytes() {
    return commitments.length * 8L;
  }

  int buffered() {
    return buffer.size();
  }
}
