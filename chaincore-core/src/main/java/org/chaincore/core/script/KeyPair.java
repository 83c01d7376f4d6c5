package org.chaincore.core.script;

import java.util.Arrays;
import org.chaincore.core.script.InvalidAddressException.Reason;
import org.chaincore.core.value.Bytes;

/**
 * A private key and the public key that its outputs show, with the outputs that it can spend.
 * Thread-safe. Its text shows only the public key.
 */
public final class KeyPair {
  private static final int COMPRESSED_MARK = 1;

  /** The longest base58check text of an exported key. */
  private static final int LONGEST_WIF = 53;

  private final PrivateKey privateKey;
  private final PublicKey publicKey;

  private KeyPair(PrivateKey privateKey, PublicKey publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  /** With a compressed public key. */
  public static KeyPair of(PrivateKey privateKey) {
    return new KeyPair(privateKey, privateKey.publicKey());
  }

  /** With an uncompressed public key, as old wallets have them; good for P2PKH only. */
  public static KeyPair uncompressed(PrivateKey privateKey) {
    return new KeyPair(privateKey, privateKey.uncompressedPublicKey());
  }

  /** Of a seed of 32 random bytes, the same pair each time. */
  public static KeyPair ofSeed(byte[] seed) {
    return of(PrivateKey.ofSeed(seed));
  }

  /**
   * Reads an exported key (wallet import format).
   *
   * @throws InvalidAddressException if it is none of this network; nothing of it is shown
   */
  public static KeyPair parseWif(String text, AddressFormat format) {
    if (text.length() > LONGEST_WIF) {
      throw new InvalidAddressException(
          Reason.LENGTH, "too long for an exported key: " + text.length() + " characters");
    }
    byte[] decoded = Base58.decodeCheckedSecret(text);
    try {
      return ofWif(decoded, format);
    } finally {
      Arrays.fill(decoded, (byte) 0);
    }
  }

  private static KeyPair ofWif(byte[] decoded, AddressFormat format) {
    int version = decoded[0] & 0xff;
    if (version != format.privateKeyVersion()) {
      throw new InvalidAddressException(
          Reason.WRONG_NETWORK,
          "version " + version + " where this network has " + format.privateKeyVersion());
    }
    int length = decoded.length - 1;
    boolean compressed =
        length == PrivateKey.BYTES + 1 && decoded[decoded.length - 1] == COMPRESSED_MARK;
    if (length != PrivateKey.BYTES && !compressed) {
      throw new InvalidAddressException(
          Reason.LENGTH, "neither a key of 32 bytes nor one with the mark of a compressed key");
    }
    byte[] secret = Arrays.copyOfRange(decoded, 1, 1 + PrivateKey.BYTES);
    try {
      PrivateKey key = PrivateKey.of(secret);
      return compressed ? of(key) : uncompressed(key);
    } catch (IllegalArgumentException e) {
      throw new InvalidAddressException(Reason.KEY, "an exported key is a number from 1 to n-1");
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /** The private key as a text that {@link #parseWif} reads: a secret. */
  public String toWif(AddressFormat format) {
    byte[] secret = privateKey.toSecretBytes();
    byte[] payload =
        publicKey.isCompressed() ? Arrays.copyOf(secret, PrivateKey.BYTES + 1) : secret;
    if (publicKey.isCompressed()) {
      payload[PrivateKey.BYTES] = COMPRESSED_MARK;
    }
    String text = Base58.encodeChecked(format.privateKeyVersion(), Bytes.of(payload));
    Arrays.fill(secret, (byte) 0);
    Arrays.fill(payload, (byte) 0);
    return text;
  }

  public PrivateKey privateKey() {
    return privateKey;
  }

  public PublicKey publicKey() {
    return publicKey;
  }

  public PayToPubkeyHash payToPubkeyHash() {
    return new PayToPubkeyHash(publicKey.hash160());
  }

  /**
   * The P2WPKH output of this key.
   *
   * @throws IllegalStateException if the public key is uncompressed, which could never be spent
   */
  public PayToWitnessPubkeyHash payToWitnessPubkeyHash() {
    if (!publicKey.isCompressed()) {
      throw new IllegalStateException("P2WPKH needs a compressed public key");
    }
    return new PayToWitnessPubkeyHash(publicKey.hash160());
  }

  /** The P2TR output with this key as its internal key and no script tree (BIP86). */
  public PayToTaproot payToTaproot() {
    return new PayToTaproot(publicKey.xOnly().taprootOutputKey().x());
  }

  /** Only the public key. */
  @Override
  public String toString() {
    return "key pair " + publicKey;
  }
}
