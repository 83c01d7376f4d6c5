package org.chaincore.core.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.chain.HeaderOutcome;
import org.chaincore.core.chain.HeaderTree;
import org.chaincore.core.config.BlockLimits;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.PolicyLimits;
import org.chaincore.core.fixture.Payments;
import org.chaincore.core.ledger.BlockUndo;
import org.chaincore.core.ledger.CoinChanges;
import org.chaincore.core.ledger.ConnectResult;
import org.chaincore.core.ledger.Ledger;
import org.chaincore.core.ledger.SignatureChecks;
import org.chaincore.core.ledger.SpendContext;
import org.chaincore.core.mining.BlockTemplate;
import org.chaincore.core.mining.TemplateResult;
import org.chaincore.core.pow.FixedDifficulty;
import org.chaincore.core.rules.BlockRules;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Target;

/** A chain that is mined, judged and reorganised for real, under a mempool. */
final class PoolWorld {
  private static final int BITS = 0x207fffff;
  static final int BLOCK_OPERATIONS = 100;

  static final ChainParams PARAMS =
      ChainParams.builder("pool-world", 77)
          .genesis("a world of payments", 1_800_000_000L, BITS)
          .work(Target.ofBits(BITS), new FixedDifficulty(BITS))
          .emission(Amount.ofCoins(50), 1_000, 2)
          .limits(new BlockLimits(40_000, BLOCK_OPERATIONS, 80))
          .build();

  final Payments payments = Payments.withAnySignature();
  final SignatureChecks signatures = SignatureChecks.of(Payments.CREDULOUS, 10_000);
  final Ledger ledger = Ledger.of(PARAMS, signatures);
  final HeaderTree tree = HeaderTree.of(PARAMS);
  final CoinChanges coins = CoinChanges.on(outPoint -> null);
  final List<Block> blocks = new ArrayList<>();
  private final List<BlockUndo> undos = new ArrayList<>();
  HeaderNode tip = tree.root();
  long now = PARAMS.genesis().header().time() + 1;
  private long extraNonce;

  ChainView view() {
    return ChainView.of(tree, tip);
  }

  MempoolContext context() {
    HeaderNode at = tip;
    return new MempoolContext(
        coins,
        new SpendContext(
            at.height() + 1,
            medianTime(at),
            height -> medianTime(Objects.requireNonNull(at.ancestor(height)))));
  }

  private static long medianTime(HeaderNode node) {
    return node.medianTimePast(PARAMS.time().medianSpanBlocks());
  }

  Mempool emptyMempool(PolicyLimits limits) {
    return Mempool.of(PARAMS, limits, signatures);
  }

  /** Mines what a mempool has best on the tip, and demands that every rule finds it good. */
  Block mine(Mempool from) {
    now = Math.max(now, medianTime(tip) + 1);
    Bytes nonce = Bytes.of((byte) (extraNonce >> 8), (byte) extraNonce);
    extraNonce++;
    TemplateResult result = BlockTemplate.on(view(), from, payments.payout(), nonce, now);
    assertThat(result).isInstanceOf(TemplateResult.Ready.class);
    Block block = solve(((TemplateResult.Ready) result).template());
    connect(block);
    return block;
  }

  private Block solve(BlockTemplate template) {
    int nonce = 0;
    while (tree.checkProofOfWork(template.header().withNonce(nonce)).isPresent()) {
      nonce++;
    }
    return template.block(nonce);
  }

  private void connect(Block block) {
    SpendContext context = context().next();
    assertThat(BlockRules.of(PARAMS).check(block)).isEqualTo(Optional.empty());
    assertThat(BlockRules.of(PARAMS).checkAt(block, context.height(), context.medianTimePast()))
        .isEqualTo(Optional.empty());
    ConnectResult result = ledger.connect(block, coins, context);
    assertThat(result).isInstanceOf(ConnectResult.Connected.class);
    HeaderOutcome header = tree.accept(block.header(), now);
    assertThat(header).isInstanceOf(HeaderOutcome.Added.class);
    tip = ((HeaderOutcome.Added) header).node();
    blocks.add(block);
    undos.add(((ConnectResult.Connected) result).undo());
    block.transactions().forEach(payments::learn);
  }

  /** Takes off the last blocks, and returns them lowest first. */
  List<Block> disconnect(int count) {
    List<Block> gone = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Block block = blocks.remove(blocks.size() - 1);
      ledger.disconnect(block, undos.remove(undos.size() - 1), coins);
      tip = Objects.requireNonNull(tip.parent());
      gone.add(block);
    }
    Collections.reverse(gone);
    return gone;
  }

  static List<Transaction> withoutCoinbase(Block block) {
    return block.transactions().subList(1, block.transactions().size());
  }
}
