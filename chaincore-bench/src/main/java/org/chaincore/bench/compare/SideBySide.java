package org.chaincore.bench.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chaincore.bench.workload.CompiledNonces;
import org.chaincore.bench.workload.LockReads;
import org.chaincore.bench.workload.MainnetHeaders;
import org.chaincore.bench.workload.MemoryDownload;
import org.chaincore.bench.workload.MerkleRoots;
import org.chaincore.bench.workload.NonceScans;
import org.chaincore.bench.workload.PaymentBlocks;
import org.chaincore.bench.workload.RoundTrips;
import org.chaincore.bench.workload.SignatureChecks;
import org.chaincore.bench.workload.StoreAppends;
import org.chaincore.bench.workload.TcpDownload;
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
 * <p>What works in one thread is measured by that thread's CPU time. What works in several, or
 * waits for a disk or the network, is measured on the wall: syncs, round trips, and the store.
 *
 * <p>{@code java -cp chaincore-bench/target/benchmarks.jar org.chaincore.bench.compare.SideBySide}
 * runs all in less than ten minutes; {@code headers}, {@code hashing}, {@code signatures}, {@code
 * locks}, {@code blocks}, {@code sync}, {@code network} and {@code store} behind it run those
 * groups alone, and {@code quick} with less patience.
 */
public final class SideBySide {
  /** Until the compilers are done, also on a busy machine. */
  private static final Effort FULL = new Effort(6_000_000_000L, 15);

  /** For a first look, and for a check of what has been lost. */
  private static final Effort QUICK = new Effort(2_500_000_000L, 7);

  private static final int BLOCKS = 4;
  private static final int PAYMENTS = 500;
  private static final int MEMORY_BLOCKS = 20_000;
  private static final int TCP_BLOCKS = 100;
  private static final int TCP_PAYMENTS = 100;
  private static final int TRIPS = 5_000;
  private static final String CORE = "limit: core connect rate";

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
    groups.put("sync", this::sync);
    groups.put("network", this::network);
    groups.put("store", this::store);
    if (!groups.keySet().containsAll(wanted)) {
      System.err.println("groups: " + String.join(" ", groups.keySet()) + "; or quick");
      System.exit(2);
    }
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
    Optional<CompiledNonces> compiled = CompiledNonces.compile();
    if (compiled.isPresent()) {
      Work ours = nonces.chaincore();
      say(
          new Comparison("nonce_search", 0.35, perSecond),
          "limit: C with SHA instructions",
          () -> rate(ours),
          () -> nonces.compiledRate(compiled.get()));
    }
    MerkleRoots roots = MerkleRoots.ofSeed(1);
    String trees = "roots of " + MerkleRoots.LEAVES + " ids per CPU-second";
    say(new Comparison("merkle_root", 1, trees), roots.chaincore(), roots.hashesOnly());
    say(new Comparison("merkle_root", 1, trees), roots.chaincore(), roots.bitcoinj());
  }

  private void signatures() throws Exception {
    SignatureChecks checks = SignatureChecks.ofSeed(1);
    SignatureVerifier plain = SignatureVerifier.pureJava();
    Comparison inJava = new Comparison("signature_verify", 2, "checks per CPU-second, " + plain);
    say(inJava, checks.chaincore(plain), checks.bouncyCastle());
    say(inJava, checks.chaincore(plain), checks.bitcoinj());
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

  private void sync() throws Exception {
    MemoryDownload memory = MemoryDownload.of(MEMORY_BLOCKS);
    say(
        new Comparison("sync_in_memory", 0.6, "empty blocks per second, " + memory.blocks()),
        CORE,
        () -> memory.blocks() / memory.seconds(),
        () -> memory.blocks() / memory.connectSeconds());
    String unit = "payments per second, " + TCP_BLOCKS + " blocks of " + TCP_PAYMENTS;
    double payments = (double) TCP_BLOCKS * TCP_PAYMENTS;
    try (TcpDownload tcp = TcpDownload.of(TCP_BLOCKS, TCP_PAYMENTS)) {
      say(
          new Comparison("sync_over_tcp", 0.7, unit),
          CORE,
          () -> payments / tcp.seconds(),
          () -> payments / tcp.connectSeconds());
    }
  }

  private void network() throws Exception {
    try (RoundTrips trips = RoundTrips.start()) {
      say(
          new Comparison("round_trip", 0.5, "round trips of 32 bytes per second, by the median"),
          "limit: bare Netty",
          () -> 1e6 / trips.micros(TRIPS),
          () -> 1e6 / trips.bareMicros(TRIPS));
    }
  }

  private void store() throws Exception {
    try (StoreAppends appends = StoreAppends.begin()) {
      say(
          new Comparison("store_append", 0.6, "blocks of 20 kB per second, fsync for each"),
          "limit: bare file",
          appends::rate,
          appends::bareRate);
    }
  }

  private static List<SignatureVerifier> verifiers() {
    SignatureVerifier plain = SignatureVerifier.pureJava();
    return SignatureVerifier.libsecp256k1()
        .map(fast -> List.of(fast, plain))
        .orElse(List.of(plain));
  }

  /** What is compared. */
  private record Comparison(String metric, double goal, String unit) {}

  /** One of the two that are compared: operations a second of one run. */
  private interface Side {
    double rate() throws Exception;
  }

  private void say(Comparison comparison, Work ours, Work theirs) throws Exception {
    say(comparison, theirs.name(), () -> rate(ours), () -> rate(theirs));
  }

  private void say(Comparison comparison, String peerName, Side ours, Side theirs)
      throws Exception {
    long start = System.nanoTime();
    while (System.nanoTime() - start < effort.warmUpNanos) {
      double unused = ours.rate() + theirs.rate();
    }
    double[] ourRates = new double[effort.runs];
    double[] theirRates = new double[effort.runs];
    double[] ratios = new double[effort.runs];
    for (int i = 0; i < effort.runs; i++) {
      ourRates[i] = ours.rate();
      theirRates[i] = theirs.rate();
      ratios[i] = ourRates[i] / theirRates[i];
    }
    Ratio measured =
        new Ratio(
            comparison.metric,
            median(ourRates),
            median(theirRates),
            peerName,
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
