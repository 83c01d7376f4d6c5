package org.chaincore.core.config;

import org.chaincore.core.pow.BitcoinRetarget;
import org.chaincore.core.pow.EpochRetarget;
import org.chaincore.core.pow.FixedDifficulty;
import org.chaincore.core.pow.TargetRange;
import org.chaincore.core.script.AddressFormat;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Target;
import org.chaincore.core.value.Work;

/**
 * The networks that come with the library. Of Bitcoin's own networks ChainCore judges the headers;
 * regtest it runs whole, within its script templates. Stateless.
 */
public final class Networks {
  static final int CHAINCORE_P2P_PORT = 17_333;
  static final int CHAINCORE_API_PORT = 17_332;
  static final AddressFormat CHAINCORE_ADDRESSES = new AddressFormat(28, 87, 156, "cc");
  static final TimeRules CHAINCORE_TIME = new TimeRules(10, 11, 60);
  static final Emission CHAINCORE_EMISSION = new Emission(Amount.ofCoins(50), 210_000, 100);
  static final BlockLimits CHAINCORE_LIMITS = new BlockLimits(4_000_000, 80_000, 80);

  private static final int CHAINCORE_MAGIC = 0xd2a9c7e3;
  private static final int CHAINCORE_RETARGET_BLOCKS = 10;
  private static final int CHAINCORE_MAX_LEVEL_CHANGE = 4;

  /** The easiest and the hardest target of the chaincore network: levels 1 and 12. */
  private static final int LEVEL_1 = 0x200fffff;

  private static final int LEVEL_12 = 0x1b00ffff;

  private static final AddressFormat BITCOIN_MAINNET_ADDRESSES = new AddressFormat(0, 5, 128, "bc");
  private static final AddressFormat BITCOIN_TESTNET_ADDRESSES =
      new AddressFormat(111, 196, 239, "tb");
  private static final TimeRules BITCOIN_TIME = new TimeRules(600, 11, 7_200);
  private static final Amount BITCOIN_REWARD = Amount.ofCoins(50);
  private static final int BITCOIN_HALVING = 210_000;
  private static final int BITCOIN_MATURITY = 100;

  /**
   * What the chains had in January 2024, at heights 824000, 2550000 and 180000. Source: the minimum
   * chain work of Bitcoin Core 27.
   */
  private static final Work MAINNET_WORK = Work.ofWords(0x98db_40af_5754_1800L, 0x63c4_ebd2L, 0, 0);

  private static final Work TESTNET3_WORK = Work.ofWords(0xb14e_264b_a6c1_5db9L, 0xc59L, 0, 0);
  private static final Work SIGNET_WORK = Work.ofWords(0x206_e86f_08e8L, 0, 0, 0);

  private Networks() {}

  /** ChainCore's own defaults: a block every 10 seconds, retargeted every 10 blocks. */
  public static ChainParams chaincore() {
    return ChainParams.builder("chaincore", CHAINCORE_MAGIC).build();
  }

  /** The rule of the chaincore network, for blocks of any time. */
  static WorkRules chaincoreWork(TimeRules time) {
    Target easiest = Target.ofBits(LEVEL_1);
    return new WorkRules(
        easiest,
        new EpochRetarget(
            CHAINCORE_RETARGET_BLOCKS,
            time.targetBlockSeconds(),
            CHAINCORE_MAX_LEVEL_CHANGE,
            new TargetRange(Target.ofBits(LEVEL_12), easiest)));
  }

  /** Bitcoin's regression test network: every second hash is a block. */
  public static ChainParams regtest() {
    int bits = 0x207fffff;
    return ChainParams.builder("regtest", 0xdab5bffa)
        .ports(18_444, 18_443)
        .addresses(new AddressFormat(111, 196, 239, "bcrt"))
        .genesis(Genesis.bitcoin(1_296_688_602L, bits, 2))
        .work(Target.ofBits(bits), new FixedDifficulty(bits))
        .time(BITCOIN_TIME)
        .emission(BITCOIN_REWARD, 150, BITCOIN_MATURITY)
        .limits(BlockLimits.BITCOIN)
        .build();
  }

  /** Bitcoin, headers only. */
  public static ChainParams bitcoinMainnet() {
    int bits = 0x1d00ffff;
    return bitcoin("mainnet", 0xd9b4bef9, bits, false)
        .ports(8_333, 8_332)
        .addresses(BITCOIN_MAINNET_ADDRESSES)
        .genesis(Genesis.bitcoin(1_231_006_505L, bits, 2_083_236_893))
        .activations(new Activations(227_931, 363_725, 388_381))
        .minimumChainWork(MAINNET_WORK)
        .build();
  }

  /**
   * Bitcoin's third test network, headers only: after 20 minutes without a block one of least work
   * is allowed.
   */
  public static ChainParams bitcoinTestnet3() {
    int bits = 0x1d00ffff;
    return bitcoin("testnet3", 0x0709110b, bits, true)
        .ports(18_333, 18_332)
        .addresses(BITCOIN_TESTNET_ADDRESSES)
        .genesis(Genesis.bitcoin(1_296_688_602L, bits, 414_098_458))
        .activations(new Activations(21_111, 330_776, 581_885))
        .minimumChainWork(TESTNET3_WORK)
        .build();
  }

  /**
   * Bitcoin's signed test network, headers only and without the signatures of its blocks (BIP325).
   */
  public static ChainParams bitcoinSignet() {
    int bits = 0x1e0377ae;
    return bitcoin("signet", 0x40cf030a, bits, false)
        .ports(38_333, 38_332)
        .addresses(BITCOIN_TESTNET_ADDRESSES)
        .genesis(Genesis.bitcoin(1_598_918_400L, bits, 52_613_770))
        .minimumChainWork(SIGNET_WORK)
        .build();
  }

  private static ChainParams.Builder bitcoin(
      String name, int magic, int limitBits, boolean allowMinDifficultyBlocks) {
    Target limit = Target.ofBits(limitBits);
    return ChainParams.builder(name, magic)
        .work(limit, BitcoinRetarget.ofLimit(limit, allowMinDifficultyBlocks))
        .time(BITCOIN_TIME)
        .emission(BITCOIN_REWARD, BITCOIN_HALVING, BITCOIN_MATURITY)
        .limits(BlockLimits.BITCOIN)
        .bodyRules(BodyRules.HEADERS_ONLY);
  }
}
