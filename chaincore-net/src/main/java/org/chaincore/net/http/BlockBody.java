package org.chaincore.net.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.script.Address;
import org.chaincore.core.script.AddressFormat;
import org.chaincore.core.value.Bytes;

/**
 * Reads blocks and transactions that clients send: as the bytes that nodes exchange, in hex, or
 * member by member as {@link BlockJson} writes them. Immutable.
 */
final class BlockBody {
  private static final long MAX_UINT32 = 0xffff_ffffL;

  private final AddressFormat addresses;

  BlockBody(AddressFormat addresses) {
    this.addresses = addresses;
  }

  Block block(JsonBody body) {
    JsonBody block = body.has("block") ? body.object("block") : body;
    if (block.has("hex")) {
      return parsed(block.hex("hex"), Block::parse);
    }
    List<Transaction> transactions = new ArrayList<>();
    for (JsonBody transaction : block.objects("transactions")) {
      transactions.add(transaction(transaction));
    }
    Block read = checked(() -> new Block(header(block), transactions));
    if (block.has("hash") && !block.hash("hash").equals(read.hash())) {
      throw ApiFault.badRequest("hash is not that of the header, which is " + read.hash());
    }
    return read;
  }

  private static BlockHeader header(JsonBody block) {
    return BlockHeader.of(
        (int) block.number("version", Integer.MIN_VALUE, MAX_UINT32),
        block.hash("previous_hash"),
        block.hash("merkle_root"),
        block.number("timestamp", 0, MAX_UINT32),
        bits(block),
        (int) block.number("nonce", 0, MAX_UINT32));
  }

  private static int bits(JsonBody block) {
    String text = block.text("bits");
    if (!text.matches("[0-9a-fA-F]{8}")) {
      throw ApiFault.badRequest("bits is not 8 hex digits");
    }
    return Integer.parseUnsignedInt(text, 16);
  }

  Transaction transaction(JsonBody body) {
    JsonBody transaction = body.has("transaction") ? body.object("transaction") : body;
    if (transaction.has("hex")) {
      return parsed(transaction.hex("hex"), Transaction::parse);
    }
    List<TransactionInput> inputs = new ArrayList<>();
    for (JsonBody input : transaction.objects("inputs")) {
      inputs.add(input(input));
    }
    List<TransactionOutput> outputs = new ArrayList<>();
    for (JsonBody output : transaction.objects("outputs")) {
      outputs.add(output(output));
    }
    int version = (int) transaction.number("version", Integer.MIN_VALUE, MAX_UINT32, 1);
    long lockTime = transaction.number("lock_time", 0, MAX_UINT32, 0);
    Transaction read = checked(() -> Transaction.of(version, inputs, outputs, lockTime));
    if (transaction.has("tx_id") && !transaction.hash("tx_id").equals(read.txid())) {
      throw ApiFault.badRequest("tx_id is not that of the transaction, which is " + read.txid());
    }
    return read;
  }

  private static TransactionInput input(JsonBody input) {
    OutPoint spent =
        new OutPoint(input.hash("tx_id"), (int) input.number("output_index", 0, MAX_UINT32));
    Bytes script = input.has("script_sig") ? input.hex("script_sig") : Bytes.EMPTY;
    long sequence = input.number("sequence", 0, MAX_UINT32, TransactionInput.FINAL_SEQUENCE);
    Witness witness = new Witness(input.hexList("witness"));
    return checked(() -> new TransactionInput(spent, script, sequence, witness));
  }

  private TransactionOutput output(JsonBody output) {
    long units = output.coins("amount");
    Bytes script =
        output.has("script_pubkey")
            ? output.hex("script_pubkey")
            : address(output.text("recipient_address")).script();
    return checked(() -> new TransactionOutput(units, script));
  }

  /** An address of this network. */
  Address address(String text) {
    try {
      return Address.parse(text, addresses);
    } catch (IllegalArgumentException invalid) {
      throw ApiFault.badRequest("not an address of this network");
    }
  }

  private static <T> T parsed(Bytes bytes, Function<byte[], T> parser) {
    try {
      return parser.apply(bytes.toArray());
    } catch (MalformedBytesException malformed) {
      throw ApiFault.badRequest(
          "hex: "
              + malformed.field()
              + " at byte "
              + malformed.offset()
              + ": "
              + malformed.reason());
    }
  }

  /** What the constructors of the field refuse is the client's mistake here. */
  private static <T> T checked(Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException malformed) {
      throw ApiFault.badRequest(String.valueOf(malformed.getMessage()));
    }
  }
}
