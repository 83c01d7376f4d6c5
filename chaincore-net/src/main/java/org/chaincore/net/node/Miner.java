package org.chaincore.net.node;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.mining.BlockTemplate;
import org.chaincore.core.mining.TemplateResult;
import org.chaincore.core.pow.KernelChoice;
import org.chaincore.core.pow.NonceRange;
import org.chaincore.core.pow.NonceSearch;
import org.chaincore.core.script.SpendableTemplate;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.LittleEndian;
import org.chaincore.core.value.Sha256;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for blocks in short turns on an executor, so that a thread that is lent is never held for
 * long. A template lives until the tip moves, or a while, so that new payments get in.
 *
 * <p>Thread-safe; one turn is under way at a time.
 */
final class Miner {
  private static final Logger LOG = LoggerFactory.getLogger(Miner.class);

  /** How long a turn lasts. */
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** After so long a template is made anew. */
  private static final long TEMPLATE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** After a failure, and while the clock runs behind the chain. */
  private static final long PAUSE_MILLIS = 1_000;

  /** How often the hash rate is told. */
  private static final long RATE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final int EXTRA_NONCE_BYTES = 8;

  private static final Bytes SALT = Bytes.of("chaincore miner".getBytes(StandardCharsets.UTF_8));

  private final ChainEngine engine;
  private final ScheduledExecutorService executor;
  private final Plan plan;
  private final LongSupplier clockMillis;
  private final LongConsumer hashRate;
  private final AtomicLong extraNonce;
  private final KernelChoice kernels = KernelChoice.measured(System::nanoTime);
  private final ReentrantLock turning = new ReentrantLock();
  private volatile boolean isStopped;
  private volatile long lastRate;

  // Confined to the turn.
  private @Nullable BlockTemplate template;
  private @Nullable HeaderNode parent;
  private long madeAtNanos;
  private long nextNonce;
  private long hashes;
  private long countedSinceNanos;

  /**
   * What is mined.
   *
   * @param payout who is paid
   * @param intervalSeconds so long after its parent a block comes at the earliest, 0 for as soon as
   *     it is found
   * @param seed where the search begins, so that two miners do not do the same work
   */
  record Plan(SpendableTemplate payout, long intervalSeconds, long seed) {}

  Miner(
      ChainEngine engine,
      ScheduledExecutorService executor,
      Plan plan,
      LongSupplier clockMillis,
      LongConsumer hashRate) {
    this.engine = engine;
    this.executor = executor;
    this.plan = plan;
    this.clockMillis = clockMillis;
    this.hashRate = hashRate;
    this.extraNonce = new AtomicLong(firstExtraNonce(plan.seed));
  }

  /**
   * What everybody reads in a block must not tell the seed, on which the node's other chance hangs.
   */
  private static long firstExtraNonce(long seed) {
    ByteWriter salted = ByteWriter.create();
    salted.bytes(SALT);
    salted.int64(seed);
    return LittleEndian.getLong(Sha256.hash(salted.toBytes().toArray()), 0);
  }

  void start() {
    countedSinceNanos = System.nanoTime();
    again(0);
  }

  /**
   * No turn begins after this.
   *
   * @param within how long to wait for one that is under way, which may just have found a block;
   *     they are short
   * @return whether it has ended
   */
  boolean stop(Duration within) throws InterruptedException {
    isStopped = true;
    if (!turning.tryLock(within.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    turning.unlock();
    return true;
  }

  long hashesPerSecond() {
    return lastRate;
  }

  private void again(long millis) {
    if (isStopped) {
      return;
    }
    try {
      var unused = executor.schedule(this::turn, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closing) {
      isStopped = true;
    }
  }

  private void turn() {
    long pause = PAUSE_MILLIS;
    turning.lock();
    try {
      if (isStopped) {
        return;
      }
      pause = mine();
      tellRate();
    } catch (StoreException broken) {
      LOG.warn("cannot mine while the store fails: {}", broken.getMessage());
    } catch (RuntimeException broken) {
      LOG.error("mining failed", broken);
    } finally {
      turning.unlock();
    }
    again(pause);
  }

  /** One turn; how many milliseconds to wait for the next. */
  private long mine() {
    HeaderNode tip = engine.view().tip();
    long waitMillis = plan.intervalSeconds == 0 ? 0 : millisUntil(tip);
    if (waitMillis > 0) {
      return Math.min(waitMillis, PAUSE_MILLIS);
    }
    BlockTemplate work = work(tip);
    return work == null ? PAUSE_MILLIS : search(work);
  }

  private long millisUntil(HeaderNode tip) {
    // Genesis may be of any time: nothing is waited for above it.
    return tip.height() == 0
        ? 0
        : (tip.header().time() + plan.intervalSeconds) * 1_000 - clockMillis.getAsLong();
  }

  private @Nullable BlockTemplate work(HeaderNode tip) {
    BlockTemplate there = template;
    boolean isOld = System.nanoTime() - madeAtNanos > TEMPLATE_NANOS;
    if (there != null && tip == parent && !isOld) {
      return there;
    }
    template = null;
    Bytes nonce = extraNonceBytes();
    TemplateResult result = engine.template(plan.payout, nonce, nowSeconds());
    if (result instanceof TemplateResult.Ready ready) {
      template = ready.template();
      parent = tip;
      madeAtNanos = System.nanoTime();
      nextNonce = 0;
    }
    return template;
  }

  private Bytes extraNonceBytes() {
    ByteWriter out = ByteWriter.ofExpectedSize(EXTRA_NONCE_BYTES);
    out.int64(extraNonce.getAndIncrement());
    return out.toBytes();
  }

  private long search(BlockTemplate work) {
    long until = System.nanoTime() + TURN_NANOS;
    NonceSearch.Result result =
        NonceSearch.search(
            work.header(),
            NonceRange.from(nextNonce),
            kernels,
            () -> isStopped || engine.view().tip() != parent || System.nanoTime() - until > 0);
    if (result instanceof NonceSearch.Found found) {
      hashes += Integer.toUnsignedLong(found.header().nonce()) - nextNonce + 1;
      template = null;
      offer(work, found.header());
    } else if (result instanceof NonceSearch.Cancelled cancelled) {
      hashes += cancelled.nextNonce() - nextNonce;
      nextNonce = cancelled.nextNonce();
    } else {
      hashes += NonceRange.SPACE - nextNonce;
      template = null;
    }
    return 0;
  }

  private void offer(BlockTemplate work, BlockHeader header) {
    BlockOutcome outcome = engine.accept(work.block(header.nonce()), 0, nowSeconds());
    if (outcome instanceof BlockOutcome.Rejected refused) {
      LOG.warn("our own block {} is refused: {}", header.hash(), refused.rejection());
    } else {
      LOG.debug("found block {} at {}", header.hash(), work.height());
    }
  }

  private void tellRate() {
    long nanos = System.nanoTime() - countedSinceNanos;
    if (nanos >= RATE_NANOS) {
      long rate = (long) (hashes / (nanos / 1e9));
      hashes = 0;
      countedSinceNanos += nanos;
      if (Math.abs(rate - lastRate) > lastRate / 10) {
        lastRate = rate;
        hashRate.accept(rate);
      }
    }
  }

  private long nowSeconds() {
    return Math.floorDiv(clockMillis.getAsLong(), 1_000L);
  }
}
