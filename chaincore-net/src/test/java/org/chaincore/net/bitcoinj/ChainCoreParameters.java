package org.chaincore.net.bitcoinj;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.bitcoinj.base.Coin;
import org.bitcoinj.base.internal.ByteUtils;
import org.bitcoinj.base.utils.MonetaryFormat;
import org.bitcoinj.core.BitcoinSerializer;
import org.bitcoinj.core.Block;
import org.bitcoinj.core.NetworkParameters;
import org.bitcoinj.core.StoredBlock;
import org.bitcoinj.core.VerificationException;
import org.bitcoinj.params.Networks;
import org.bitcoinj.store.BlockStore;
import org.bitcoinj.store.BlockStoreException;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.pow.EpochRetarget;

/**
 * A ChainCore network as bitcoinj's parameters: the recipe of docs/bitcoinj.md. Only the rule of
 * the {@code chaincore} network is here; a network with another rule needs that one.
 *
 * <p>Thread-safe.
 */
@SuppressWarnings("deprecation") // Of what has to be overridden some is deprecated.
final class ChainCoreParameters extends NetworkParameters {
  private static final int BITS_OF_LEVEL = 4;

  private final EpochRetarget rule;
  private final byte[] genesis;

  private ChainCoreParameters(ChainParams params, EpochRetarget rule) {
    super(new ChainCoreNetwork(params));
    this.rule = rule;
    this.genesis = params.genesis().toWire();
    // bitcoinj writes the four bytes as a big-endian number, ChainCore as a little-endian one.
    packetMagic = Integer.reverseBytes(params.identity().magic());
    port = params.identity().p2pPort();
    maxTarget = params.work().limit().toBigInteger();
    interval = rule.intervalBlocks();
    targetTimespan = rule.intervalBlocks() * rule.blockTimeSeconds();
    subsidyDecreaseBlockCount = params.emission().halvingIntervalBlocks();
    spendableCoinbaseDepth = params.emission().coinbaseMaturityBlocks();
    addressHeader = params.addresses().pubkeyHashVersion();
    p2shHeader = params.addresses().scriptHashVersion();
    dumpedPrivateKeyHeader = params.addresses().privateKeyVersion();
    segwitAddressHrp = params.addresses().segwitPrefix();
    majorityWindow = 1;
    majorityEnforceBlockUpgrade = 1;
    majorityRejectBlockOutdated = 1;
  }

  /** Of a network with the rule of the {@code chaincore} network; known to bitcoinj from now on. */
  static ChainCoreParameters register(ChainParams params) {
    return register(params, (EpochRetarget) params.work().difficulty());
  }

  /** The same with a rule that need not be the network's. */
  static ChainCoreParameters register(ChainParams params, EpochRetarget rule) {
    ChainCoreParameters made = new ChainCoreParameters(params, rule);
    Networks.unregister(made);
    Networks.register(made);
    return made;
  }

  @Override
  public Block getGenesisBlock() {
    return Block.read(ByteBuffer.wrap(genesis));
  }

  @Override
  public void checkDifficultyTransitions(StoredBlock parent, Block next, BlockStore store)
      throws BlockStoreException {
    long wanted = bitsAfter(parent, store);
    if (next.getDifficultyTarget() != wanted) {
      throw new VerificationException(
          String.format(
              "height %d has bits %08x, not %08x",
              parent.getHeight() + 1, next.getDifficultyTarget(), wanted));
    }
  }

  private long bitsAfter(StoredBlock parent, BlockStore store) throws BlockStoreException {
    long bits = parent.getHeader().getDifficultyTarget();
    int height = parent.getHeight() + 1;
    if (height < 2 * interval || height % interval != 0) {
      return bits;
    }
    StoredBlock first = parent;
    for (int i = 0; i < interval; i++) {
      first = first.getPrev(store);
    }
    long seconds =
        parent.getHeader().time().getEpochSecond() - first.getHeader().time().getEpochSecond();
    int mostShift = BITS_OF_LEVEL * rule.maxChangeLevels();
    BigInteger expected = BigInteger.valueOf((interval - 1L) * rule.blockTimeSeconds());
    BigInteger span =
        BigInteger.valueOf(seconds).max(BigInteger.ONE).min(expected.shiftLeft(mostShift));
    BigInteger old = ByteUtils.decodeCompactBits(bits);
    BigInteger hardest = rule.range().hardest().toBigInteger();
    BigInteger easiest = rule.range().easiest().toBigInteger();
    BigInteger target =
        old.multiply(span)
            .divide(expected)
            .max(old.shiftRight(mostShift))
            .max(hardest)
            .min(easiest);
    return ByteUtils.encodeCompactBits(target);
  }

  @Override
  public BitcoinSerializer getSerializer() {
    return new BitcoinSerializer(network);
  }

  @Override
  public String getPaymentProtocolId() {
    return id;
  }

  @Override
  public Coin getMaxMoney() {
    return (Coin) network.maxMoney();
  }

  @Override
  public MonetaryFormat getMonetaryFormat() {
    return new MonetaryFormat();
  }

  @Override
  public String getUriScheme() {
    return network.uriScheme();
  }

  @Override
  public boolean hasMaxMoney() {
    return network.hasMaxMoney();
  }
}
