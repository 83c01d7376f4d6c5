package org.chaincore.net.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.script.DataOutput;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.net.http.AddressAccount.OwnedCoin;
import org.jspecify.annotations.Nullable;

/**
 * Who owned what on the chain, block by block forth and back. It keeps coins that are spent, so
 * that taking a block back needs no more than the block. Guarded by the index's lock.
 */
final class AddressLedger implements Ownership {
  private final Map<Bytes, AddressAccount> accounts = new HashMap<>();
  private final Map<OutPoint, OwnedCoin> everyCoin = new HashMap<>();
  private final Map<Hash256, HeaderNode> transactions = new HashMap<>();
  private final TreeMap<Integer, List<OutPoint>> coinbases = new TreeMap<>();

  /** How many coins there are and were. */
  int coins() {
    return everyCoin.size();
  }

  @Override
  public Optional<AddressAccount> account(Bytes script) {
    return Optional.ofNullable(accounts.get(script));
  }

  Optional<OwnedCoin> coin(OutPoint outPoint) {
    return Optional.ofNullable(everyCoin.get(outPoint));
  }

  @Override
  public Optional<HeaderNode> blockOf(Hash256 txid) {
    return Optional.ofNullable(transactions.get(txid));
  }

  @Override
  public long coinbaseUnitsAbove(int height, AddressAccount account) {
    long units = 0;
    for (List<OutPoint> made : coinbases.tailMap(height, false).values()) {
      for (OutPoint outPoint : made) {
        OwnedCoin coin = account.coins().get(outPoint);
        units += coin == null ? 0 : coin.units();
      }
    }
    return units;
  }

  void connect(HeaderNode node, Block block) {
    int height = node.height();
    for (Transaction transaction : block.transactions()) {
      Hash256 txid = transaction.txid();
      transactions.put(txid, node);
      for (TransactionInput input : transaction.inputs()) {
        OwnedCoin spent = everyCoin.get(input.previousOutput());
        if (spent != null) {
          spent.account().spend(input.previousOutput(), spent);
          spent.account().note(txid, height, -spent.units());
        }
      }
      for (int i = 0; i < transaction.outputs().size(); i++) {
        receive(transaction, i, height);
      }
    }
  }

  private void receive(Transaction transaction, int index, int height) {
    TransactionOutput output = transaction.outputs().get(index);
    if (DataOutput.matches(output.script())) {
      return;
    }
    AddressAccount account = accounts.computeIfAbsent(output.script(), AddressAccount::new);
    OutPoint outPoint = transaction.outPoint(index);
    OwnedCoin coin = new OwnedCoin(account, output.units(), height, transaction.isCoinbase());
    everyCoin.put(outPoint, coin);
    account.receive(outPoint, coin);
    account.note(transaction.txid(), height, output.units());
    if (coin.isCoinbase()) {
      coinbases.computeIfAbsent(height, made -> new ArrayList<>(1)).add(outPoint);
    }
  }

  void disconnect(HeaderNode node, Block block) {
    coinbases.remove(node.height());
    for (int i = block.transactions().size() - 1; i >= 0; i--) {
      Transaction transaction = block.transactions().get(i);
      Hash256 txid = transaction.txid();
      transactions.remove(txid);
      for (int o = transaction.outputs().size() - 1; o >= 0; o--) {
        OutPoint outPoint = transaction.outPoint(o);
        @Nullable OwnedCoin made = everyCoin.remove(outPoint);
        if (made != null) {
          made.account().spend(outPoint, made);
          forget(made.account(), txid);
        }
      }
      for (TransactionInput input : transaction.inputs()) {
        @Nullable OwnedCoin spent = everyCoin.get(input.previousOutput());
        if (spent != null) {
          spent.account().receive(input.previousOutput(), spent);
          forget(spent.account(), txid);
        }
      }
    }
  }

  private void forget(AddressAccount account, Hash256 txid) {
    account.forget(txid);
    if (account.isEmpty()) {
      accounts.remove(account.script());
    }
  }
}
