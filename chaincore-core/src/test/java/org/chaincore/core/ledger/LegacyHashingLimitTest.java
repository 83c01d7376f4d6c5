package org.chaincore.core.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.config.BlockLimits;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.Networks;
import org.chaincore.core.config.PolicyLimits;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.mempool.Mempool;
import org.chaincore.core.mempool.MempoolContext;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.rules.RejectionCode;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;

/** How much may be hashed for the legacy signatures of one transaction. */
class LegacyHashingLimitTest {
  private static final int LIMIT = 1_000_000;
  private static final ChainParams LIMITED = network(LIMIT);
  private static final ChainParams UNLIMITED = network(BlockLimits.NO_LIMIT);
  private static final int INPUTS = 90;

  /** What each input of these transactions must have, so that all together are just within. */
  private static final int WITHIN = LIMIT / INPUTS;

  private final KeyPair key = KeyPair.ofSeed(new byte[32]);
  private final Map<OutPoint, Coin> coins = new LinkedHashMap<>();
  private final CountingVerifier verifier = new CountingVerifier();
  private final SignatureChecks signatures = SignatureChecks.of(verifier, 100);

  private static ChainParams network(int maxLegacyHashedBytes) {
    return TestHeaders.network()
        .limits(new BlockLimits(400_000, 80_000, 80, maxLegacyHashedBytes))
        .build();
  }

  private static SpendContext context() {
    return new SpendContext(200, 0, below -> 0);
  }

  /** A transaction of so many bytes without witnesses, of which so many inputs are P2PKH. */
  private Transaction transaction(int legacyInputs, int bytes) {
    List<TransactionInput> inputs = new ArrayList<>();
    for (int i = 0; i < INPUTS; i++) {
      OutPoint coin = TestBlocks.unknown(i);
      Bytes script = i < legacyInputs ? key.payToPubkeyHash().script() : TestBlocks.pay(0).script();
      coins.put(coin, new Coin(new TransactionOutput(1_000_000, script), 1, false));
      inputs.add(TransactionInput.spending(coin));
    }
    List<TransactionOutput> outputs = List.of(TestBlocks.pay(1));
    int size = Transaction.of(2, inputs, outputs, 0).strippedSize();
    // The length of the script has two bytes more than that of none.
    Bytes filler = Bytes.of(new byte[bytes - size - 2]);
    inputs.set(
        0,
        new TransactionInput(
            inputs.get(0).previousOutput(), filler, inputs.get(0).sequence(), Witness.EMPTY));
    Transaction made = Transaction.of(2, inputs, outputs, 0);
    assertThat(made.strippedSize()).isEqualTo(bytes);
    return made;
  }

  private SpendResult judge(ChainParams params, Transaction transaction) {
    return SpendRules.of(params).check(transaction, coins::get, context());
  }

  @Test
  void check_atTheLimit_isSpendable() {
    assertThat(judge(LIMITED, transaction(INPUTS, WITHIN)))
        .isInstanceOf(SpendResult.Spendable.class);
  }

  @Test
  void check_aByteAboveTheLimit_isRefused() {
    SpendResult result = judge(LIMITED, transaction(INPUTS, WITHIN + 1));

    assertThat(((SpendResult.Refused) result).rejection().toString())
        .contains("bad-txns-legacy-hashing")
        .contains("90 P2PKH inputs times 11112 bytes above 1000000");
  }

  @Test
  void check_withOneLegacyInputLess_isSpendable() {
    assertThat(judge(LIMITED, transaction(INPUTS - 1, WITHIN + 1)))
        .isInstanceOf(SpendResult.Spendable.class);
  }

  @Test
  void check_whereThereIsNoLimit_isSpendable() {
    assertThat(judge(UNLIMITED, transaction(INPUTS, 5 * WITHIN)))
        .isInstanceOf(SpendResult.Spendable.class);
  }

  @Test
  void connect_ofABlockAboveTheLimit_isRefusedBeforeAnySignature() {
    Transaction costly = transaction(INPUTS, WITHIN + 1);
    ConnectResult result =
        Ledger.of(LIMITED, signatures)
            .connect(
                TestBlocks.block(TestBlocks.coinbase(200, TestBlocks.pay(0)), costly),
                CoinChanges.on(coins::get),
                context());

    assertThat(((ConnectResult.Refused) result).rejection().code())
        .isEqualTo(RejectionCode.TOO_MUCH_LEGACY_HASHING);
    assertThat(verifier.asked).isZero();
  }

  @Test
  void accept_intoTheMempoolAboveTheLimit_isRefusedBeforeAnySignature() {
    Transaction costly = transaction(INPUTS, WITHIN + 1);
    Mempool mempool = Mempool.of(LIMITED, PolicyLimits.DEFAULT, signatures);

    MempoolOutcome outcome =
        mempool.accept(costly, 1, new MempoolContext(coins::get, context()), 1_000);

    assertThat(((MempoolOutcome.Rejected) outcome).rejection().code())
        .isEqualTo(RejectionCode.TOO_MUCH_LEGACY_HASHING);
    assertThat(verifier.asked).isZero();
  }

  @Test
  void limits_ofTheNetworksThatComeWithTheLibrary_areBitcoinsOnlyOnItsNetworks() {
    assertThat(Networks.chaincore().limits().maxLegacyHashedBytes())
        .isEqualTo(BlockLimits.USUAL_LEGACY_HASHED_BYTES);
    assertThat(Networks.regtest().limits().maxLegacyHashedBytes()).isEqualTo(BlockLimits.NO_LIMIT);
  }
}
