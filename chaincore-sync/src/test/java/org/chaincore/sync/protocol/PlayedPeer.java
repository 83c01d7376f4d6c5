package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.GetHeaders;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.NotFound;

/** A peer with a chain of its own, honest or not. Not thread-safe. */
final class PlayedPeer {
  /** What it does when it is asked. */
  enum Manner {
    HONEST,
    /** Answers nothing. */
    SILENT,
    /** Shows headers and no bodies. */
    WITHHOLDING,
    /** Has no bodies, and says so. */
    EMPTY_HANDED,
    /** Sends the right header with other transactions. */
    MUTATING,
    /** Never delivers one of the blocks that it is asked for, and the others slowly. */
    STALLING,
    /** Answers with headers that lead nowhere. */
    UNCONNECTED,
    /** Answers with headers that have no work. */
    WORKLESS
  }

  final String name;
  final Manner manner;
  final List<Block> chain = new ArrayList<>();
  private final Map<Hash256, Integer> heights = new HashMap<>();
  private final Map<Hash256, Block> known = new HashMap<>();
  private final Set<Hash256> withheld = new HashSet<>();
  int headersSent;
  int blocksSent;

  PlayedPeer(String name, Manner manner, List<Block> chain) {
    this.name = name;
    this.manner = manner;
    follow(chain);
  }

  /** Its chain is this one from now on, genesis first. */
  void follow(List<Block> blocks) {
    chain.clear();
    heights.clear();
    for (Block block : blocks) {
      heights.put(block.hash(), chain.size());
      chain.add(block);
      known.put(block.hash(), block);
    }
  }

  Block tip() {
    return chain.get(chain.size() - 1);
  }

  List<Message> answer(Message message) {
    if (manner == Manner.SILENT) {
      return List.of();
    } else if (message instanceof GetHeaders request) {
      return List.of(new Headers(headersFor(request)));
    } else if (message instanceof GetData request) {
      return blocksFor(request);
    }
    return List.of();
  }

  private List<BlockHeader> headersFor(GetHeaders request) {
    if (manner == Manner.UNCONNECTED) {
      BlockHeader lost =
          BlockHeader.of(
              4, Hash256.ofWords(7, 7, 7, 7), Hash256.ZERO, 1_600_000_001L, TestHeaders.EASY, 0);
      return List.of(TestHeaders.mined(lost));
    }
    int from = 0;
    for (Hash256 hash : request.locator().hashes()) {
      Integer height = heights.get(hash);
      if (height != null) {
        from = height;
        break;
      }
    }
    int to = Math.min(chain.size(), from + 1 + Headers.MAX_HEADERS);
    List<BlockHeader> headers =
        new ArrayList<>(chain.subList(from + 1, to).stream().map(Block::header).toList());
    if (manner == Manner.WORKLESS && !headers.isEmpty()) {
      int last = headers.size() - 1;
      headers.set(last, TestHeaders.unmined(headers.get(last)));
    }
    headersSent += headers.size();
    return headers;
  }

  private List<Message> blocksFor(GetData request) {
    List<Message> answers = new ArrayList<>();
    List<InventoryItem> missing = new ArrayList<>();
    for (InventoryItem item : request.items()) {
      Block block = known.get(item.hash());
      if (block == null || manner == Manner.EMPTY_HANDED) {
        missing.add(item);
      } else if (!isWithheld(block)) {
        blocksSent++;
        answers.add(new BlockMessage(manner == Manner.MUTATING ? mutated(block) : block));
      }
    }
    if (!missing.isEmpty()) {
      answers.add(new NotFound(missing));
    }
    return answers;
  }

  private boolean isWithheld(Block block) {
    if (manner == Manner.STALLING && withheld.isEmpty()) {
      withheld.add(block.hash());
    }
    return manner == Manner.WITHHOLDING || withheld.contains(block.hash());
  }

  static Block mutated(Block block) {
    List<Transaction> transactions = new ArrayList<>(block.transactions());
    transactions.add(TestBlocks.spend(List.of(TestBlocks.unknown(3)), TestBlocks.pay(1)));
    return new Block(block.header(), transactions);
  }
}
