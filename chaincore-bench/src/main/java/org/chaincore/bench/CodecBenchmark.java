package org.chaincore.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.chaincore.bench.workload.PaymentBlocks;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.codec.Frame;
import org.chaincore.sync.codec.FrameDecoder;
import org.chaincore.sync.codec.FrameEncoder;
import org.chaincore.sync.codec.FrameLimits;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.Ping;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One message to bytes and back, checksum and all; {@code -prof gc} tells what it leaves behind.
 *
 * <p>{@code java -jar chaincore-bench/target/benchmarks.jar Codec}
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class CodecBenchmark {
  private static final int MAGIC = 0x62636e68;

  /** Which message. */
  @Param({"ping", "inv1000", "headers2000", "block500"})
  @SuppressWarnings("NullAway.Init") // By JMH.
  public String what;

  private final FrameEncoder encoder = FrameEncoder.of(MAGIC);

  @SuppressWarnings("NullAway.Init") // By the set-up.
  private FrameLimits limits;

  @SuppressWarnings("NullAway.Init") // By the set-up.
  private Message message;

  @SuppressWarnings("NullAway.Init") // By the set-up.
  private byte[] frame;

  /** Makes the message. */
  @Setup
  public void make() {
    PaymentBlocks blocks = PaymentBlocks.of(1, 500);
    limits = FrameLimits.of(blocks.params());
    message =
        switch (what) {
          case "ping" -> new Ping(1);
          case "inv1000" -> new Inventory(IntStream.range(0, 1_000).mapToObj(this::item).toList());
          case "headers2000" -> {
            var header = blocks.first().header();
            yield new Headers(IntStream.range(0, 2_000).mapToObj(header::withNonce).toList());
          }
          default -> new BlockMessage(blocks.first());
        };
    frame = encoder.encode(message);
  }

  private InventoryItem item(int number) {
    return new InventoryItem(InventoryType.TRANSACTION, Hash256.ofWords(number, 1, 2, 3));
  }

  /** To bytes. */
  @Benchmark
  public byte[] encode() {
    return encoder.encode(message);
  }

  /** Back. */
  @Benchmark
  public List<Frame> decode() {
    return FrameDecoder.of(MAGIC, limits).feed(frame);
  }
}
