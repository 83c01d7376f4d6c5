package org.chaincore.core.mining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.MerkleTree;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderTree;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.PolicyLimits;
import org.chaincore.core.config.TimeRules;
import org.chaincore.core.fixture.Payments;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.ledger.SignatureChecks;
import org.chaincore.core.ledger.SpendContext;
import org.chaincore.core.mempool.Mempool;
import org.chaincore.core.mempool.MempoolContext;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.pow.BitcoinRetarget;
import org.chaincore.core.pow.EpochRetarget;
import org.chaincore.core.pow.TargetRange;
import org.chaincore.core.rules.BlockRules;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Target;
import org.junit.jupiter.api.Test;

class BlockTemplateTest {
  private static final int EASY = 0x207fffff;
  private static final int GENESIS_BITS = 0x207ffff0;
  private static final long GENESIS_TIME = 1_800_000_000L;
  private static final Bytes NONCE = Bytes.of((byte) 1, (byte) 2, (byte) 3, (byte) 4);

  /** A block later than two spacings after its parent may be easier, as on testnet3. */
  private static final ChainParams PARAMS =
      ChainParams.builder("template-test", 7)
          .genesis("to be mined upon", GENESIS_TIME, GENESIS_BITS)
          .work(Target.ofBits(EASY), BitcoinRetarget.ofLimit(Target.ofBits(EASY), true))
          .time(new TimeRules(600, 11, 7_200))
          .build();

  private final Payments payments = Payments.withAnySignature();
  private final HeaderTree tree = HeaderTree.of(PARAMS);
  private final ChainView chain = ChainView.of(tree, tree.root());
  private final Mempool mempool =
      Mempool.of(PARAMS, PolicyLimits.DEFAULT, SignatureChecks.of(Payments.CREDULOUS, 100));
  private final Map<OutPoint, Coin> coins = new HashMap<>();

  private Transaction pay(long fee) {
    OutPoint coin = payments.mint(1_000_000);
    coins.put(coin, new Coin(payments.output(coin), 0, false));
    Transaction paid = payments.payment(coin).fee(fee).make();
    SpendContext next = new SpendContext(1, GENESIS_TIME, height -> GENESIS_TIME);
    assertThat(mempool.accept(paid, 0, new MempoolContext(coins::get, next), GENESIS_TIME))
        .isInstanceOf(MempoolOutcome.Accepted.class);
    return paid;
  }

  private TemplateResult at(long now) {
    return BlockTemplate.on(chain, mempool, payments.payout(), NONCE, now);
  }

  private BlockTemplate ready(long now) {
    return ((TemplateResult.Ready) at(now)).template();
  }

  private static void assertKeepsRules(Block block) {
    BlockRules rules = BlockRules.of(PARAMS);
    assertThat(rules.check(block)).isEqualTo(Optional.empty());
    assertThat(rules.checkAt(block, 1, GENESIS_TIME)).isEqualTo(Optional.empty());
  }

  @Test
  void on_emptyMempool_paysTheSubsidyWithoutCommitment() {
    BlockTemplate template = ready(GENESIS_TIME + 100);

    assertThat(template.height()).isEqualTo(1);
    assertThat(template.reward()).isEqualTo(Amount.ofCoins(50));
    assertThat(template.fees()).isEqualTo(Amount.ZERO);
    assertThat(template.coinbase().outputs()).hasSize(1);
    assertThat(template.coinbase().hasWitness()).isFalse();
    assertThat(template.coinbase().outputs().get(0).script()).isEqualTo(payments.payout().script());
    BlockHeader header = template.header();
    assertThat(header.version()).isEqualTo(0x20000000);
    assertThat(header.previous()).isEqualTo(PARAMS.genesis().hash());
    assertThat(header.time()).isEqualTo(GENESIS_TIME + 100);
    assertThat(header.bits()).isEqualTo(GENESIS_BITS);
    assertKeepsRules(template.block(5));
  }

  @Test
  void on_witnesses_commitsToThemAndPaysTheFees() {
    Transaction poor = pay(1_000);
    Transaction rich = pay(2_000);
    BlockTemplate template = ready(GENESIS_TIME + 100);

    assertThat(template.transactions()).containsExactly(rich, poor);
    assertThat(template.reward()).isEqualTo(Amount.of(5_000_003_000L));
    assertThat(template.coinbase().outputs()).hasSize(2);
    assertThat(template.coinbase().hasWitness()).isTrue();
    assertThat(template.block(9).header().nonce()).isEqualTo(9);
    assertKeepsRules(template.block(9));
  }

  @Test
  void on_clockBehindTheChain_takesTheEarliestTime() {
    assertThat(ready(GENESIS_TIME - 100).header().time()).isEqualTo(GENESIS_TIME + 1);
  }

  @Test
  void on_chainHalfTheFutureLimitAhead_waits() {
    long now = GENESIS_TIME - 3_600;

    assertThat(at(now)).isEqualTo(new TemplateResult.TooEarly(GENESIS_TIME + 1, now + 1));
    assertThat(at(now + 1)).isInstanceOf(TemplateResult.Ready.class);
  }

  @Test
  void withExtraNonce_other_makesTheRootAnew() {
    for (int i = 0; i < 7; i++) {
      pay(1_000 + i);
    }
    BlockTemplate template = ready(GENESIS_TIME + 100);
    BlockTemplate other = template.withExtraNonce(Bytes.of((byte) 9));

    assertThat(other.header().merkleRoot()).isNotEqualTo(template.header().merkleRoot());
    assertThat(other.header().merkleRoot())
        .isEqualTo(MerkleTree.root(other.block(0).txids()).hash());
    assertThat(other.header().time()).isEqualTo(template.header().time());
    assertKeepsRules(other.block(0));
    assertThat(template.withExtraNonce(NONCE).header()).isEqualTo(template.header());
  }

  @Test
  void withExtraNonce_tooLong_throws() {
    BlockTemplate template = ready(GENESIS_TIME + 100);

    assertKeepsRules(template.withExtraNonce(Bytes.of(new byte[99])).block(0));
    assertThatThrownBy(() -> template.withExtraNonce(Bytes.of(new byte[100])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("100 bytes");
  }

  @Test
  void withTime_lateEnoughForOtherBits_carriesThose() {
    BlockTemplate template = ready(GENESIS_TIME + 1_200);

    assertThat(template.header().bits()).isEqualTo(GENESIS_BITS);
    BlockTemplate late = template.withTime(GENESIS_TIME + 1_201);
    assertThat(late.header().bits()).isEqualTo(EASY);
    assertThat(late.header().merkleRoot()).isEqualTo(template.header().merkleRoot());
    assertThat(ready(GENESIS_TIME + 1_201).header()).isEqualTo(late.header());
  }

  @Test
  void withTime_notAfterTheMedian_throws() {
    BlockTemplate template = ready(GENESIS_TIME + 100);

    assertThatThrownBy(() -> template.withTime(GENESIS_TIME))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("median");
    assertThat(template.withTime(GENESIS_TIME + 1).header().time()).isEqualTo(GENESIS_TIME + 1);
  }

  @Test
  void on_difficultyBelowTrustedStart_throws() {
    ChainParams retargeting =
        ChainParams.builder("trusted", 8)
            .genesis("far below", GENESIS_TIME, EASY)
            .work(
                Target.ofBits(EASY),
                new EpochRetarget(
                    10, 10, 4, new TargetRange(Target.ofBits(0x1b00ffff), Target.ofBits(EASY))))
            .build();
    HeaderTree above = HeaderTree.startingAt(retargeting, PARAMS.genesis().header(), 29);

    assertThatThrownBy(
            () ->
                BlockTemplate.on(
                    ChainView.of(above, above.root()),
                    mempool,
                    payments.payout(),
                    NONCE,
                    GENESIS_TIME))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void on_rewardAboveAllMoney_paysWhatAnOutputMay() {
    ChainParams rich =
        ChainParams.builder("rich", 9)
            .genesis("money for all", GENESIS_TIME, GENESIS_BITS)
            .work(Target.ofBits(EASY), BitcoinRetarget.ofLimit(Target.ofBits(EASY), true))
            .time(PARAMS.time())
            .emission(Amount.MAX, 10, 1)
            .build();
    HeaderTree other = HeaderTree.of(rich);
    pay(1_000);
    TemplateResult result =
        BlockTemplate.on(
            ChainView.of(other, other.root()),
            mempool,
            payments.payout(),
            NONCE,
            GENESIS_TIME + 100);

    assertThat(((TemplateResult.Ready) result).template().reward()).isEqualTo(Amount.MAX);
  }

  @Test
  void on_fullMempool_staysWithinTheBlock() {
    for (int i = 0; i < 60; i++) {
      OutPoint coin = payments.mint(100_000_000);
      coins.put(coin, new Coin(payments.output(coin), 0, false));
      Transaction paid = payments.payment(coin).fee(1_000_000).outputs(700).make();
      SpendContext next = new SpendContext(1, GENESIS_TIME, height -> GENESIS_TIME);
      mempool.accept(paid, 0, new MempoolContext(coins::get, next), GENESIS_TIME);
    }
    Block block = ready(GENESIS_TIME + 100).withExtraNonce(Bytes.of(new byte[99])).block(0);

    assertThat(block.weight()).isBetween(3_900_000, 4_000_000);
    assertKeepsRules(block);
  }

  @Test
  void toString_saysWhatItHas() {
    pay(1_000);

    assertThat(ready(GENESIS_TIME + 100)).hasToString("template of height 1 with 1 transactions");
    assertThat(List.of(ready(GENESIS_TIME + 100).height())).containsExactly(1);
  }
}
