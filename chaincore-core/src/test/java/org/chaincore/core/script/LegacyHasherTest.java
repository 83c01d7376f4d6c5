package org.chaincore.core.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.junit.jupiter.api.Test;

/** The hash that shares what it can beside one that writes each preimage out from its rules. */
class LegacyHasherTest {
  private static final int[] TYPES = {0, 1, 2, 3, 0x81, 0x82, 0x83, 0x1f, 0xff, 0x12345602};

  private static Hash256 writtenOut(Transaction transaction, int at, Bytes script, int type) {
    int outputs = type & 0x1f;
    List<TransactionInput> inputs = new ArrayList<>();
    for (int i = 0; i < transaction.inputs().size(); i++) {
      TransactionInput input = transaction.inputs().get(i);
      if (i == at) {
        inputs.add(
            new TransactionInput(input.previousOutput(), script, input.sequence(), Witness.EMPTY));
      } else if ((type & 0x80) == 0) {
        long sequence = outputs == 2 || outputs == 3 ? 0 : input.sequence();
        inputs.add(
            new TransactionInput(input.previousOutput(), Bytes.EMPTY, sequence, Witness.EMPTY));
      }
    }
    ByteWriter out = ByteWriter.create().int32(transaction.version()).compactSize(inputs.size());
    for (TransactionInput input : inputs) {
      OutPoint spent = input.previousOutput();
      out.hash(spent.txid()).int32(spent.index());
      out.varBytes(input.scriptSig()).uint32(input.sequence());
    }
    int count = outputs == 2 ? 0 : outputs == 3 ? at + 1 : transaction.outputs().size();
    out.compactSize(count);
    for (int i = 0; i < count; i++) {
      TransactionOutput output =
          outputs == 3 && i < at
              ? new TransactionOutput(-1, Bytes.EMPTY)
              : transaction.outputs().get(i);
      out.int64(output.units()).varBytes(output.script());
    }
    out.uint32(transaction.lockTime()).int32(type);
    return Sha256.doubleHash(out.toArray());
  }

  private static Transaction any(RandomGenerator random, int size) {
    List<TransactionInput> inputs = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      inputs.add(
          new TransactionInput(
              new OutPoint(Samples.randomHash(random), random.nextInt()),
              Samples.randomBytes(random, random.nextInt(120)),
              random.nextLong(1L << 32),
              Witness.EMPTY));
    }
    List<TransactionOutput> outputs = new ArrayList<>();
    for (int i = 1 + random.nextInt(size); i > 0; i--) {
      outputs.add(
          new TransactionOutput(
              random.nextLong(1_000_000), Samples.randomBytes(random, random.nextInt(40))));
    }
    return Transaction.of(random.nextInt(), inputs, outputs, random.nextLong(1L << 32));
  }

  @Test
  void hash_anyInputsInAnyOrderByAnyThread_isThatOfThePreimageWrittenOut() {
    SeededRun.of(200, 60)
        .check(
            (random, size) -> {
              Transaction transaction = any(random, size);
              List<TransactionOutput> spent =
                  transaction.inputs().stream()
                      .map(input -> new TransactionOutput(0, Bytes.EMPTY))
                      .toList();
              SignatureHasher first = SignatureHasher.of(transaction, spent);
              SignatureHasher beside = first.beside(Sha256.create(), ByteWriter.create());
              int input = 0;
              for (int i = 0; i < 2 * size; i++) {
                input = random.nextBoolean() ? (input + 1) % size : random.nextInt(size);
                int type = TYPES[random.nextInt(TYPES.length)];
                if ((type & 0x1f) == 3 && input >= transaction.outputs().size()) {
                  continue;
                }
                Bytes script = Samples.key(random.nextInt(9)).payToPubkeyHash().script();
                SignatureHasher hasher = random.nextBoolean() ? first : beside;

                assertThat(hasher.legacy(input, script, type))
                    .isEqualTo(writtenOut(transaction, input, script, type));
              }
            });
  }
}
