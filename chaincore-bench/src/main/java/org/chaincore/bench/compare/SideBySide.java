package org.chaincore.bench.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chaincore.bench.workload.LockReads;
import org.chaincore.bench.workload.MainnetHeaders;
import org.chaincore.bench.workload.MerkleRoots;
import org.chaincore.bench.workload.NonceScans;
import org.chaincore.bench.workload.PaymentBlocks;
import org.chaincore.bench.workload.SignatureChecks;
import org.chaincore.bench.workload.Work;
import org.chaincore.core.script.SignatureVerifier;

/**
 * Runs ChainCore and its peers in turn in one process, and prints one JSON object a line for each
 * comparison. On a shared machine only the ratio of two runs side by side means something, so that
 * is what is computed: run by run, by the thread's CPU time, and the median quoted.
 *
 * <p>{@code ratio} is how many times better ChainCore is, {@code goal} what it should be. A peer
 * that is a bound and no competitor is named {@code limit: …}.
 *
 * <p>{@code java -cp chaincore-bench/target/benchmarks.jar org.chaincore.bench.compare.SideBySide}
 * runs all; {@code headers}, {@code hashing}, {@code signatures}, {@code locks} and {@code blocks}
 * behind it run those groups alone, and {@code quick} with less patience.
 */
public final class SideBySide {
  /** Until the compilers are done, also on a busy machine. */
  private static final Effort FULL = new Effort(6_000_000_000L, 15);

  /** For a first look, and for a check of what has been lost. */
  private static final Effort QUICK = new Effort(2_500_000_000L, 7);

  private static final int BLOCKS = 4;
  private static final int PAYMENTS = 500;

  private final Effort effort;

  private SideBySide(Effort effort) {
    this.effort = effort;
  }

  /** How long each comparison is warmed up, and how many pairs of runs are measured. */
  private record Effort(long warmUpNanos, int runs) {}

  /** Runs all comparisons, or those of the named groups. */
  public static void main(String[] args) throws Exception {
    List<String> wanted = new ArrayList<>(List.of(args));
    boolean isQuick = wanted.remove("quick");
    new SideBySide(isQuick ? QUICK : FULL).run(wanted);
  }

  private void run(List<String> wanted) throws Exception {
    Map<String, Comparisons> groups = new LinkedHashMap<>();
    groups.put("headers", this::headers);
    groups.put("hashing", this::hashing);
    groups.put("signatures", this::signatures);
    groups.put("locks", this::locks);
    groups.put("blocks", this::blocks);
    for (Map.Entry<String, Comparisons> group : groups.entrySet()) {
      if (wanted.isEmpty() || wanted.contains(group.getKey())) {
        group.getValue().run();
      }
    }
  }

  /** Some comparisons that are run together. */
  private interface Comparisons {
    void run() throws Exception;
  }

  private void headers() throws Exception {
    MainnetHeaders headers = MainnetHeaders.load();
    String perSecond = "headers per CPU-second";
    say(new Comparison("header_acceptance", 3, perSecond), headers.chaincore(), headers.bitcoinj());
    say(new Comparison("header_acceptance", 1, perSecond), headers.chaincore(), headers.bareLoop());
    say(
        new Comparison("header_acceptance", 0.3, perSecond),
        headers.chaincore(),
        headers.hashesOnly());
  }

  private void locks() throws Exception {
    String reads = "reads per CPU-second";
    say(new Comparison("lock_read", 0.67, reads), LockReads.chaincore(), LockReads.jdk());
  }

  private void hashing() throws Exception {
    NonceScans nonces = NonceScans.prepare();
    String perSecond = "nonces per CPU-second";
    say(new Comparison("nonce_search", 1.5, perSecond), nonces.chaincore(), nonces.messageDigest());
    say(
        new Comparison("nonce_search", 1, perSecond),
        nonces.chaincore(),
        nonces.chaincoreByDigest());
    say(new Comparison("nonce_search", 3, perSecond), nonces.chaincore(), nonces.bitcoinj());
    say(new Comparison("nonce_search", 8, perSecond), nonces.chaincore(), nonces.bouncyCastle());
    MerkleRoots roots = MerkleRoots.ofSeed(1);
    String trees = "roots of " + MerkleRoots.LEAVES + " ids per CPU-second";
    say(new Comparison("merkle_root", 1, trees), roots.chaincore(), roots.hashesOnly());
    say(new Comparison("merkle_root", 1, trees), roots.chaincore(), roots.bitcoinj());
  }

  private void signatures() throws Exception {
    SignatureChecks checks = SignatureChecks.ofSeed(1);
    SignatureVerifier plain = SignatureVerifier.bouncyCastle();
    say(
        new Comparison("signature_verify", 1, "checks per CPU-second, " + plain),
        checks.chaincore(plain),
        checks.bitcoinj());
    Optional<SignatureVerifier> nativeOne = SignatureVerifier.libsecp256k1();
    if (nativeOne.isPresent()) {
      SignatureVerifier fast = nativeOne.get();
      String unit = "checks per CPU-second, " + fast;
      say(
          new Comparison("signature_verify", 0.9, unit),
          checks.chaincore(fast),
          checks.libsecp256k1());
      say(new Comparison("signature_verify", 3, unit), checks.chaincore(fast), checks.bitcoinj());
    }
  }

  private void blocks() throws Exception {
    PaymentBlocks blocks = PaymentBlocks.of(BLOCKS, PAYMENTS);
    for (SignatureVerifier verifier : verifiers()) {
      String unit = "payments per CPU-second, " + verifier;
      say(
          new Comparison("block_connect", 0.9, unit),
          blocks.connect(verifier),
          blocks.signaturesOnly(verifier));
      say(
          new Comparison("block_connect_verified", 10, unit),
          blocks.connectVerified(verifier),
          blocks.connectUnseen(verifier));
    }
  }

  private static List<SignatureVerifier> verifiers() {
    SignatureVerifier plain = SignatureVerifier.bouncyCastle();
    return SignatureVerifier.libsecp256k1()
        .map(fast -> List.of(fast, plain))
        .orElse(List.of(plain));
  }

  /** What is compared. */
  private record Comparison(String metric, double goal, String unit) {}

  private void say(Comparison comparison, Work ours, Work theirs) throws Exception {
    long start = System.nanoTime();
    while (System.nanoTime() - start < effort.warmUpNanos) {
      rate(ours);
      rate(theirs);
    }
    double[] ourRates = new double[effort.runs];
    double[] theirRates = new double[effort.runs];
    double[] ratios = new double[effort.runs];
    for (int i = 0; i < effort.runs; i++) {
      ourRates[i] = rate(ours);
      theirRates[i] = rate(theirs);
      ratios[i] = ourRates[i] / theirRates[i];
    }
    Ratio measured =
        new Ratio(
            comparison.metric,
            median(ourRates),
            median(theirRates),
            theirs.name(),
            median(ratios),
            comparison.goal,
            comparison.unit,
            effort.runs,
            spread(ratios));
    System.out.println(measured.toJson());
  }

  /** Operations in a second of the thread's CPU time. */
  private static double rate(Work work) throws Exception {
    Work.Run run = work.preparation().prepare();
    long start = CpuClock.nanos();
    Object result = run.run();
    long nanos = CpuClock.nanos() - start;
    if (result.hashCode() == 0x5eed) {
      System.err.print("");
    }
    return work.operations() * 1e9 / nanos;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** The middle half of the ratios, as a part of their median. */
  private static double spread(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[sorted.length * 3 / 4] - sorted[sorted.length / 4]) / median(values);
  }
}
