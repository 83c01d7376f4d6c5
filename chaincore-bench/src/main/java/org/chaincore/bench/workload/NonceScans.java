package org.chaincore.bench.workload;

import java.io.IOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import org.bitcoinj.base.Sha256Hash;
import org.bitcoinj.core.Context;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.pow.KernelChoice;
import org.chaincore.core.pow.NonceRange;
import org.chaincore.core.pow.NonceSearch;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.LittleEndian;

/**
 * One header, searched from nonce 0 to its first good one, which lies some hundred thousand nonces
 * up, by ChainCore and by others. Whoever hashes with bare digests looks at the top word only,
 * which is all that this header's other nonces need.
 */
public final class NonceScans {
  private static final int BITS = 0x1e00ffff;
  private static final long TIME = 1_800_000_000L;
  private static final int FEWEST = 200_000;
  private static final int MOST = 400_000;

  private final BlockHeader header;
  private final int goodNonce;
  private final KernelChoice measured = KernelChoice.measured(System::nanoTime);

  private NonceScans(BlockHeader header, int goodNonce) {
    this.header = header;
    this.goodNonce = goodNonce;
  }

  /** Looks for a header whose search takes about as long as one run should. */
  public static NonceScans prepare() {
    for (int salt = 0; ; salt++) {
      BlockHeader header =
          BlockHeader.of(1, Hash256.ZERO, Hash256.ofWords(salt, 1, 2, 3), TIME, BITS, 0);
      NonceSearch.Result result = NonceSearch.search(header, NonceRange.of(0, MOST), () -> false);
      if (result instanceof NonceSearch.Found found && found.header().nonce() > FEWEST) {
        return new NonceScans(header, found.header().nonce());
      }
    }
  }

  private int nonces() {
    return goodNonce + 1;
  }

  /** The search of the library, which hashes with what it has measured to be faster. */
  public Work chaincore() {
    return new Work("chaincore", nonces(), () -> () -> search(measured));
  }

  /** The library's search by the JDK's digest alone, from the state behind the first block on. */
  public Work chaincoreByDigest() {
    KernelChoice choice = KernelChoice.digest();
    return new Work("limit: MessageDigest with mid-state", nonces(), () -> () -> search(choice));
  }

  private Object search(KernelChoice choice) {
    return checked(NonceSearch.search(header, NonceRange.ALL, choice, () -> false));
  }

  private Object checked(NonceSearch.Result result) {
    if (result instanceof NonceSearch.Found found && found.header().nonce() == goodNonce) {
      return found;
    }
    throw new IllegalStateException("found " + result + " and not nonce " + goodNonce);
  }

  /** The JDK's digest over whole headers. */
  public Work messageDigest() {
    return new Work("MessageDigest", nonces(), () -> this::byMessageDigest);
  }

  private Object byMessageDigest() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] wire = header.toWire();
    byte[] hash = new byte[Hash256.BYTES];
    for (int nonce = 0; nonce <= goodNonce; nonce++) {
      LittleEndian.putInt(wire, 76, nonce);
      digest.update(wire);
      digest.digest(hash, 0, hash.length);
      digest.update(hash);
      digest.digest(hash, 0, hash.length);
      if (isGood(hash)) {
        return checked(nonce);
      }
    }
    throw new IllegalStateException("nothing found");
  }

  /** BouncyCastle's digest over whole headers. */
  public Work bouncyCastle() {
    return new Work("BouncyCastle", nonces(), () -> this::byBouncyCastle);
  }

  private Object byBouncyCastle() {
    SHA256Digest digest = new SHA256Digest();
    byte[] wire = header.toWire();
    byte[] hash = new byte[Hash256.BYTES];
    for (int nonce = 0; nonce <= goodNonce; nonce++) {
      LittleEndian.putInt(wire, 76, nonce);
      digest.update(wire, 0, wire.length);
      digest.doFinal(hash, 0);
      digest.update(hash, 0, hash.length);
      digest.doFinal(hash, 0);
      if (isGood(hash)) {
        return checked(nonce);
      }
    }
    throw new IllegalStateException("nothing found");
  }

  /** Nonces in a second of CPU time, by C. */
  public double compiledRate(CompiledNonces compiled) throws IOException {
    return compiled.rate(header.toWire(), goodNonce);
  }

  /** bitcoinj's {@code Block.solve}. */
  public Work bitcoinj() {
    return new Work(
        "bitcoinj",
        nonces(),
        () -> {
          Context.propagate(new Context());
          return this::byBitcoinj;
        });
  }

  private Object byBitcoinj() {
    org.bitcoinj.core.Block block =
        new org.bitcoinj.core.Block(
            1,
            Sha256Hash.ZERO_HASH,
            Sha256Hash.wrapReversed(header.merkleRoot().toWire()),
            Instant.ofEpochSecond(TIME),
            BITS,
            0,
            List.of());
    block.solve();
    return checked((int) block.getNonce());
  }

  /** The target's top 24 bits are zero, and the next 16 are ones. */
  private static boolean isGood(byte[] hash) {
    return LittleEndian.getInt(hash, 28) >>> 8 == 0;
  }

  private Object checked(int nonce) {
    if (nonce != goodNonce) {
      throw new IllegalStateException("found " + nonce + " and not " + goodNonce);
    }
    return nonce;
  }
}
