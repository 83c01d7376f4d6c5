package org.chaincore.core.script;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;

/** Keys, networks and transactions of the tests of this package. */
final class Samples {
  static final AddressFormat MAINNET = new AddressFormat(0, 5, 128, "bc");
  static final AddressFormat TESTNET = new AddressFormat(111, 196, 239, "tb");

  private Samples() {}

  static KeyPair key(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    seed[1] = (byte) (number >>> 8);
    return KeyPair.ofSeed(seed);
  }

  static Bytes randomBytes(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Bytes.of(bytes);
  }

  static Hash256 randomHash(RandomGenerator random) {
    return Hash256.ofWords(
        random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  static TransactionOutput output(long units, OutputTemplate template) {
    return new TransactionOutput(units, template.script());
  }

  /** An unsigned transaction with this many inputs and outputs. */
  static Transaction unsigned(int inputs, int outputs) {
    List<TransactionInput> spending = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      OutPoint coin = new OutPoint(Hash256.ofWords(7, 7, 7, i), i);
      spending.add(TransactionInput.spending(coin).withSequence(0xffff_fff0L + i % 10));
    }
    List<TransactionOutput> paying = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      paying.add(output(1000L + i, key(1000 + i).payToWitnessPubkeyHash()));
    }
    return Transaction.of(2, spending, paying, 500);
  }

  /** Bytes with one byte changed, put in or taken out. */
  static Bytes mutated(RandomGenerator random, Bytes bytes) {
    int at = bytes.isEmpty() ? 0 : random.nextInt(bytes.length());
    byte any = (byte) random.nextInt(256);
    return switch (bytes.isEmpty() ? 1 : random.nextInt(3)) {
      case 0 -> join(bytes.slice(0, at), Bytes.of(any), bytes.slice(at + 1, bytes.length()));
      case 1 -> join(bytes.slice(0, at), Bytes.of(any), bytes.slice(at, bytes.length()));
      default -> join(bytes.slice(0, at), bytes.slice(at + 1, bytes.length()));
    };
  }

  static Bytes join(Bytes... parts) {
    StringBuilder hex = new StringBuilder();
    for (Bytes part : parts) {
      hex.append(part.toHex());
    }
    return Bytes.parse(hex.toString());
  }

  /** A text with one character changed, put in or taken out. */
  static String mutated(RandomGenerator random, String text) {
    int at = random.nextInt(text.length());
    char any = (char) (random.nextInt(10) == 0 ? random.nextInt(0x200) : 33 + random.nextInt(94));
    return switch (random.nextInt(4)) {
      case 0 -> text.substring(0, at) + any + text.substring(at + 1);
      case 1 -> text.substring(0, at) + any + text.substring(at);
      case 2 -> text.substring(0, at) + text.substring(at + 1);
      default -> text.substring(0, at);
    };
  }
}
