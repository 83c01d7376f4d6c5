package org.chaincore.bench.heap;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.chaincore.bench.workload.LockReads;
import org.chaincore.bench.workload.MainnetHeaders;
import org.chaincore.bench.workload.MerkleRoots;
import org.chaincore.bench.workload.NonceScans;
import org.chaincore.bench.workload.PaymentBlocks;
import org.chaincore.bench.workload.RelayNode;
import org.chaincore.bench.workload.SignatureChecks;
import org.chaincore.bench.workload.Work;
import org.chaincore.core.block.Block;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.script.SignatureVerifier;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Sha256;
import org.chaincore.sync.codec.FrameDecoder;
import org.chaincore.sync.codec.FrameEncoder;
import org.chaincore.sync.codec.FrameLimits;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.TransactionMessage;
import org.chaincore.sync.sketch.Sketch;

/**
 * Bytes that one operation of each hot path takes of the heap, by the JVM's own count for the
 * thread, which is what JMH's {@code -prof gc} reads too. That one counts a benchmark's preparation
 * with it where each invocation has one, as most here have; so this is a program of its own. Each
 * path runs until the compilers are done with it, and the median of its last runs is quoted.
 *
 * <p>One JSON object a line; {@code message} is the size of the frame that an operation is about.
 *
 * <p>{@code java -cp chaincore-bench/target/benchmarks.jar org.chaincore.bench.heap.Allocations}
 */
public final class Allocations {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final long WARM_UP_NANOS = 3_000_000_000L;
  private static final int FEWEST_WARM_UPS = 15;
  private static final int RUNS = 7;
  private static final int PAYMENTS = 500;
  private static final int PEERS = 8;
  private static final int HEADERS = 2_000;
  private static final int CAPACITY = 128;

  private final PaymentBlocks blocks = PaymentBlocks.of(1, PAYMENTS);
  private Object last = "";

  private Allocations() {}

  /** So that nothing of a run can be left out. */
  private void keep(Object result) {
    if (result == last) {
      System.err.print("");
    }
    last = result;
  }

  /** Measures. */
  public static void main(String[] args) throws Exception {
    Allocations all = new Allocations();
    all.hashing();
    all.validation();
    all.codec();
    all.relay();
  }

  /** What one run takes; the preparation does not count. */
  private interface Counted {
    long bytes() throws Exception;
  }

  private void say(String path, String unit, int operations, long message, Counted run)
      throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < FEWEST_WARM_UPS || System.nanoTime() - start < WARM_UP_NANOS; i++) {
      run.bytes();
    }
    long[] bytes = new long[RUNS];
    for (int i = 0; i < RUNS; i++) {
      bytes[i] = run.bytes();
    }
    Arrays.sort(bytes);
    System.out.printf(
        Locale.ROOT,
        "{\"path\":\"%s\",\"bytes\":%.1f,\"message\":%d,\"unit\":\"%s\"}%n",
        path,
        (double) bytes[RUNS / 2] / operations,
        message,
        unit);
  }

  private void say(String path, String unit, Work work) throws Exception {
    say(
        path,
        unit,
        work.operations(),
        0,
        () -> {
          Work.Run run = work.preparation().prepare();
          long before = THREADS.getCurrentThreadAllocatedBytes();
          keep(run.run());
          return THREADS.getCurrentThreadAllocatedBytes() - before;
        });
  }

  private void hashing() throws Exception {
    byte[] header = new byte[80];
    new SplittableRandom(1).nextBytes(header);
    Sha256 hasher = Sha256.create();
    say("header_hash", "a header", new Work("", 1_000, () -> () -> hash(hasher, header)));
    say("nonce_search", "a nonce", NonceScans.prepare().chaincore());
    say("merkle_root", "a root of 2,000 ids", MerkleRoots.ofSeed(1).chaincore());
    say("lock_read", "a read", LockReads.chaincore());
    SignatureChecks checks = SignatureChecks.ofSeed(1);
    for (SignatureVerifier by :
        List.of(
            SignatureVerifier.best(),
            SignatureVerifier.pureJava(),
            SignatureVerifier.bouncyCastle())) {
      say("signature_verify", "a check, " + by, checks.chaincore(by));
    }
  }

  private static Object hash(Sha256 hasher, byte[] header) {
    Object hash = "";
    for (int i = 0; i < 1_000; i++) {
      hash = hasher.doubleHash(header, 0, header.length);
    }
    return hash;
  }

  private void validation() throws Exception {
    SignatureVerifier best = SignatureVerifier.best();
    say("header_acceptance", "a header, from bytes", MainnetHeaders.load().chaincore());
    say("block_connect", "a payment, unseen", blocks.connectUnseen(best));
    say("block_connect", "a payment that the mempool had", blocks.connectVerified(best));
    say("mempool_admit", "a payment", blocks.admit(best));
    ChainEngine full = blocks.waiting(best);
    KeyPair miner = KeyPair.ofSeed(new byte[32]);
    Work template =
        new Work(
            "",
            PAYMENTS,
            () ->
                () ->
                    full.template(
                        miner.payToWitnessPubkeyHash(), Bytes.EMPTY, blocks.nowSeconds()));
    say("mempool_template", "a payment in it", template);
    int[] ids = new SplittableRandom(1).ints(1_000, 1, Integer.MAX_VALUE).toArray();
    Sketch sketch = Sketch.ofCapacity(CAPACITY);
    for (int i = 0; i < CAPACITY; i++) {
      sketch.toggle(ids[i]);
    }
    String unit = " of capacity " + CAPACITY;
    say(
        "reconciliation_encode",
        "a sketch of 1,000 ids" + unit,
        new Work(
            "",
            1,
            () ->
                () -> {
                  Sketch made = Sketch.ofCapacity(CAPACITY);
                  made.toggleAll(ids);
                  return made;
                }));
    say(
        "reconciliation_decode",
        "a full sketch" + unit,
        new Work("", 1, () -> () -> sketch.decode(CAPACITY, 1)));
  }

  private void codec() throws Exception {
    Block block = blocks.first();
    codec("block of 500 payments", new BlockMessage(block));
    codec("payment", new TransactionMessage(blocks.firstPayments().get(0)));
    codec(
        "2,000 headers",
        new Headers(IntStream.range(0, HEADERS).mapToObj(block.header()::withNonce).toList()));
  }

  private void codec(String name, Message message) throws Exception {
    int magic = blocks.params().identity().magic();
    FrameEncoder encoder = FrameEncoder.of(magic);
    FrameLimits limits = FrameLimits.of(blocks.params());
    byte[] frame = encoder.encode(message);
    FrameDecoder decoder = FrameDecoder.of(magic, limits);
    say("codec_encode", name, 1, frame.length, () -> counted(() -> encoder.encode(message)));
    say("codec_decode", name, 1, frame.length, () -> counted(() -> decoder.feed(frame)));
  }

  private long counted(Work.Run run) throws Exception {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    keep(run.run());
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  private void relay() throws Exception {
    RelayNode sizes = RelayNode.of(blocks, 1);
    for (int peers : new int[] {1, PEERS}) {
      String to = ", to " + peers + (peers == 1 ? " peer" : " peers");
      step("announced and asked for", to, peers, sizes, RelayNode.Taken::announced);
      step("received and admitted", to, peers, sizes, RelayNode.Taken::received);
      step("told", to, peers, sizes, RelayNode.Taken::told);
      step("given", to, peers, sizes, RelayNode.Taken::given);
      step("in all", to, peers, sizes, RelayNode.Taken::all);
      say(
          "relay_block",
          "a block of 500 payments that the mempool had, to " + peers,
          1,
          sizes.blockBytes(),
          () -> {
            RelayNode node = RelayNode.of(blocks, peers);
            for (int i = 0; i < PAYMENTS; i++) {
              node.relayPayment(i);
            }
            return node.relayBlock().all();
          });
    }
  }

  private void step(
      String name, String to, int peers, RelayNode sizes, ToLongFunction<RelayNode.Taken> part)
      throws Exception {
    say(
        "relay_payment",
        name + to,
        PAYMENTS,
        sizes.paymentBytes(),
        () -> {
          RelayNode node = RelayNode.of(blocks, peers);
          long sum = 0;
          for (int i = 0; i < PAYMENTS; i++) {
            sum += part.applyAsLong(node.relayPayment(i));
          }
          return sum;
        });
  }
}
