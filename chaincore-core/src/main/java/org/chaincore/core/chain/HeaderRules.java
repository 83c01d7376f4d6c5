package org.chaincore.core.chain;

import java.util.OptionalInt;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.pow.ProofOfWork;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.value.Work;
import org.jspecify.annotations.Nullable;

/**
 * What a network demands of a header where it stands. Remembers nothing of the headers it judges.
 * Not thread-safe: a tree owns one.
 */
final class HeaderRules {
  private final ChainParams params;
  private final HeaderNode root;
  private final ProofOfWork proofOfWork;
  private final NodeAncestry ancestry;

  /**
   * The rules of a network.
   *
   * @param root where the headers begin that can be looked at
   */
  HeaderRules(ChainParams params, HeaderNode root) {
    this.params = params;
    this.root = root;
    this.proofOfWork = ProofOfWork.under(params.work().limit());
    this.ancestry = new NodeAncestry(root);
  }

  /** The work that a header claims. */
  Work work(BlockHeader header) {
    return proofOfWork.work(header.bits());
  }

  /** Whether a header has the work that it claims, and claims enough; null if so. */
  @Nullable Rejection checkWork(BlockHeader header) {
    return switch (proofOfWork.check(header)) {
      case VALID -> null;
      case BAD_BITS ->
          Rejection.of(
              RejectionCode.BAD_BITS, String.format("bits %08x are no target", header.bits()));
      case ABOVE_LIMIT ->
          Rejection.of(
              RejectionCode.BAD_BITS,
              String.format(
                  "bits %08x are easier than the limit %08x",
                  header.bits(), params.work().limit().bits()));
      case INSUFFICIENT ->
          Rejection.of(
              RejectionCode.HIGH_HASH,
              String.format(
                  "hash %s is above the target of bits %08x", header.hash(), header.bits()));
    };
  }

  /** The bits that the difficulty rule demands; empty where it looks below a trusted start. */
  OptionalInt requiredBits(BlockHeader header, HeaderNode parent) {
    return params.work().difficulty().requiredBits(ancestry.on(parent), header.time());
  }

  /**
   * Whether difficulty, time and version fit the place; null if so.
   *
   * @param required the {@link #requiredBits}
   */
  @Nullable Rejection checkPlace(
      BlockHeader header, OptionalInt required, HeaderNode parent, long nowSeconds) {
    if (required.isPresent() && required.getAsInt() != header.bits()) {
      return Rejection.of(
          RejectionCode.BAD_DIFFICULTY,
          String.format("bits %08x, the rule demands %08x", header.bits(), required.getAsInt()));
    }
    Rejection untimely = checkTime(header, parent, nowSeconds);
    return untimely != null ? untimely : checkVersion(header, parent.height() + 1);
  }

  private @Nullable Rejection checkTime(BlockHeader header, HeaderNode parent, long nowSeconds) {
    int span = params.time().medianSpanBlocks();
    boolean windowKnown = root.height() == 0 || parent.height() - span + 1 >= root.height();
    if (windowKnown && !isAfterMedianTime(header.time(), parent, span)) {
      return Rejection.of(
          RejectionCode.TIME_TOO_OLD,
          "time " + header.time() + " is not after the median " + parent.medianTimePast(span));
    }
    long latest = nowSeconds + params.time().maxFutureSeconds();
    if (header.time() > latest) {
      return Rejection.of(
          RejectionCode.TIME_TOO_NEW, "time " + header.time() + " is after " + latest);
    }
    return null;
  }

  /**
   * What is later than its parent is later than the median, so that only the others need a look at
   * the window: a parent was judged to lie after the median before it, and with it the window's
   * median moves up by one place at most, to the parent's time at the latest. That takes parents
   * that were judged, which those of a trusted start are not.
   */
  private boolean isAfterMedianTime(long time, HeaderNode parent, int span) {
    boolean isLater = root.height() == 0 && time > parent.header().time();
    return isLater || parent.isAfterMedianTime(time, span);
  }

  private @Nullable Rejection checkVersion(BlockHeader header, int height) {
    int minimum = params.activations().minimumVersion(height);
    return header.version() < minimum
        ? Rejection.of(
            RejectionCode.BAD_VERSION,
            "version " + header.version() + " at height " + height + ", at least " + minimum)
        : null;
  }
}
