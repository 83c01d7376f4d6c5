package org.chaincore.net.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.ledger.Coin;
import org.chaincore.core.store.AddressIndex.IndexedOutput;
import org.chaincore.core.store.AddressIndex.Page;
import org.chaincore.core.store.AddressIndex.Position;
import org.chaincore.core.store.AddressIndex.Spender;
import org.chaincore.core.store.IndexProgress;
import org.chaincore.core.store.TransactionIndex;
import org.chaincore.core.store.TransactionIndex.Place;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.net.http.AddressAccount.HistoryEntry;
import org.chaincore.net.http.AddressAccount.OwnedCoin;

/**
 * Ownership as the indexes of the store have it: on disk, there after a start, and as large as the
 * chain. An account is put together for each question from all outputs that its script ever had, so
 * one that has very many is not told of: else whoever asks for the most used address of a chain
 * could have the disk read all day. Guarded by the index's lock.
 */
final class StoredOwnership implements OwnershipSource {
  /** Outputs of one script that a question may read: some tenths of a second. */
  static final int MAX_OUTPUTS = 20_000;

  private static final int PAGE_OUTPUTS = 500;

  private final org.chaincore.core.store.AddressIndex addresses;
  private final TransactionIndex transactions;
  private final ChainEngine engine;

  StoredOwnership(
      org.chaincore.core.store.AddressIndex addresses,
      TransactionIndex transactions,
      ChainEngine engine) {
    this.addresses = addresses;
    this.transactions = transactions;
    this.engine = engine;
  }

  @Override
  public HeaderNode follow() {
    HeaderNode tip = engine.view().tip();
    requireBuilt(addresses.progress(), tip);
    requireBuilt(transactions.progress(), tip);
    return tip;
  }

  private static void requireBuilt(IndexProgress progress, HeaderNode tip) {
    if (progress.indexedHeight() < tip.height()) {
      throw ApiFault.busy(
          "the node's indexes are being built: "
              + progress.indexedHeight()
              + " of "
              + progress.tipHeight()
              + " blocks",
          1);
    }
  }

  @Override
  public boolean isStillAt(HeaderNode tip) {
    // The store is ahead of what readers see while blocks are being taken in, and may then be as
    // high on another branch.
    return engine.view().tip() == tip && addresses.tip().equals(tip.hash());
  }

  @Override
  public Optional<TransactionOutput> output(OutPoint outPoint) {
    return engine.coin(outPoint).map(Coin::output);
  }

  @Override
  public Ownership at(HeaderNode tip) {
    return new Ownership() {
      @Override
      public Optional<AddressAccount> account(Bytes script) {
        return read(script, tip);
      }

      @Override
      public Optional<HeaderNode> blockOf(Hash256 txid) {
        ChainView view = engine.view();
        return transactions
            .find(txid)
            .filter(place -> place.height() <= tip.height())
            .flatMap(place -> view.find(place.block()));
      }

      @Override
      public long coinbaseUnitsAbove(int height, AddressAccount account) {
        return account.coins().values().stream()
            .filter(coin -> coin.isCoinbase() && coin.height() > height)
            .mapToLong(OwnedCoin::units)
            .sum();
      }
    };
  }

  private Optional<AddressAccount> read(Bytes script, HeaderNode tip) {
    AddressAccount account = new AddressAccount(script);
    Map<Hash256, HistoryEntry> history = new LinkedHashMap<>();
    Position after = Position.START;
    boolean isMore = true;
    for (int read = 0; isMore; read += PAGE_OUTPUTS) {
      if (read >= MAX_OUTPUTS) {
        throw ApiFault.busy("the address has more than " + MAX_OUTPUTS + " outputs", 3_600);
      }
      Page page = addresses.outputs(script, after, PAGE_OUTPUTS);
      for (IndexedOutput output : page.outputs()) {
        if (output.position().height() <= tip.height()) {
          take(output, account, history, tip);
        }
        after = output.position();
      }
      isMore = page.hasMore();
    }
    List<HistoryEntry> entries = new ArrayList<>(history.values());
    Map<Hash256, Integer> places = new HashMap<>();
    entries.sort(
        Comparator.comparingInt(HistoryEntry::height)
            .thenComparingInt(entry -> places.computeIfAbsent(entry.txid(), this::place)));
    entries.forEach(entry -> account.note(entry.txid(), entry.height(), entry.units()));
    return account.isEmpty() ? Optional.empty() : Optional.of(account);
  }

  private void take(
      IndexedOutput output,
      AddressAccount account,
      Map<Hash256, HistoryEntry> history,
      HeaderNode tip) {
    OutPoint outPoint = output.position().outPoint();
    int height = output.position().height();
    note(outPoint.txid(), height, output.units(), history);
    Spender by = output.spentBy().filter(of -> of.height() <= tip.height()).orElse(null);
    if (by == null) {
      boolean isCoinbase = engine.coin(outPoint).map(Coin::isCoinbase).orElse(false);
      account.receive(outPoint, new OwnedCoin(account, output.units(), height, isCoinbase));
    } else {
      note(by.txid(), by.height(), -output.units(), history);
    }
  }

  private static void note(
      Hash256 txid, int height, long units, Map<Hash256, HistoryEntry> history) {
    history.merge(
        txid,
        new HistoryEntry(txid, height, units),
        (a, b) -> new HistoryEntry(txid, height, a.units() + b.units()));
  }

  /** Read from the disk; asked for entries of one block only. */
  private int place(Hash256 txid) {
    return transactions.find(txid).map(Place::index).orElse(0);
  }
}
