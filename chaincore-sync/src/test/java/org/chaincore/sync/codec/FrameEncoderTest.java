package org.chaincore.sync.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.TransactionMessage;
import org.junit.jupiter.api.Test;

final class FrameEncoderTest {
  private final FrameEncoder encoder = FrameEncoder.of(Frames.MAGIC);

  private static Block block(int transactions) {
    List<Transaction> all = new ArrayList<>();
    all.add(TestBlocks.coinbase(1, TestBlocks.pay(1)));
    for (int i = 1; i < transactions; i++) {
      Transaction plain = TestBlocks.spend(List.of(TestBlocks.unknown(i)), TestBlocks.pay(i));
      TransactionInput signed = plain.inputs().get(0).withWitness(TestBlocks.SIGNATURE);
      all.add(plain.withInputs(List.of(signed)));
    }
    return TestBlocks.block(all);
  }

  @Test
  void encodeOnce_theSameBlockReadTwice_isWrittenOnce() {
    byte[] wire = block(5).toWire();
    byte[] first = encoder.encodeOnce(new BlockMessage(Block.parse(wire)));

    assertThat(encoder.encodeOnce(new BlockMessage(Block.parse(wire)))).isSameAs(first);
    assertThat(first).isEqualTo(Frames.encode(new BlockMessage(Block.parse(wire))));
  }

  @Test
  void encodeOnce_anotherFormOrMessage_isWrittenAnew() {
    Block block = block(5);
    Transaction transaction = block.transactions().get(3);
    List<Block> others = List.of(block(6), block(5));

    for (boolean withWitness : new boolean[] {true, false, true}) {
      BlockMessage asked = new BlockMessage(block, withWitness);
      TransactionMessage one = new TransactionMessage(transaction, withWitness);
      assertThat(encoder.encodeOnce(asked)).isEqualTo(Frames.encode(asked));
      assertThat(encoder.encodeOnce(one)).isEqualTo(Frames.encode(one));
    }
    for (Block other : others) {
      BlockMessage asked = new BlockMessage(other);
      assertThat(encoder.encodeOnce(asked)).isEqualTo(Frames.encode(asked));
    }
    assertThat(encoder.encodeOnce(new Ping(1))).isEqualTo(Frames.encode(new Ping(1)));
    assertThat(encoder.encodeOnce(new Ping(2))).isEqualTo(Frames.encode(new Ping(2)));
  }

  @Test
  void encode_headers_leaveHardlyMoreThanTheFrame() throws ReflectiveOperationException {
    var header = block(1).header();
    Headers message = new Headers(Collections.nCopies(Headers.MAX_HEADERS, header));
    Allocation allocation = new Allocation();
    int length = encoder.encode(message).length;
    allocation.bytes();

    long before = allocation.bytes();
    encoder.encode(message);

    assertThat(allocation.bytes() - before).isBetween((long) length, length + 10_000L);
    assertThat(Frames.decoder().feed(encoder.encode(message)))
        .containsExactly(new MessageFrame(message, length));
  }

  @Test
  void encode_block_leavesHardlyMoreThanTheFrame() throws ReflectiveOperationException {
    BlockMessage message = new BlockMessage(block(500));
    Allocation allocation = new Allocation();
    int length = encoder.encode(message).length;
    allocation.bytes();

    long before = allocation.bytes();
    encoder.encode(message);

    assertThat(allocation.bytes() - before).isBetween((long) length, length + 10_000L);
  }
}
