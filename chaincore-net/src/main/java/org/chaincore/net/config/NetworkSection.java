package org.chaincore.net.config;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.config.Activations;
import org.chaincore.core.config.BlockLimits;
import org.chaincore.core.config.BodyRules;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.Emission;
import org.chaincore.core.config.Networks;
import org.chaincore.core.config.TimeRules;
import org.chaincore.core.script.AddressFormat;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.chaincore.core.value.Work;

/** A network, by the name of one that comes with the library or with all its parameters. */
final class NetworkSection {
  /** A release names a few, some thousand blocks apart. */
  private static final int MAX_CHECKPOINTS = 10_000;

  /** As much of a header's time as fits its four bytes. */
  private static final long MAX_TIME = 0xffff_ffffL;

  private static final int MAX_TEXT_BYTES = 75;
  private static final int PORTS = 65_535;
  private static final int BYTE = 255;

  private static final Map<String, Supplier<ChainParams>> KNOWN = known();

  private NetworkSection() {}

  private static Map<String, Supplier<ChainParams>> known() {
    Map<String, Supplier<ChainParams>> known = new TreeMap<>();
    List.<Supplier<ChainParams>>of(
            Networks::chaincore,
            Networks::regtest,
            Networks::bitcoinMainnet,
            Networks::bitcoinTestnet3,
            Networks::bitcoinSignet)
        .forEach(network -> known.put(network.get().name(), network));
    return Map.copyOf(known);
  }

  static ChainParams read(Section in, String name) {
    if (in.has(name) && !in.isText(name)) {
      return in.section(name).orElseThrow().whole(NetworkSection::own);
    }
    String names = String.join(", ", new TreeMap<>(KNOWN).keySet());
    return in.requiredText(name, "an object, or one of " + names, NetworkSection::named);
  }

  private static ChainParams named(String name) {
    Supplier<ChainParams> network = KNOWN.get(name);
    if (network == null) {
      throw new IllegalArgumentException(name);
    }
    return network.get();
  }

  private static ChainParams own(Section in) {
    ChainParams standard = Networks.chaincore();
    ChainParams.Builder network = ChainParams.builder(name(in), magic(in));
    network.ports(
        in.integer("p2p_port", 1, PORTS, standard.identity().p2pPort()),
        in.integer("api_port", 1, PORTS, standard.identity().apiPort()));
    network.addresses(in.section("addresses", standard.addresses(), NetworkSection::addresses));
    TimeRules time = in.section("time", standard.time(), NetworkSection::time);
    network.time(time);
    network.limits(in.section("limits", standard.limits(), NetworkSection::limits));
    network.activations(
        in.section("activations", standard.activations(), NetworkSection::activations));
    network.bodyRules(in.choice("body_rules", BodyRules.class).orElse(standard.bodyRules()));
    in.section("emission").ifPresent(section -> section.whole(one -> emission(one, network)));
    new DifficultySection(time).read(in, network);
    in.section("genesis")
        .orElseThrow(() -> in.missing("genesis", "an object with text, time and bits, or block"))
        .whole(section -> genesis(section, network));
    in.section("checkpoints").ifPresent(section -> section.whole(one -> checkpoints(one, network)));
    in.text("minimum_chain_work", "1 to 64 hex digits", NetworkSection::work)
        .ifPresent(network::minimumChainWork);
    return in.together(network::build);
  }

  private static String name(Section in) {
    return in.requiredText(
        "name",
        "1 to 32 of a-z, 0-9 and hyphen, and no name of a network of the library",
        text -> {
          if (!text.matches("[a-z0-9-]{1,32}") || KNOWN.containsKey(text)) {
            throw new IllegalArgumentException(text);
          }
          return text;
        });
  }

  private static int magic(Section in) {
    return in.requiredText(
        "magic",
        "8 hex digits, the bytes that begin each frame, of no network of the library",
        text -> {
          int magic = Integer.reverseBytes(hex32(text));
          if (KNOWN.values().stream().anyMatch(one -> one.get().identity().magic() == magic)) {
            throw new IllegalArgumentException(text);
          }
          return magic;
        });
  }

  private static int hex32(String text) {
    if (!text.matches("[0-9a-f]{8}")) {
      throw new IllegalArgumentException("not 8 hex digits: " + text);
    }
    return Integer.parseUnsignedInt(text, 16);
  }

  private static AddressFormat addresses(Section in) {
    AddressFormat standard = Networks.chaincore().addresses();
    int pubkeyHash = in.integer("pubkey_hash_version", 0, BYTE, standard.pubkeyHashVersion());
    int scriptHash = in.integer("script_hash_version", 0, BYTE, standard.scriptHashVersion());
    int privateKey = in.integer("private_key_version", 0, BYTE, standard.privateKeyVersion());
    String prefix =
        in.requiredText(
            "segwit_prefix",
            "1 to 40 lower-case printable ASCII characters",
            text -> new AddressFormat(0, 1, 0, text).segwitPrefix());
    return in.together(() -> new AddressFormat(pubkeyHash, scriptHash, privateKey, prefix));
  }

  private static TimeRules time(Section in) {
    TimeRules standard = Networks.chaincore().time();
    return new TimeRules(
        in.integer("target_block_seconds", 1, 86_400, standard.targetBlockSeconds()),
        in.integer("median_span_blocks", 1, 101, standard.medianSpanBlocks()),
        in.integer("max_future_seconds", 1, 86_400, standard.maxFutureSeconds()));
  }

  private static BlockLimits limits(Section in) {
    BlockLimits standard = Networks.chaincore().limits();
    return new BlockLimits(
        in.integer("max_weight", 40_000, 4_000_000, standard.maxWeight()),
        in.integer(
            "max_signature_operations_cost", 80, 1_000_000, standard.maxSignatureOperationsCost()),
        in.integer("max_data_output_bytes", 36, 100_000, standard.maxDataOutputBytes()),
        in.integer(
            "max_legacy_hashed_bytes",
            1_000_000,
            BlockLimits.NO_LIMIT,
            standard.maxLegacyHashedBytes()));
  }

  private static Activations activations(Section in) {
    return new Activations(
        in.integer("height_in_coinbase", 1, Integer.MAX_VALUE, 1),
        in.integer("strict_signatures", 1, Integer.MAX_VALUE, 1),
        in.integer("check_lock_time", 1, Integer.MAX_VALUE, 1));
  }

  private static boolean emission(Section in, ChainParams.Builder network) {
    Emission standard = Networks.chaincore().emission();
    network.emission(
        in.text(
                "initial_reward",
                "decimal coins with at most 8 places, 0.." + Amount.MAX.toCoins(),
                Amount::parseCoins)
            .orElse(standard.initialReward()),
        in.integer(
            "halving_interval_blocks", 1, Integer.MAX_VALUE, standard.halvingIntervalBlocks()),
        in.integer("coinbase_maturity_blocks", 1, 100_000, standard.coinbaseMaturityBlocks()));
    return true;
  }

  private static boolean genesis(Section in, ChainParams.Builder network) {
    if (in.has("block")) {
      network.genesis(
          in.requiredText("block", "the bytes of a block in hex", NetworkSection::block));
      return true;
    }
    String text =
        in.requiredText(
            "text",
            "a text of 2 to " + MAX_TEXT_BYTES + " bytes of UTF-8",
            NetworkSection::ofFewBytes);
    long time = in.number("time", 0, MAX_TIME);
    int bits = DifficultySection.bits(in, "bits");
    in.together(() -> network.genesis(text, time, bits));
    return true;
  }

  private static String ofFewBytes(String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes < 2 || bytes > MAX_TEXT_BYTES) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  private static Block block(String hex) {
    try {
      return ByteReader.readAll(
          Bytes.parse(hex).toArray(), "genesis", reader -> Block.read(reader, Sha256.create()));
    } catch (MalformedBytesException malformed) {
      throw new IllegalArgumentException(malformed);
    }
  }

  private static boolean checkpoints(Section in, ChainParams.Builder network) {
    if (in.names().size() > MAX_CHECKPOINTS) {
      throw in.wrong("", in.names().size() + " of them", "at most " + MAX_CHECKPOINTS);
    }
    for (String height : in.names()) {
      if (!height.matches("0|[1-9][0-9]{0,8}")) {
        throw in.unknown(height, "heights of 0..999999999");
      }
      network.checkpoint(
          Integer.parseInt(height),
          in.requiredText(height, "the 64 hex digits of a block's hash", Hash256::parse));
    }
    return true;
  }

  private static Work work(String hex) {
    if (!hex.matches("[0-9a-f]{1,64}")) {
      throw new IllegalArgumentException(hex);
    }
    return Work.of(new BigInteger(hex, 16));
  }
}
