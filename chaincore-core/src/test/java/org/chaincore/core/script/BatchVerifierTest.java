package org.chaincore.core.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.fixture.LentThreads;
import org.chaincore.core.fixture.MarkedSignatures;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.script.BatchVerifier.Failure;
import org.chaincore.core.script.BatchVerifier.Spending;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class BatchVerifierTest {
  /** Refuses marked signatures, and counts who is checking. */
  private static class CountingSignatures implements SignatureVerifier {
    final SignatureVerifier marked = new MarkedSignatures();
    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger busy = new AtomicInteger();

    @Override
    public boolean verifyEcdsa(PublicKey key, EcdsaSignature signature, Hash256 digest) {
      throw new AssertionError("taproot only");
    }

    @Override
    public boolean verifySchnorr(XOnlyPublicKey key, Bytes signature, Bytes message) {
      asked.incrementAndGet();
      busy.incrementAndGet();
      try {
        return answer(key, signature, message);
      } finally {
        busy.decrementAndGet();
      }
    }

    boolean answer(XOnlyPublicKey key, Bytes signature, Bytes message) {
      return marked.verifySchnorr(key, signature, message);
    }
  }

  private static Spending spending(int number, List<Witness> witnesses) {
    List<TransactionInput> inputs = new ArrayList<>();
    for (int i = 0; i < witnesses.size(); i++) {
      OutPoint coin = new OutPoint(Hash256.ofWords(number, 5, 5, 5), i);
      inputs.add(TransactionInput.spending(coin).withWitness(witnesses.get(i)));
    }
    return new Spending(
        Transaction.of(2, inputs, List.of(TestBlocks.pay(number)), 0),
        Collections.nCopies(witnesses.size(), TestBlocks.pay(1)));
  }

  private static Spending good(int number, int inputs) {
    return spending(number, Collections.nCopies(inputs, TestBlocks.SIGNATURE));
  }

  /** Bad here and there, in signature or form. */
  private static List<Spending> random(RandomGenerator random, int size) {
    List<Spending> spendings = new ArrayList<>();
    int rarity = 1 + random.nextInt(20 * size);
    for (int i = 0; i < size; i++) {
      List<Witness> witnesses = new ArrayList<>();
      for (int inputs = 1 + random.nextInt(random.nextInt(8) == 0 ? 100 : 4);
          inputs > 0;
          inputs--) {
        witnesses.add(
            switch (random.nextInt(rarity)) {
              case 0 -> MarkedSignatures.bad();
              case 1 -> Witness.EMPTY;
              default -> TestBlocks.SIGNATURE;
            });
      }
      spendings.add(spending(i, witnesses));
    }
    return spendings;
  }

  private static Optional<Failure> oneByOne(List<Spending> spendings) {
    InputVerifier verifier = InputVerifier.of(new MarkedSignatures());
    for (int i = 0; i < spendings.size(); i++) {
      Spending spending = spendings.get(i);
      Optional<ScriptFailure> failure =
          verifier.verifyAll(spending.transaction(), spending.spentOutputs());
      if (failure.isPresent()) {
        return Optional.of(new Failure(i, failure.get()));
      }
    }
    return Optional.empty();
  }

  @ParameterizedTest
  @EnumSource
  void verify_anyTransactionsWithAnyExecutor_reportsWhatOneByOneDoes(LentThreads.Kind kind) {
    try (LentThreads threads = LentThreads.of(kind)) {
      CountingSignatures signatures = new CountingSignatures();
      BatchVerifier verifier = BatchVerifier.of(signatures, threads.workers());
      SeededRun.of(150, 40)
          .check(
              (random, size) -> {
                List<Spending> spendings = random(random, size);

                Optional<Failure> failure = verifier.verify(spendings);

                assertThat(signatures.busy).hasValue(0);
                int asked = signatures.asked.get();
                threads.runLate();
                assertThat(signatures.asked).hasValue(asked);
                assertThat(failure).isEqualTo(oneByOne(spendings));
              });
    }
  }

  @Test
  void verify_goodTransactions_asksOnceForEachInput() {
    try (LentThreads threads = LentThreads.of(LentThreads.Kind.POOL)) {
      CountingSignatures signatures = new CountingSignatures();

      BatchVerifier.of(signatures, threads.workers()).verify(List.of(good(1, 333), good(2, 1)));

      assertThat(signatures.asked).hasValue(334);
      assertThat(threads.tasks()).isEqualTo(3);
    }
  }

  @Test
  void verify_fewInputs_asksNobodyForHelp() {
    try (LentThreads threads = LentThreads.of(LentThreads.Kind.POOL)) {
      BatchVerifier verifier = BatchVerifier.of(new CountingSignatures(), threads.workers());

      assertThat(verifier.verify(List.of())).isEmpty();
      assertThat(verifier.verify(List.of(good(1, SharedChecks.CHUNK)))).isEmpty();

      assertThat(threads.tasks()).isZero();
    }
  }

  @Test
  void verify_badFirstTransaction_leavesMostOfTheRestAlone() {
    CountingSignatures signatures = new CountingSignatures();
    List<Spending> spendings =
        List.of(spending(1, List.of(MarkedSignatures.bad())), good(2, 5_000));

    BatchVerifier.of(signatures, SignatureWorkers.NONE).verify(spendings);

    assertThat(signatures.asked).hasValue(1);
  }

  @Test
  void verify_helperThatFails_isDoneAgainByTheCaller() {
    Thread caller = Thread.currentThread();
    AtomicBoolean hasFailed = new AtomicBoolean();
    CountingSignatures signatures =
        new CountingSignatures() {
          @Override
          boolean answer(XOnlyPublicKey key, Bytes signature, Bytes message) {
            if (Thread.currentThread() != caller) {
              hasFailed.set(true);
              throw new StackOverflowError("in a small thread");
            }
            while (!hasFailed.get()) {
              Thread.onSpinWait();
            }
            return super.answer(key, signature, message);
          }
        };
    SignatureWorkers quiet =
        new SignatureWorkers(
            task -> {
              Thread helper = new Thread(task);
              helper.setUncaughtExceptionHandler((thread, error) -> {});
              helper.start();
            },
            4);
    List<Spending> spendings = List.of(good(1, 500), spending(2, List.of(MarkedSignatures.bad())));

    assertThat(BatchVerifier.of(signatures, quiet).verify(spendings))
        .isEqualTo(oneByOne(spendings))
        .isPresent();
  }

  @Test
  void verify_verifierThatFailsEverywhere_failsInTheCallerWithNobodyLeftInside() {
    CountingSignatures signatures =
        new CountingSignatures() {
          @Override
          boolean answer(XOnlyPublicKey key, Bytes signature, Bytes message) {
            throw new IllegalStateException("broken library");
          }
        };
    try (LentThreads threads = LentThreads.of(LentThreads.Kind.CALLER)) {
      BatchVerifier verifier = BatchVerifier.of(signatures, threads.workers());

      assertThatThrownBy(() -> verifier.verify(List.of(good(1, 100))))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("broken library");
      assertThat(signatures.busy).hasValue(0);
    }
  }

  @Test
  void verify_interruptedWhileAHelperIsInside_waitsForItAndStaysInterrupted() {
    Thread caller = Thread.currentThread();
    AtomicBoolean isHelped = new AtomicBoolean();
    CountingSignatures signatures =
        new CountingSignatures() {
          @Override
          boolean answer(XOnlyPublicKey key, Bytes signature, Bytes message) {
            if (Thread.currentThread() == caller) {
              while (!isHelped.get()) {
                Thread.onSpinWait();
              }
            } else {
              isHelped.set(true);
              // Until the caller has done all the rest and waits, as it must.
              while (caller.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
              }
            }
            return super.answer(key, signature, message);
          }
        };
    try (LentThreads threads = LentThreads.of(LentThreads.Kind.POOL)) {
      BatchVerifier verifier =
          BatchVerifier.of(signatures, new SignatureWorkers(threads.workers().executor(), 2));
      caller.interrupt();

      assertThat(verifier.verify(List.of(good(1, 100)))).isEmpty();

      assertThat(Thread.interrupted()).isTrue();
      assertThat(signatures.busy).hasValue(0);
      assertThat(signatures.asked).hasValue(100);
    }
  }

  @Test
  void verify_realSignaturesOfEveryKindInManyThreads_areGoodUntilOneIsChanged() {
    TransactionSigner signer = TransactionSigner.of(Signer.best());
    KeyPair key = Samples.key(1);
    List<TransactionOutput> spent = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      SpendableTemplate template =
          switch (i % 3) {
            case 0 -> key.payToPubkeyHash();
            case 1 -> key.payToWitnessPubkeyHash();
            default -> key.payToTaproot();
          };
      spent.add(Samples.output(i, template));
    }
    int[] types = {1, 2, 3, 0x81, 0x82, 0x83};
    Transaction signed = Samples.unsigned(120, 120);
    SignatureHasher hashes = SignatureHasher.of(signed, spent);
    for (int i = 0; i < 120; i++) {
      Transaction one = signer.sign(hashes, i, key, types[i % 7 % 6]);
      List<TransactionInput> inputs = new ArrayList<>(signed.inputs());
      inputs.set(i, one.inputs().get(i));
      signed = signed.withInputs(inputs);
    }
    List<TransactionOutput> others = new ArrayList<>(signed.outputs());
    others.set(77, Samples.output(1, key.payToTaproot()));
    Transaction changed =
        Transaction.of(signed.version(), signed.inputs(), others, signed.lockTime());
    try (LentThreads threads = LentThreads.of(LentThreads.Kind.POOL)) {
      BatchVerifier verifier = BatchVerifier.of(SignatureVerifier.best(), threads.workers());

      assertThat(verifier.verify(List.of(new Spending(signed, spent)))).isEmpty();
      ScriptFailure expected =
          InputVerifier.of(SignatureVerifier.best()).verifyAll(changed, spent).orElseThrow();
      assertThat(
              verifier.verify(List.of(new Spending(signed, spent), new Spending(changed, spent))))
          .contains(new Failure(1, expected));
    }
  }

  @Test
  void workers_outsideTheirRange_areRefused() {
    assertThatThrownBy(() -> new SignatureWorkers(Runnable::run, 0))
        .hasMessageContaining("1..1024");
    assertThatThrownBy(() -> new SignatureWorkers(Runnable::run, 1_025))
        .hasMessageEndingWith("1025");
  }
}
