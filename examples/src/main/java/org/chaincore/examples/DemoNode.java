package org.chaincore.examples;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.engine.EngineSetup;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.EventReader;
import org.chaincore.core.mempool.MempoolEntry;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.value.Hash256;

/**
 * What a host puts around an engine to make a node of it: it hands the engine what comes over its
 * links, and tells its neighbours what the engine's event log says is new. It decides nothing.
 *
 * <p>Not thread-safe; confined to the one thread that tells the story.
 */
final class DemoNode {
  private static final int EVENTS_AT_ONCE = 100;

  private final String name;
  private final Wallet wallet;
  private final ChainEngine engine;
  private final Clock clock;
  private final Journal journal;
  private final List<Link> links = new ArrayList<>();
  private long cursor;

  private DemoNode(Wallet wallet, ChainEngine engine, Clock clock, Journal journal) {
    this.name = wallet.owner();
    this.wallet = wallet;
    this.engine = engine;
    this.clock = clock;
    this.journal = journal;
  }

  /** A node with an empty chain on the heap. */
  static DemoNode start(Wallet wallet, ChainParams params, Clock clock, Journal journal) {
    return new DemoNode(wallet, ChainEngine.open(EngineSetup.inMemory(params)), clock, journal);
  }

  String name() {
    return name;
  }

  Wallet wallet() {
    return wallet;
  }

  ChainEngine engine() {
    return engine;
  }

  void joinedBy(Link link) {
    links.add(link);
  }

  /** The host's own block: the engine judges it like any other. */
  BlockOutcome submit(Block block) {
    BlockOutcome outcome = engine.accept(block, 0, now());
    tellNews(Hash256.ZERO, links);
    return outcome;
  }

  /** The host's own transaction. */
  MempoolOutcome submit(Transaction transaction) {
    MempoolOutcome outcome = engine.accept(transaction, 0, now());
    tellNews(Hash256.ZERO, links);
    return outcome;
  }

  /** Takes a message that came over a link. */
  void receive(Message message, Link from) {
    if (message instanceof Message.HereIsBlock offered) {
      takeBlock(offered.block(), from);
    } else if (message instanceof Message.HereIsTransaction offered) {
      Transaction transaction = offered.transaction();
      engine.accept(transaction, sourceOf(from), now());
      tellNews(transaction.txid(), othersThan(from));
    } else if (message instanceof Message.SendMeBlock wish) {
      engine.block(wish.hash()).ifPresent(block -> from.send(this, new Message.HereIsBlock(block)));
    }
  }

  private void takeBlock(Block block, Link from) {
    BlockOutcome outcome = engine.accept(block, sourceOf(from), now());
    tellNews(block.hash(), othersThan(from));
    if (outcome instanceof BlockOutcome.Orphaned orphaned) {
      journal.asks(name, from.across(this).name(), orphaned.missingParent());
      from.send(this, new Message.SendMeBlock(orphaned.missingParent()));
    }
  }

  /** Tells a neighbour where this node is: its tip, and what it would like to have mined. */
  void greet(Link link) {
    engine
        .block(engine.view().tip().hash())
        .ifPresent(tip -> link.send(this, new Message.HereIsBlock(tip)));
    for (MempoolEntry entry : engine.mempool()) {
      link.send(this, new Message.HereIsTransaction(entry.transaction()));
    }
  }

  /**
   * Reads the event log on from where it was read last, and passes on what is new.
   *
   * @param received the block or transaction that brought the news; whoever sent it has it
   * @param others the links that it did not come from
   */
  private void tellNews(Hash256 received, List<Link> others) {
    for (ChainEvent event : newEvents()) {
      journal.saw(name, event);
      if (event instanceof ChainEvent.TipChanged moved) {
        for (ChainEvent.BlockRef joined : moved.connected()) {
          engine
              .block(joined.hash())
              .ifPresent(block -> tell(others, new Message.HereIsBlock(block)));
        }
      } else if (event instanceof ChainEvent.TransactionAccepted accepted) {
        Transaction transaction = accepted.transaction();
        boolean isFromNeighbour = transaction.txid().equals(received);
        tell(
            isFromNeighbour ? others : List.copyOf(links),
            new Message.HereIsTransaction(transaction));
      }
    }
  }

  private void tell(List<Link> some, Message message) {
    some.forEach(link -> link.send(this, message));
  }

  private List<ChainEvent> newEvents() {
    List<ChainEvent> news = new ArrayList<>();
    while (cursor < engine.events().cursor()) {
      EventReader.Page page = engine.events().read(cursor, EVENTS_AT_ONCE);
      if (page instanceof EventReader.Page.Events read) {
        news.addAll(read.events());
        cursor = read.cursor();
      } else if (page instanceof EventReader.Page.Lagged lagged) {
        cursor = lagged.oldest();
      }
    }
    return news;
  }

  /** The blocks of the chain without genesis, lowest first. */
  List<HeaderNode> chain() {
    HeaderNode genesis = engine.view().at(0).orElseThrow();
    return engine.view().above(genesis, Integer.MAX_VALUE);
  }

  /** The host is source 0, so neighbours count from 1. */
  private long sourceOf(Link link) {
    return links.indexOf(link) + 1L;
  }

  private List<Link> othersThan(Link link) {
    return links.stream().filter(other -> other != link).toList();
  }

  long now() {
    return clock.instant().getEpochSecond();
  }
}
