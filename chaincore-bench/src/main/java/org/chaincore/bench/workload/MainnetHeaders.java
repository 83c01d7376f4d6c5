package org.chaincore.bench.workload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.bitcoinj.core.BlockChain;
import org.bitcoinj.core.Context;
import org.bitcoinj.core.MessageSerializer;
import org.bitcoinj.core.NetworkParameters;
import org.bitcoinj.params.MainNetParams;
import org.bitcoinj.store.MemoryBlockStore;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.chain.HeaderChain;
import org.chaincore.core.chain.HeaderOutcome;
import org.chaincore.core.chain.HeaderTree;
import org.chaincore.core.config.Networks;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.chaincore.core.value.Target;

/**
 * The first 10,237 headers of Bitcoin, from bytes to a chain with a tip. Read from {@code
 * -Dchaincore.vectors}, else from {@code ../shared/vectors} beside the working directory.
 */
public final class MainnetHeaders {
  private static final String FILE = "headers-mainnet/h000000-010236.bin";

  /** Years after the last of the headers. */
  private static final long NOW = 1_700_000_000L;

  private final byte[] bytes;

  private MainnetHeaders(byte[] bytes) {
    this.bytes = bytes;
  }

  public static MainnetHeaders load() throws IOException {
    Path vectors = Path.of(System.getProperty("chaincore.vectors", "../shared/vectors"));
    Path file = vectors.resolve(FILE);
    if (!Files.exists(file)) {
      throw new NoSuchFileException(
          file.toString(), null, "-Dchaincore.vectors=DIR names the place of the vectors");
    }
    return new MainnetHeaders(Files.readAllBytes(file));
  }

  private int count() {
    return bytes.length / BlockHeader.BYTES;
  }

  /** All header rules, by ChainCore. */
  public Work chaincore() {
    return new Work("chaincore", count(), () -> this::followByChainCore);
  }

  private Hash256 followByChainCore() {
    HeaderChain chain = HeaderChain.on(HeaderTree.of(Networks.bitcoinMainnet()));
    Sha256 hasher = Sha256.create();
    for (int at = 0; at < bytes.length; at += BlockHeader.BYTES) {
      HeaderOutcome outcome = chain.accept(BlockHeader.read(bytes, at, hasher), NOW);
      if (outcome instanceof HeaderOutcome.Refused refused) {
        throw new IllegalStateException(refused.rejection().toString());
      }
    }
    return chain.tip().hash();
  }

  /**
   * Header rules of bitcoinj 0.17.1 over its store in memory; its genesis is there, so the first is
   * left out.
   */
  public Work bitcoinj() {
    return new Work(
        "bitcoinj 0.17.1 MemoryBlockStore",
        count() - 1,
        () -> {
          Context.propagate(new Context());
          NetworkParameters params = MainNetParams.get();
          MessageSerializer serializer = params.getDefaultSerializer();
          BlockChain chain =
              new BlockChain(params.network(), new MemoryBlockStore(params.getGenesisBlock()));
          return () -> followByBitcoinj(chain, serializer);
        });
  }

  private Object followByBitcoinj(BlockChain chain, MessageSerializer serializer) throws Exception {
    for (int at = BlockHeader.BYTES; at < bytes.length; at += BlockHeader.BYTES) {
      byte[] header = Arrays.copyOfRange(bytes, at, at + BlockHeader.BYTES);
      if (!chain.add(serializer.makeBlock(ByteBuffer.wrap(header)))) {
        throw new IllegalStateException("bitcoinj did not connect the header at byte " + at);
      }
    }
    return chain.getChainHead().getHeader().getHash();
  }

  /**
   * The least that any follower of headers does: parse, hash, look up the parent, compare with the
   * target, remember.
   */
  public Work bareLoop() {
    return new Work("limit: bare loop", count(), () -> this::followBarely);
  }

  private Object followBarely() {
    Map<Hash256, Integer> heights = new HashMap<>();
    Sha256 hasher = Sha256.create();
    heights.put(Hash256.ZERO, -1);
    int bits = 0;
    Target target = Target.ofBits(0x1d00ffff);
    Hash256 last = Hash256.ZERO;
    for (int at = 0; at < bytes.length; at += BlockHeader.BYTES) {
      BlockHeader header = BlockHeader.read(bytes, at, hasher);
      Integer parent = heights.get(header.previous());
      if (header.bits() != bits) {
        bits = header.bits();
        target = Target.ofBits(bits);
      }
      if (parent == null || !target.isMetBy(header.hash())) {
        throw new IllegalStateException("bad header at byte " + at);
      }
      heights.put(header.hash(), parent + 1);
      last = header.hash();
    }
    return last;
  }

  /** The hashes alone. */
  public Work hashesOnly() {
    return new Work("limit: double SHA-256", count(), () -> this::hashAll);
  }

  private Object hashAll() {
    Sha256 hasher = Sha256.create();
    byte[] hash = new byte[Hash256.BYTES];
    int sum = 0;
    for (int at = 0; at < bytes.length; at += BlockHeader.BYTES) {
      hasher.doubleHash(bytes, at, BlockHeader.BYTES, hash, 0);
      sum += hash[0];
    }
    return sum;
  }
}
