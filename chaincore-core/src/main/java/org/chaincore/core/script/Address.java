package org.chaincore.core.script;

import org.chaincore.core.script.InvalidAddressException.Reason;
import org.chaincore.core.value.Bytes;

/**
 * A spendable template as people write it down: base58check for P2PKH, bech32 (BIP173) for P2WPKH,
 * bech32m (BIP350) for P2TR. Immutable and thread-safe.
 *
 * @param format the network's
 * @param template what an output to this address says
 */
public record Address(AddressFormat format, SpendableTemplate template) {
  /** The longest base58check text of a version byte and 20 bytes. */
  private static final int LONGEST_BASE58 = 35;

  private static final int TAPROOT_VERSION = 1;
  private static final int WITNESS_SCRIPT_HASH_BYTES = 32;
  private static final int LARGEST_WITNESS_VERSION = 16;
  private static final int SHORTEST_PROGRAM = 2;
  private static final int LONGEST_PROGRAM = 40;

  /**
   * Reads an address of one network.
   *
   * @throws InvalidAddressException if it is none; its reason says why
   */
  public static Address parse(String text, AddressFormat format) {
    return new Address(
        format, isSegwit(text, format) ? segwit(text, format) : base58(text, format));
  }

  /** An address is told by its length, and by its prefix where it was cut short. */
  private static boolean isSegwit(String text, AddressFormat format) {
    if (text.length() > LONGEST_BASE58) {
      return true;
    }
    String prefix = format.segwitPrefix() + "1";
    return text.regionMatches(true, 0, prefix, 0, prefix.length()) && !isBase58(text);
  }

  private static boolean isBase58(String text) {
    try {
      Base58.decodeChecked(text);
      return true;
    } catch (InvalidAddressException e) {
      return false;
    }
  }

  private static SpendableTemplate base58(String text, AddressFormat format) {
    Bytes decoded = Base58.decodeChecked(text);
    if (decoded.length() != 1 + Hash160.BYTES) {
      throw new InvalidAddressException(
          Reason.LENGTH, "holds " + (decoded.length() - 1) + " bytes, not a hash of 20");
    }
    int version = decoded.unsignedAt(0);
    if (version == format.scriptHashVersion()) {
      throw new InvalidAddressException(
          Reason.SCRIPT_HASH, "pays to a script hash (P2SH), which cannot be spent here");
    }
    if (version != format.pubkeyHashVersion()) {
      throw new InvalidAddressException(
          Reason.WRONG_NETWORK,
          "version " + version + " where this network has " + format.pubkeyHashVersion());
    }
    return new PayToPubkeyHash(decoded.slice(1, decoded.length()));
  }

  private static SpendableTemplate segwit(String text, AddressFormat format) {
    Bech32 decoded = Bech32.decode(text);
    if (!decoded.prefix().equals(format.segwitPrefix())) {
      throw new InvalidAddressException(
          Reason.WRONG_NETWORK,
          "prefix of another network where this one has " + format.segwitPrefix());
    }
    if (decoded.values().isEmpty()) {
      throw new InvalidAddressException(Reason.LENGTH, "no witness version and no program");
    }
    int version = decoded.values().at(0);
    if (version > LARGEST_WITNESS_VERSION) {
      throw new InvalidAddressException(
          Reason.WITNESS_VERSION, "witness version outside 0..16: " + version);
    }
    Bech32.Variant expected = version == 0 ? Bech32.Variant.BECH32 : Bech32.Variant.BECH32M;
    if (decoded.variant() != expected) {
      throw new InvalidAddressException(
          Reason.CHECKSUM,
          decoded.variant() + " checksum, but witness version " + version + " has " + expected);
    }
    return witness(version, decoded.bytesFrom(1));
  }

  private static SpendableTemplate witness(int version, Bytes program) {
    int length = program.length();
    if (length < SHORTEST_PROGRAM || length > LONGEST_PROGRAM) {
      throw new InvalidAddressException(
          Reason.LENGTH, "witness program of " + length + " bytes, not 2..40");
    }
    if (version == 0 && length == Hash160.BYTES) {
      return new PayToWitnessPubkeyHash(program);
    }
    if (version == 0 && length == WITNESS_SCRIPT_HASH_BYTES) {
      throw new InvalidAddressException(
          Reason.SCRIPT_HASH, "pays to a script hash (P2WSH), which cannot be spent here");
    }
    if (version == TAPROOT_VERSION && length == XOnlyPublicKey.BYTES) {
      return new PayToTaproot(program);
    }
    if (version > TAPROOT_VERSION) {
      throw new InvalidAddressException(
          Reason.WITNESS_VERSION, "witness version " + version + " has no meaning here");
    }
    throw new InvalidAddressException(
        Reason.LENGTH, "witness version " + version + " with a program of " + length + " bytes");
  }

  /** The scriptPubKey that pays to this address. */
  public Bytes script() {
    return template.script();
  }

  /** The address as people write it, witness addresses in lower case. */
  @Override
  public String toString() {
    if (template instanceof PayToPubkeyHash legacy) {
      return Base58.encodeChecked(format.pubkeyHashVersion(), legacy.hash());
    }
    if (template instanceof PayToTaproot taproot) {
      return bech32(TAPROOT_VERSION, taproot.outputKey(), Bech32.Variant.BECH32M);
    }
    return bech32(0, ((PayToWitnessPubkeyHash) template).hash(), Bech32.Variant.BECH32);
  }

  private String bech32(int version, Bytes program, Bech32.Variant variant) {
    return new Bech32(format.segwitPrefix(), Bech32.toGroups(version, program), variant).encode();
  }
}
