package org.chaincore.sync.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.fixture.BlockDraft;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.MarkedSignatures;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.pow.ProofOfWork;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Work;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.GetHeaders;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.TransactionMessage;

/** Those who mine, or make headers, to do harm. */
final class HostileChains {
  private HostileChains() {}

  /**
   * Sends headers of no worth, and headers that lead nowhere. It has little work to spend: its
   * chain is never as long as the true one.
   */
  static final class HeaderFlooder extends Hostile {
    private final List<BlockHeader> worthless = new ArrayList<>();

    HeaderFlooder(World world, int number) {
      super(world, number);
    }

    @Override
    int actMillis() {
      return 3_000;
    }

    @Override
    void act() {
      int count = random().nextInt(6) == 0 ? 200 : 4;
      if (random().nextBoolean()) {
        BlockHeader lost = TestHeaders.child(trueTip().header(), random().nextLong());
        tellAll(new Headers(run(lost, count)));
      } else {
        tellAll(new Headers(worthless(0, count)));
      }
    }

    /** A chain of its own from genesis on. */
    private List<BlockHeader> worthless(int from, int count) {
      if (worthless.isEmpty()) {
        worthless.addAll(run(truth().params().genesis().header(), 1));
      }
      int last = Math.min(Math.max(1, truth().view().height() - 1), from + count);
      if (worthless.size() < last) {
        worthless.addAll(run(worthless.get(worthless.size() - 1), last - worthless.size()));
      }
      return worthless.subList(Math.min(from, last), last);
    }

    private List<BlockHeader> run(BlockHeader parent, int count) {
      List<BlockHeader> headers = new ArrayList<>();
      BlockHeader top = parent;
      for (int i = 0; i < count; i++) {
        top = TestHeaders.child(top, random().nextLong());
        headers.add(top);
      }
      return headers;
    }

    @Override
    void heard(Wire wire, Message message) {
      if (message instanceof GetHeaders question && random().nextInt(4) == 0) {
        int known = 0;
        for (Hash256 hash : question.locator().hashes()) {
          for (int i = 0; i < worthless.size() && known == 0; i++) {
            known = worthless.get(i).hash().equals(hash) ? i + 1 : 0;
          }
        }
        wire.send(new Headers(worthless(known, Headers.MAX_HEADERS)));
      }
    }
  }

  /** Does real work for blocks whose bodies are no good, and for children of those. */
  static final class BadMiner extends Hostile {
    private final Map<Hash256, Block> made = new LinkedHashMap<>();

    BadMiner(World world, int number) {
      super(world, number);
    }

    @Override
    int actMillis() {
      return 4_000;
    }

    @Override
    void act() {
      HeaderNode parent = truth().view().tip();
      if (parent.height() == 0) {
        return;
      }
      List<Block> blocks = new ArrayList<>();
      if (random().nextInt(3) == 0) {
        blocks.add(mutated(trueTip()));
      } else {
        Block bad = bad(parent);
        blocks.add(bad);
        if (random().nextBoolean()) {
          blocks.add(draft(bad.header(), parent.height() + 2).make());
        }
      }
      blocks.forEach(block -> made.put(block.hash(), block));
      tellAll(new Headers(blocks.stream().map(Block::header).toList()));
      if (random().nextBoolean()) {
        blocks.forEach(block -> tellAll(new BlockMessage(block)));
      }
    }

    private BlockDraft draft(BlockHeader parent, int height) {
      return BlockDraft.on(parent, height)
          .salt(random().nextInt(1 << 24))
          .reward(ChainFixture.REWARD);
    }

    private Block bad(HeaderNode parent) {
      BlockDraft draft = draft(parent.header(), parent.height() + 1);
      Block below = trueTip();
      OutPoint young = below.transactions().get(0).outPoint(0);
      return switch (random().nextInt(5)) {
        case 0 -> draft.reward(ChainFixture.REWARD + 1).make();
        case 1 -> draft.with(badlySigned(young)).make();
        case 2 ->
            draft.with(TestBlocks.spend(List.of(TestBlocks.unknown(1)), TestBlocks.pay(5))).make();
        case 3 -> draft.with(TestBlocks.spend(List.of(young), TestBlocks.pay(5))).make();
        default -> draft.coinbaseHeight(parent.height() + 7).make();
      };
    }

    private static Transaction badlySigned(OutPoint coin) {
      return Transaction.of(
          2,
          List.of(TransactionInput.spending(coin).withWitness(MarkedSignatures.bad())),
          List.of(TestBlocks.pay(10)),
          0);
    }

    /** The same header over another body that has its Merkle root (CVE-2012-2459). */
    private static Block mutated(Block good) {
      List<Transaction> body = new ArrayList<>(good.transactions());
      int rest = body.size() % 2 == 1 ? 1 : body.size() % 4 == 2 ? 2 : 0;
      body.addAll(List.copyOf(body.subList(body.size() - rest, body.size())));
      if (rest == 0) {
        Collections.reverse(body);
      }
      return new Block(good.header(), body);
    }

    @Override
    void heard(Wire wire, Message message) {
      if (message instanceof GetHeaders question) {
        answerTruly(wire, question);
      } else if (message instanceof GetData question) {
        for (InventoryItem item : question.items()) {
          Block block = made.get(item.hash());
          if (block != null) {
            wire.send(new BlockMessage(block));
          }
        }
      }
    }
  }

  /** Sends blocks and transactions whose parents there are not. */
  static final class OrphanFlooder extends Hostile {
    OrphanFlooder(World world, int number) {
      super(world, number);
    }

    @Override
    void act() {
      for (int i = 0; i < 5; i++) {
        BlockHeader nowhere = TestHeaders.child(trueTip().header(), random().nextLong());
        Block orphan =
            BlockDraft.on(nowhere, truth().view().height() + 2)
                .salt(random().nextInt(1 << 24))
                .make();
        tellAll(new BlockMessage(orphan));
        tellAll(
            new TransactionMessage(
                TestBlocks.spend(
                    List.of(TestBlocks.unknown(random().nextLong())), TestBlocks.pay(1))));
      }
    }
  }

  /** Keeps the blocks that it mines to itself, and shows them when that hurts most. Legal. */
  static final class SelfishMiner extends Hostile {
    private static final int MOST_HIDDEN = 6;

    private final Map<Hash256, Block> shown = new LinkedHashMap<>();
    private final List<Block> hidden = new ArrayList<>();
    private final ProofOfWork proofOfWork;
    private Work work = Work.ZERO;
    private int height;

    SelfishMiner(World world, int number) {
      super(world, number);
      this.proofOfWork = ProofOfWork.under(truth().params().work().limit());
    }

    @Override
    int actMillis() {
      return 12_000;
    }

    @Override
    void act() {
      if (world().isSettling().getAsBoolean()) {
        return;
      }
      ChainView view = truth().view();
      if (hidden.isEmpty()) {
        height = view.height();
        work = view.work();
      }
      BlockHeader parent =
          hidden.isEmpty() ? view.tip().header() : hidden.get(hidden.size() - 1).header();
      Block next =
          BlockDraft.on(parent, ++height)
              .salt(random().nextInt(1 << 24))
              .reward(ChainFixture.REWARD)
              .make();
      work = work.plus(proofOfWork.work(next.header().bits()));
      hidden.add(next);
      boolean isAhead = work.compareTo(view.work()) > 0;
      if (hidden.size() >= MOST_HIDDEN || (isAhead && random().nextInt(3) == 0)) {
        show();
      } else if (!isAhead && random().nextBoolean()) {
        hidden.clear();
      }
    }

    private void show() {
      hidden.forEach(block -> shown.put(block.hash(), block));
      tellAll(new Headers(hidden.stream().map(Block::header).toList()));
      hidden.clear();
    }

    @Override
    void heard(Wire wire, Message message) {
      if (message instanceof GetHeaders question) {
        answerTruly(wire, question);
      } else if (message instanceof GetData question) {
        question.items().forEach(item -> deliver(wire, item.hash()));
      }
    }

    private void deliver(Wire wire, Hash256 hash) {
      Block block = shown.get(hash);
      if (block != null) {
        wire.send(new BlockMessage(block));
      } else {
        truth().block(hash).ifPresent(known -> wire.send(new BlockMessage(known)));
      }
    }
  }
}
