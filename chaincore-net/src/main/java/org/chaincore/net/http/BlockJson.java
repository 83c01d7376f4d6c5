package org.chaincore.net.http;

import java.util.Optional;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.script.Address;
import org.chaincore.core.script.AddressFormat;
import org.chaincore.core.script.OutputTemplate;
import org.chaincore.core.script.SpendableTemplate;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Target;

/** Writes blocks and transactions as clients read them. Immutable. */
final class BlockJson {
  private final AddressFormat addresses;

  BlockJson(AddressFormat addresses) {
    this.addresses = addresses;
  }

  /** Levels are log16 of the work, so that each is one more zero digit of the hash. */
  static int level(int bits) {
    return Target.decode(bits).map(target -> target.work().level()).orElse(0);
  }

  static String bits(int bits) {
    return String.format("%08x", bits);
  }

  static String target(int bits) {
    return Target.decode(bits)
        .map(target -> String.format("%064x", target.toBigInteger()))
        .orElse("");
  }

  /** The members of a block, into an object that is open. */
  JsonWriter block(JsonWriter out, int height, Block block) {
    header(out, height, block.header());
    out.put("version", block.header().version())
        .put("bits", bits(block.header().bits()))
        .put("transaction_count", block.transactions().size())
        .put("block_size", block.size())
        .array("transactions");
    for (Transaction transaction : block.transactions()) {
      transaction(out.element(), transaction).end();
    }
    return out.end();
  }

  static JsonWriter header(JsonWriter out, int height, BlockHeader header) {
    return out.put("index", height)
        .put("hash", header.hash().toString())
        .put("previous_hash", header.previous().toString())
        .seconds("timestamp", header.time() * 1_000)
        .put("target_difficulty", level(header.bits()))
        .put("nonce", Integer.toUnsignedLong(header.nonce()))
        .put("merkle_root", header.merkleRoot().toString());
  }

  /** The members of a transaction, into an object that is open. */
  JsonWriter transaction(JsonWriter out, Transaction transaction) {
    out.put("tx_id", transaction.txid().toString())
        .put("version", transaction.version())
        .array("inputs");
    for (TransactionInput input : transaction.inputs()) {
      input(out.element(), input).end();
    }
    out.end().array("outputs");
    for (TransactionOutput output : transaction.outputs()) {
      output(out.element(), output).end();
    }
    return out.end()
        .put("lock_time", transaction.lockTime())
        .put("wtx_id", transaction.wtxid().toString())
        .put("size", transaction.size())
        .put("virtual_size", transaction.virtualSize());
  }

  private static JsonWriter input(JsonWriter out, TransactionInput input) {
    out.put("tx_id", input.previousOutput().txid().toString())
        .put("output_index", Integer.toUnsignedLong(input.previousOutput().index()))
        .put("script_sig", input.scriptSig().toHex())
        .put("sequence", input.sequence())
        .array("witness");
    for (Bytes element : input.witness().stack()) {
      out.element(element.toHex());
    }
    return out.end();
  }

  private JsonWriter output(JsonWriter out, TransactionOutput output) {
    return out.coins("amount", output.units())
        .put("recipient_address", address(output.script()))
        .put("script_pubkey", output.script().toHex());
  }

  /** Who can spend what has this script; nothing for outputs that nobody can spend. */
  Optional<String> address(Bytes script) {
    return OutputTemplate.parse(script)
        .filter(SpendableTemplate.class::isInstance)
        .map(template -> new Address(addresses, (SpendableTemplate) template).toString());
  }
}
