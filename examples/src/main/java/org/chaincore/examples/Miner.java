package org.chaincore.examples;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.mining.BlockTemplate;
import org.chaincore.core.mining.TemplateResult;
import org.chaincore.core.pow.KernelChoice;
import org.chaincore.core.pow.NonceRange;
import org.chaincore.core.pow.NonceSearch;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;

/**
 * The machine's hash power, which works for one node after another. The core has no thread and no
 * clock; here are the ones it uses.
 */
final class Miner {
  private static final int TRIAL_NONCES = 500_000;

  /** Its target is 1: no nonce is good. */
  private static final BlockHeader HOPELESS =
      BlockHeader.of(1, Hash256.ZERO, Hash256.ZERO, 0, 0x0300_0001, 0);

  private static final double NANOS_PER_SECOND = 1e9;

  private final NonceSearch.Workers workers;
  private final Clock clock;
  private final Journal journal;

  Miner(ExecutorService executor, int threads, Clock clock, Journal journal) {
    this.workers =
        new NonceSearch.Workers(executor, threads, KernelChoice.measured(System::nanoTime));
    this.clock = clock;
    this.journal = journal;
  }

  /** Tells how fast this machine is. The first trial only warms it up. */
  double hashesPerSecond() {
    trialSeconds();
    return TRIAL_NONCES / trialSeconds();
  }

  private double trialSeconds() {
    NonceRange trial = NonceRange.of(0, TRIAL_NONCES);
    long start = System.nanoTime();
    NonceSearch.parallel(HOPELESS, trial, workers, () -> false).join();
    return (System.nanoTime() - start) / NANOS_PER_SECOND;
  }

  /**
   * A block with real work on top of a node's chain, not yet handed to anybody.
   *
   * @throws InterruptedException if the thread is interrupted while it waits for the clock
   */
  MinedBlock mine(DemoNode node) throws InterruptedException {
    BlockTemplate template = template(node);
    long start = System.nanoTime();
    long hashes = 0;
    for (int extraNonce = 0; ; extraNonce++) {
      BlockHeader header = template.withExtraNonce(signed(node, extraNonce)).header();
      NonceSearch.Result result =
          NonceSearch.parallel(header, NonceRange.ALL, workers, () -> false).join();
      if (result instanceof NonceSearch.Found found) {
        int nonce = found.header().nonce();
        Block block = template.withExtraNonce(signed(node, extraNonce)).block(nonce);
        hashes += Integer.toUnsignedLong(nonce) + 1;
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        return new MinedBlock(
            block, template.height(), node.name(), new MinedBlock.Effort(hashes, seconds));
      }
      hashes += NonceRange.SPACE;
    }
  }

  /** Waits, where the times of the last blocks ran ahead of the clock. */
  private BlockTemplate template(DemoNode node) throws InterruptedException {
    while (true) {
      TemplateResult result =
          node.engine().template(node.wallet().payout(), signed(node, 0), node.now());
      if (result instanceof TemplateResult.Ready ready) {
        return ready.template();
      }
      if (result instanceof TemplateResult.TooEarly early) {
        long waitMillis = Math.max(1, early.waitUntilSeconds() * 1_000 - clock.millis());
        journal.waits(node.name(), waitMillis);
        Thread.sleep(waitMillis);
      }
    }
  }

  /** The miner's name and a number: whatever a coinbase carries besides the height. */
  private static Bytes signed(DemoNode node, int extraNonce) {
    return Bytes.of((node.name() + " " + extraNonce).getBytes(StandardCharsets.UTF_8));
  }
}
