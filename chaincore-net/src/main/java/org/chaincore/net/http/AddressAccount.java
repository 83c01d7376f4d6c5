package org.chaincore.net.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;

/** The coins and the history of one output script on the chain. Guarded by the index's lock. */
final class AddressAccount {
  /**
   * A coin, spent or not.
   *
   * @param account whose it is
   * @param units its worth
   * @param height of the block that made it
   * @param isCoinbase whether it has to mature
   */
  record OwnedCoin(AddressAccount account, long units, int height, boolean isCoinbase) {}

  /**
   * A transaction that paid to the account or from it.
   *
   * @param txid which
   * @param height of its block
   * @param units what it brought, negative if it took more
   */
  record HistoryEntry(Hash256 txid, int height, long units) {}

  private final Bytes script;
  private final Map<OutPoint, OwnedCoin> coins = new LinkedHashMap<>();
  private final List<HistoryEntry> history = new ArrayList<>();
  private long balanceUnits;

  AddressAccount(Bytes script) {
    this.script = script;
  }

  Bytes script() {
    return script;
  }

  long balanceUnits() {
    return balanceUnits;
  }

  /** What is not spent, in the order in which it came. */
  Map<OutPoint, OwnedCoin> coins() {
    return coins;
  }

  /** Oldest first. */
  List<HistoryEntry> history() {
    return history;
  }

  boolean isEmpty() {
    return history.isEmpty();
  }

  void receive(OutPoint outPoint, OwnedCoin coin) {
    coins.put(outPoint, coin);
    balanceUnits += coin.units();
  }

  void spend(OutPoint outPoint, OwnedCoin coin) {
    coins.remove(outPoint);
    balanceUnits -= coin.units();
  }

  /** A transaction did something here; what it does is added up to one entry. */
  void note(Hash256 txid, int height, long units) {
    int last = history.size() - 1;
    if (last >= 0 && history.get(last).txid().equals(txid)) {
      history.set(last, new HistoryEntry(txid, height, history.get(last).units() + units));
    } else {
      history.add(new HistoryEntry(txid, height, units));
    }
  }

  /** The transaction that was noted last is off the chain. */
  void forget(Hash256 txid) {
    int last = history.size() - 1;
    if (last >= 0 && history.get(last).txid().equals(txid)) {
      history.remove(last);
    }
  }
}
