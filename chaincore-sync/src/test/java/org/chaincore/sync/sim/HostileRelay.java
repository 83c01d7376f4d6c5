package org.chaincore.sync.sim;

import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.fixture.MarkedSignatures;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.mempool.MempoolEntry;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.message.BlockTransactions;
import org.chaincore.sync.message.CompactBlock;
import org.chaincore.sync.message.GetBlockTransactions;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.GetHeaders;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.NotFound;
import org.chaincore.sync.message.ShortIds;
import org.chaincore.sync.message.TransactionMessage;

/** Those who announce what they do not deliver, or deliver something else. */
final class HostileRelay {
  private HostileRelay() {}

  /** Has every block first, as it says, and delivers none. */
  static class Staller extends Hostile {
    Staller(World world, int number) {
      super(world, number);
    }

    @Override
    void act() {
      if (random().nextBoolean()) {
        tellAll(new Headers(List.of(trueTip().header())));
      } else {
        tellAll(new Inventory(List.of(new InventoryItem(InventoryType.BLOCK, trueTip().hash()))));
      }
    }

    @Override
    void heard(Wire wire, Message message) {
      if (message instanceof GetHeaders question) {
        answerTruly(wire, question);
      }
    }
  }

  /** Has everything, as it says, and when it is asked it has nothing. */
  static final class Denier extends Staller {
    Denier(World world, int number) {
      super(world, number);
    }

    @Override
    void act() {
      super.act();
      List<InventoryItem> items = new ArrayList<>();
      for (MempoolEntry entry : truth().mempool()) {
        items.add(new InventoryItem(InventoryType.WTX, entry.transaction().wtxid()));
      }
      if (!items.isEmpty()) {
        tellAll(new Inventory(items));
      }
    }

    @Override
    void heard(Wire wire, Message message) {
      super.heard(wire, message);
      if (message instanceof GetData question) {
        wire.send(new NotFound(question.items()));
      }
    }
  }

  /** Announces transactions and blocks that there are not. */
  static final class InventoryFlooder extends Hostile {
    InventoryFlooder(World world, int number) {
      super(world, number);
    }

    @Override
    void act() {
      List<InventoryItem> items = new ArrayList<>();
      for (int i = random().nextInt(8) == 0 ? 500 : 20; i > 0; i--) {
        InventoryType type = random().nextBoolean() ? InventoryType.WTX : InventoryType.TRANSACTION;
        items.add(new InventoryItem(type, randomHash()));
      }
      items.add(new InventoryItem(InventoryType.BLOCK, randomHash()));
      tellAll(new Inventory(items));
    }
  }

  /** Passes transactions on with a witness of its own, before anybody else can. */
  static final class WitnessForger extends Hostile {
    WitnessForger(World world, int number) {
      super(world, number);
    }

    @Override
    int actMillis() {
      return 300;
    }

    @Override
    void act() {
      for (MempoolEntry entry : truth().mempool()) {
        if (random().nextInt(4) == 0) {
          tellAll(new TransactionMessage(forged(entry.transaction())));
        }
      }
    }

    private Transaction forged(Transaction good) {
      return good.withInputs(
          good.inputs().stream().map(input -> input.withWitness(MarkedSignatures.bad())).toList());
    }
  }

  /**
   * Is first with every block, in a compact form that leads nowhere: ids of nothing, transactions
   * of another block, no transactions at all; and says so again and again.
   */
  static final class CompactLiar extends Hostile {
    CompactLiar(World world, int number) {
      super(world, number);
    }

    @Override
    int actMillis() {
      return 400;
    }

    @Override
    void act() {
      Block block = trueTip();
      for (Wire wire : greetedWires()) {
        wire.send(lie(block));
      }
    }

    private CompactBlock lie(Block block) {
      byte[] ids = new byte[ShortIds.BYTES * random().nextInt(4)];
      random().nextBytes(ids);
      List<CompactBlock.Prefilled> prefilled =
          random().nextInt(3) == 0
              ? List.of()
              : List.of(new CompactBlock.Prefilled(0, block.transactions().get(0)));
      return new CompactBlock(
          block.header(), random().nextLong(), ShortIds.ofWire(Bytes.of(ids)), prefilled);
    }

    @Override
    void heard(Wire wire, Message message) {
      if (message instanceof GetHeaders question) {
        answerTruly(wire, question);
      } else if (message instanceof GetBlockTransactions question) {
        answer(wire, question);
      }
    }

    private void answer(Wire wire, GetBlockTransactions question) {
      List<Transaction> made = new ArrayList<>();
      int count = question.indexes().size() + random().nextInt(3) - 1;
      for (int i = 0; i < count; i++) {
        made.add(TestBlocks.spend(List.of(TestBlocks.unknown(random().nextLong()))));
      }
      if (random().nextBoolean()) {
        wire.send(new BlockTransactions(question.blockHash(), made));
      }
    }
  }
}
