package org.chaincore.core.engine;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Target;
import org.jspecify.annotations.Nullable;

/**
 * What a chain must be, slow and obvious: it keeps every block it took, finds what it needs by
 * looking through all of them, and knows coins only by replaying a whole branch from genesis.
 */
final class ModelChain {
  /** A header that was taken. */
  static final class Known {
    final BlockHeader header;
    final @Nullable Known parent;
    final int height;

    /** Null while only the header is known. */
    @Nullable Block body;

    int bodyOrder;
    boolean broke;
    boolean refusedByHost;

    Known(BlockHeader header, @Nullable Known parent) {
      this.header = header;
      this.parent = parent;
      this.height = parent == null ? 0 : parent.height + 1;
    }

    Hash256 hash() {
      return header.hash();
    }

    boolean isInvalid() {
      return path().stream().anyMatch(known -> known.broke || known.refusedByHost);
    }

    /** From genesis to here. */
    List<Known> path() {
      List<Known> path = new ArrayList<>();
      for (Known at = this; at != null; at = at.parent) {
        path.add(at);
      }
      Collections.reverse(path);
      return path;
    }

    BigInteger work() {
      BigInteger work = BigInteger.ZERO;
      for (Known known : path()) {
        BigInteger target = Target.ofBits(known.header.bits()).toBigInteger();
        work = work.add(BigInteger.TWO.pow(256).divide(target.add(BigInteger.ONE)));
      }
      return work;
    }

    long medianTimePast() {
      List<Long> times = path().stream().map(known -> known.header.time()).toList();
      List<Long> last =
          new ArrayList<>(times.subList(Math.max(0, times.size() - 11), times.size()));
      Collections.sort(last);
      return last.get(last.size() / 2);
    }
  }

  private final int maxReorgDepth;
  private final Map<Hash256, Known> headers = new LinkedHashMap<>();
  private final List<Block> orphans = new ArrayList<>();
  private Known tip;
  private int bodies;

  ModelChain(Block genesis, int maxReorgDepth) {
    this.maxReorgDepth = maxReorgDepth;
    this.tip = new Known(genesis.header(), null);
    tip.body = genesis;
    headers.put(genesis.hash(), tip);
  }

  Known tip() {
    return tip;
  }

  Map<Hash256, Known> headers() {
    return headers;
  }

  List<Hash256> orphans() {
    return orphans.stream().map(Block::hash).toList();
  }

  void forgetOrphans() {
    orphans.clear();
  }

  /** Where the bodies of a path lie one on another, its coins. */
  Map<OutPoint, Coin> coins() {
    Map<OutPoint, Coin> coins = new HashMap<>();
    for (Known known : tip.path().subList(1, tip.height + 1)) {
      if (known.body == null || NaiveRules.connect(known.body, known.height, coins).isPresent()) {
        throw new AssertionError("the model chose a bad chain");
      }
    }
    return coins;
  }

  /** Takes a header, or says why not. */
  String acceptHeader(BlockHeader header, long now) {
    Known known = headers.get(header.hash());
    if (known != null) {
      return known.isInvalid() ? "rejected " + RejectionCode.KNOWN_INVALID : "known";
    }
    if (new BigInteger(1, reversed(header.hash().toWire()))
            .compareTo(Target.ofBits(header.bits()).toBigInteger())
        > 0) {
      return "rejected " + RejectionCode.HIGH_HASH;
    }
    Known parent = headers.get(header.previous());
    if (parent == null) {
      return "orphaned";
    }
    if (parent.isInvalid()) {
      return "rejected " + RejectionCode.INVALID_PARENT;
    }
    if (header.time() <= parent.medianTimePast()) {
      return "rejected " + RejectionCode.TIME_TOO_OLD;
    }
    if (header.time() > now + 60) {
      return "rejected " + RejectionCode.TIME_TOO_NEW;
    }
    if (header.version() < 4) {
      return "rejected " + RejectionCode.BAD_VERSION;
    }
    headers.put(header.hash(), new Known(header, parent));
    return "added";
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] turned = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      turned[i] = bytes[bytes.length - 1 - i];
    }
    return turned;
  }

  /** Takes a block, and says what becomes of it in the words of the test. */
  String accept(Block block, long now) {
    String outcome = offer(block, now);
    if (outcome.startsWith("accepted")) {
      recover(block.hash(), now);
    }
    return outcome;
  }

  private void recover(Hash256 first, long now) {
    List<Hash256> arrived = new ArrayList<>(List.of(first));
    for (int i = 0; i < arrived.size(); i++) {
      for (Block child : List.copyOf(orphans)) {
        if (child.header().previous().equals(arrived.get(i))) {
          orphans.remove(child);
          if (offer(child, now).startsWith("accepted")) {
            arrived.add(child.hash());
          }
        }
      }
    }
  }

  private String offer(Block block, long now) {
    String header = acceptHeader(block.header(), now);
    if (header.startsWith("rejected")) {
      return header;
    }
    if (header.equals("orphaned")) {
      return orphan(block);
    }
    Known known = Objects.requireNonNull(headers.get(block.hash()));
    String outcome = known.body != null ? "known" : place(block, known);
    boolean waitsForParentsBody = known.parent != null && known.parent.body == null;
    boolean leavesNoTrace = known.body == null && !known.isInvalid() && !waitsForParentsBody;
    if (header.equals("added") && leavesNoTrace) {
      headers.remove(block.hash());
    }
    if (!outcome.startsWith("rejected " + RejectionCode.KNOWN_INVALID) && known.isInvalid()) {
      dropOrphansAbove(block.hash());
    }
    return outcome;
  }

  private void dropOrphansAbove(Hash256 invalid) {
    for (Block child : List.copyOf(orphans)) {
      if (child.header().previous().equals(invalid)) {
        orphans.remove(child);
        dropOrphansAbove(child.hash());
      }
    }
  }

  private String orphan(Block block) {
    Optional<RejectionCode> fault = NaiveRules.checkAlone(block);
    if (fault.isPresent()) {
      return "rejected " + fault.get();
    }
    if (orphans.stream().noneMatch(orphan -> orphan.hash().equals(block.hash()))) {
      orphans.add(block);
    }
    return "orphaned";
  }

  private String place(Block block, Known known) {
    Known parent = known.parent;
    if (parent == null || parent.body == null) {
      return orphan(block);
    }
    Optional<RejectionCode> fault =
        NaiveRules.checkAlone(block)
            .or(() -> NaiveRules.checkPlace(block, known.height, parent.medianTimePast()));
    if (fault.isPresent()) {
      known.broke = !saysNothingOfTheHeader(fault.get());
      return "rejected " + fault.get();
    }
    boolean wins = known.work().compareTo(tip.work()) > 0 && depthTo(tip, known) <= maxReorgDepth;
    known.body = block;
    if (wins) {
      Optional<Fault> first = firstFault(known);
      if (first.isPresent()) {
        known.body = null;
        first.get().culprit.broke = true;
        return "rejected "
            + (first.get().culprit == known ? first.get().code : RejectionCode.INVALID_PARENT);
      }
      tip = known;
    }
    known.bodyOrder = ++bodies;
    return wins ? "accepted on chain" : "accepted aside";
  }

  private static boolean saysNothingOfTheHeader(RejectionCode code) {
    return switch (code) {
      case BAD_MERKLE_ROOT,
          MUTATED_TRANSACTIONS,
          TRANSACTION_OF_64_BYTES,
          BAD_WITNESS_COMMITMENT,
          UNEXPECTED_WITNESS ->
          true;
      default -> false;
    };
  }

  private record Fault(Known culprit, RejectionCode code) {}

  private static Optional<Fault> firstFault(Known end) {
    Map<OutPoint, Coin> coins = new HashMap<>();
    for (Known known : end.path().subList(1, end.height + 1)) {
      Block body = known.body;
      if (body == null) {
        throw new AssertionError("a body is missing");
      }
      Optional<RejectionCode> fault = NaiveRules.connect(body, known.height, coins);
      if (fault.isPresent()) {
        return Optional.of(new Fault(known, fault.get()));
      }
    }
    return Optional.empty();
  }

  private static int depthTo(Known from, Known to) {
    List<Known> path = to.path();
    int depth = 0;
    for (Known at = from; at != null && !path.contains(at); at = at.parent) {
      depth++;
    }
    return depth;
  }

  boolean invalidate(Hash256 hash) {
    Known known = headers.get(hash);
    if (known == null || known.parent == null) {
      return false;
    }
    if (!known.broke) {
      known.refusedByHost = true;
    }
    Known base = tip;
    while (base.isInvalid() && base.parent != null) {
      base = base.parent;
    }
    goToBest(base, base == tip ? 0 : maxReorgDepth);
    return true;
  }

  boolean reconsider(Hash256 hash) {
    Known known = headers.get(hash);
    if (known == null || known.parent == null) {
      return false;
    }
    for (Known other : headers.values()) {
      if (other.path().contains(known) || known.path().contains(other)) {
        other.broke = false;
        other.refusedByHost = false;
      }
    }
    goToBest(tip, Integer.MAX_VALUE);
    return true;
  }

  void allowDeepReorg() {
    goToBest(tip, Integer.MAX_VALUE);
  }

  /** The best of all headers whose branch has its bodies and proves valid when replayed. */
  private void goToBest(Known base, int maxDepth) {
    Known best = base;
    for (Known known : List.copyOf(headers.values())) {
      if (known.body != null
          && !known.isInvalid()
          && depthTo(base, known) <= maxDepth
          && isBetter(known, best)) {
        best = known;
      }
    }
    Optional<Fault> fault = firstFault(best);
    if (fault.isPresent()) {
      fault.get().culprit.broke = true;
      goToBest(base, maxDepth);
    } else {
      tip = best;
    }
  }

  private static boolean isBetter(Known a, Known b) {
    int byWork = a.work().compareTo(b.work());
    return byWork > 0 || (byWork == 0 && a.bodyOrder < b.bodyOrder);
  }
}
