package org.chaincore.core.pow;

import java.util.Locale;
import java.util.Optional;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Target;
import org.chaincore.core.value.Work;
import org.jspecify.annotations.Nullable;

/**
 * Judges the work of headers under a network's limit. It remembers the target it decoded last, as
 * long runs of headers share one: a check then allocates nothing.
 *
 * <p>That a header carries the bits its chain asks for is for the {@link DifficultyRule} to say;
 * this class says whether the hash bears them out.
 *
 * <p>Not thread-safe; confined to its owner. {@link #verdict} is free for all.
 */
public final class ProofOfWork {
  /** What a check finds. */
  public enum Verdict {
    /** The hash meets the target and the target is within the limit. */
    VALID,
    /** The compact bits are negative, zero, or overflow 256 bits. */
    BAD_BITS,
    /** The target is easier than the network allows. */
    ABOVE_LIMIT,
    /** The hash is above the target. */
    INSUFFICIENT
  }

  /** A decoded target with its work; neither changes. */
  private record Decoded(Target target, Work work) {}

  private final Target limit;
  private int lastBits;
  private @Nullable Decoded last;

  private ProofOfWork(Target limit) {
    this.limit = limit;
  }

  /** A checker of headers whose targets may not be above {@code limit}. */
  public static ProofOfWork under(Target limit) {
    return new ProofOfWork(limit);
  }

  /** The verdict on one hash, without a checker. */
  public static Verdict verdict(int bits, Hash256 hash, Target limit) {
    return Target.decode(bits).map(target -> verdict(target, hash, limit)).orElse(Verdict.BAD_BITS);
  }

  private static Verdict verdict(Target target, Hash256 hash, Target limit) {
    if (target.compareTo(limit) > 0) {
      return Verdict.ABOVE_LIMIT;
    }
    return target.isMetBy(hash) ? Verdict.VALID : Verdict.INSUFFICIENT;
  }

  public Verdict check(BlockHeader header) {
    return check(header.bits(), header.hash());
  }

  /** Judges a hash by the compact bits of its header. */
  public Verdict check(int bits, Hash256 hash) {
    Decoded decoded = decoded(bits);
    return decoded == null ? Verdict.BAD_BITS : verdict(decoded.target(), hash, limit);
  }

  /**
   * The work that a block with these bits is worth.
   *
   * @throws IllegalArgumentException if the bits are no target
   */
  public Work work(int bits) {
    Decoded decoded = decoded(bits);
    if (decoded == null) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "not a target: bits %08x", bits));
    }
    return decoded.work();
  }

  private @Nullable Decoded decoded(int bits) {
    Decoded known = last;
    if (known != null && bits == lastBits) {
      return known;
    }
    Optional<Target> target = Target.decode(bits);
    if (target.isEmpty()) {
      return null;
    }
    Decoded fresh = new Decoded(target.get(), target.get().work());
    last = fresh;
    lastBits = bits;
    return fresh;
  }
}
