package org.chaincore.core.config;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.script.DataOutput;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;

/**
 * The first blocks. Nobody mined them for a reward: a genesis coinbase creates no coin that could
 * be spent.
 */
final class Genesis {
  private static final int OP_CHECKSIG = 0xac;
  private static final int MAX_TEXT_BYTES = 75;

  /** The coinbase text and the public key of Bitcoin's first block, shared by all its networks. */
  private static final String BITCOIN_TEXT =
      "The Times 03/Jan/2009 Chancellor on brink of second bailout for banks";

  private static final String BITCOIN_KEY =
      "04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb6"
          + "49f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5f";

  private Genesis() {}

  static Block chaincore() {
    return withNonce(
        ofText("ChainCore, a chain of your own, 1 November 2026", 1_793_491_200L, 0x1e00ffff),
        CHAINCORE_NONCE);
  }

  private static final int CHAINCORE_NONCE = 11_111_296;

  private static Block withNonce(Block block, int nonce) {
    return new Block(block.header().withNonce(nonce), block.transactions());
  }

  /** A genesis whose coinbase carries {@code text} and pays nothing. */
  static Block ofText(String text, long time, int bits) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Ranges.require("genesis text bytes", bytes.length, 2, MAX_TEXT_BYTES);
    Bytes scriptSig = ByteWriter.create().uint8(bytes.length).bytes(bytes).toBytes();
    TransactionOutput nothing =
        TransactionOutput.of(Amount.ZERO, new DataOutput(Bytes.EMPTY).script());
    return block(coinbase(scriptSig, nothing), time, bits, 0);
  }

  /** Bitcoin's genesis with the time, bits and nonce of one of its networks. */
  static Block bitcoin(long time, int bits, int nonce) {
    byte[] text = BITCOIN_TEXT.getBytes(StandardCharsets.US_ASCII);
    Bytes scriptSig =
        ByteWriter.create()
            .bytes(HexFormat.of().parseHex("04ffff001d0104"))
            .uint8(text.length)
            .bytes(text)
            .toBytes();
    Bytes key = Bytes.parse(BITCOIN_KEY);
    Bytes script = ByteWriter.create().varBytes(key).uint8(OP_CHECKSIG).toBytes();
    TransactionOutput reward = TransactionOutput.of(Amount.ofCoins(50), script);
    return block(coinbase(scriptSig, reward), time, bits, nonce);
  }

  private static Transaction coinbase(Bytes scriptSig, TransactionOutput output) {
    TransactionInput input =
        new TransactionInput(
            OutPoint.NULL, scriptSig, TransactionInput.FINAL_SEQUENCE, Witness.EMPTY);
    return Transaction.of(1, List.of(input), List.of(output), 0);
  }

  private static Block block(Transaction coinbase, long time, int bits, int nonce) {
    BlockHeader header = BlockHeader.of(1, Hash256.ZERO, coinbase.txid(), time, bits, nonce);
    return new Block(header, List.of(coinbase));
  }
}
