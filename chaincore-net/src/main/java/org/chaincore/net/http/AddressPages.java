package org.chaincore.net.http;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.net.http.AddressAccount.HistoryEntry;
import org.chaincore.net.http.AddressAccount.OwnedCoin;

/** What addresses own and did. Thread-safe. */
final class AddressPages {
  /** Coins or transactions of one page. */
  static final int MAX_ENTRIES = 100;

  private final NodeDesk node;

  AddressPages(NodeDesk node) {
    this.node = node;
  }

  private AddressIndex index() {
    AddressIndex index = node.sources().desks().index();
    if (index == null) {
      throw ApiFault.busy("this node keeps no index of addresses", 3_600);
    }
    return index;
  }

  /** The address as it is written, and its script. */
  private record Asked(String address, Bytes script) {}

  private Asked asked(Call call) {
    String address = call.inPath("address");
    return new Asked(address, node.reader().address(address).script());
  }

  private int maturity() {
    return node.params().emission().coinbaseMaturityBlocks();
  }

  ApiResponse balance(Call call) {
    Asked asked = asked(call);
    return index().ask(books -> balance(asked, books));
  }

  private ApiResponse balance(Asked asked, AddressIndex.Books books) {
    Optional<AddressAccount> account = books.ledger().account(asked.script());
    long units = account.map(AddressAccount::balanceUnits).orElse(0L);
    long immature =
        account
            .map(of -> books.ledger().coinbaseUnitsAbove(books.tip().height() + 1 - maturity(), of))
            .orElse(0L);
    long pending =
        books.pending().of(asked.script()).values().stream().mapToLong(Long::longValue).sum();
    return ApiResponse.ok(
        JsonWriter.object()
            .coins("balance", units)
            .put("address", asked.address())
            .coins("mature", units - immature)
            .coins("immature", immature)
            .coins("pending", pending)
            .put("utxo_count", account.map(of -> of.coins().size()).orElse(0))
            .put("height", books.tip().height())
            .end());
  }

  ApiResponse coins(Call call) {
    Asked asked = asked(call);
    int start = (int) call.number("start", 0, Integer.MAX_VALUE, 0);
    int limit = call.limit(MAX_ENTRIES);
    return index().ask(books -> coins(asked, books, start, limit));
  }

  private ApiResponse coins(Asked asked, AddressIndex.Books books, int start, int limit) {
    Map<OutPoint, OwnedCoin> coins =
        books.ledger().account(asked.script()).map(AddressAccount::coins).orElse(Map.of());
    JsonWriter out = JsonWriter.object().put("address", asked.address()).array("utxos");
    Iterator<Map.Entry<OutPoint, OwnedCoin>> entries = coins.entrySet().iterator();
    int count = 0;
    for (int i = 0; entries.hasNext() && count < limit; i++) {
      Map.Entry<OutPoint, OwnedCoin> entry = entries.next();
      if (i >= start) {
        coin(entry.getKey(), entry.getValue(), asked, books, out);
        count++;
      }
    }
    out.end().put("count", count).put("total", coins.size());
    return ApiResponse.ok(next(out, entries.hasNext(), start + count).end());
  }

  private void coin(
      OutPoint outPoint, OwnedCoin coin, Asked asked, AddressIndex.Books books, JsonWriter out) {
    int confirmations = books.tip().height() - coin.height() + 1;
    out.element()
        .put("tx_id", outPoint.txid().toString())
        .put("output_index", Integer.toUnsignedLong(outPoint.index()))
        .coins("amount", coin.units())
        .put("recipient_address", asked.address())
        .put("script_pubkey", asked.script().toHex())
        .put("height", coin.height())
        .put("confirmations", confirmations)
        .put("coinbase", coin.isCoinbase())
        .put("mature", !coin.isCoinbase() || confirmations >= maturity())
        .put("spent_in_pool", books.pending().isSpent(outPoint))
        .end();
  }

  ApiResponse history(Call call) {
    Asked asked = asked(call);
    int start = (int) call.number("start", 0, Integer.MAX_VALUE, 0);
    int limit = call.limit(MAX_ENTRIES);
    return index().ask(books -> history(asked, books, start, limit));
  }

  /** What is on the chain, oldest first, and then what waits. */
  private static ApiResponse history(Asked asked, AddressIndex.Books books, int start, int limit) {
    List<HistoryEntry> settled =
        books.ledger().account(asked.script()).map(AddressAccount::history).orElse(List.of());
    List<Map.Entry<Hash256, Long>> waiting =
        List.copyOf(books.pending().of(asked.script()).entrySet());
    int total = settled.size() + waiting.size();
    int end = (int) Math.min(total, (long) start + limit);
    JsonWriter out = JsonWriter.object().put("address", asked.address()).array("transactions");
    for (int i = start; i < end; i++) {
      if (i < settled.size()) {
        settled(settled.get(i), books, out.element()).end();
      } else {
        Map.Entry<Hash256, Long> entry = waiting.get(i - settled.size());
        out.element()
            .put("tx_id", entry.getKey().toString())
            .coins("amount", entry.getValue())
            .nothing("block_index")
            .nothing("block_hash")
            .nothing("timestamp")
            .put("confirmations", 0)
            .end();
      }
    }
    out.end().put("count", Math.max(0, end - start)).put("total", total);
    return ApiResponse.ok(next(out, end < total && start < end, end).end());
  }

  private static JsonWriter settled(HistoryEntry entry, AddressIndex.Books books, JsonWriter out) {
    HeaderNode block = Objects.requireNonNull(books.tip().ancestor(entry.height()));
    return out.put("tx_id", entry.txid().toString())
        .coins("amount", entry.units())
        .put("block_index", entry.height())
        .put("block_hash", block.hash().toString())
        .seconds("timestamp", block.header().time() * 1_000)
        .put("confirmations", books.tip().height() - entry.height() + 1);
  }

  private static JsonWriter next(JsonWriter out, boolean isMore, int next) {
    return isMore ? out.put("next", next) : out.nothing("next");
  }
}
