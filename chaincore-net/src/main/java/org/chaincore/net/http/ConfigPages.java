package org.chaincore.net.http;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.NetworkIdentity;
import org.chaincore.core.pow.AsertRule;
import org.chaincore.core.pow.BitcoinRetarget;
import org.chaincore.core.pow.DifficultyRule;
import org.chaincore.core.pow.EpochRetarget;
import org.chaincore.core.pow.FixedDifficulty;
import org.chaincore.core.pow.LwmaRule;
import org.chaincore.core.pow.TargetRange;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Target;
import org.chaincore.sync.driver.SettingsAnswer;
import org.chaincore.sync.message.NodeDescription;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.RefusalReason;
import org.chaincore.sync.settings.SettingsDocument;

/**
 * What the network agrees on and the node is set to, and what of it can be changed. Thread-safe.
 */
final class ConfigPages {
  /** A miner that has searched so long wants a new template: the mempool has changed. */
  private static final int MINING_TIMEOUT_SECONDS = 30;

  /** The size of a payment for which a fee is told. */
  private static final int PAYMENT_VIRTUAL_BYTES = 250;

  private static final int KILO = 1_000;

  private static final String SETTINGS = "settings";

  /** Names of the first version of this interface for settings that have others now. */
  private static final Map<String, String> OLD_NAMES =
      Map.ofEntries(
          Map.entry("min_peers", "peers.min"),
          Map.entry("target_peers", "peers.target"),
          Map.entry("max_peers", "peers.max"),
          Map.entry("sync_interval", "sync.chain.interval_seconds"),
          Map.entry("auto_sync_enabled", "sync.chain.enabled"),
          Map.entry("mempool_sync_interval", "sync.mempool.interval_seconds"),
          Map.entry("mempool_sync_enabled", "sync.mempool.enabled"),
          Map.entry("network_stats_interval", "sync.statistics.interval_seconds"),
          Map.entry("network_stats_enabled", "sync.statistics.enabled"),
          Map.entry("discovery_interval", "sync.discovery.interval_seconds"),
          Map.entry("continuous_discovery_enabled", "sync.discovery.enabled"));

  /** Names of the same version for what the network agrees on. */
  private static final Set<String> CONSENSUS_NAMES =
      Set.of(
          "difficulty",
          "block_reward",
          "blockchain_difficulty",
          "current_difficulty",
          "target_difficulty",
          "difficulty_adjustment_enabled",
          "difficulty_adjustment_interval",
          "max_block_size",
          "target_block_time",
          "min_difficulty",
          "max_difficulty",
          "max_difficulty_change",
          "coinbase_maturity",
          "network_magic",
          "protocol_version");

  private final NodeDesk node;

  ConfigPages(NodeDesk node) {
    this.node = node;
  }

  static boolean isAdjusted(ChainParams params) {
    return !(params.work().difficulty() instanceof FixedDifficulty);
  }

  ApiResponse config(Call call) {
    ChainParams params = node.params();
    NetworkIdentity identity = params.identity();
    ChainView view = node.view();
    OperationalSettings settings = node.sources().driver().settings();
    int bits = view.tip().header().bits();
    int nextBits = view.nextBits(node.sources().nowSeconds()).orElse(bits);
    Levels levels = Levels.of(params);
    JsonWriter out =
        JsonWriter.object()
            .coins("block_reward", params.emission().subsidy(view.height() + 1).units())
            .put("blockchain_difficulty", BlockJson.level(params.genesis().header().bits()))
            .put("current_difficulty", BlockJson.level(nextBits))
            .put("deadlock_detection_enabled", true)
            .put("default_api_port", identity.apiPort())
            .put("default_p2p_port", identity.p2pPort())
            .coins(
                "default_transaction_fee",
                settings.minFeePerKilobyte() * PAYMENT_VIRTUAL_BYTES / KILO)
            .put("difficulty_adjustment_enabled", isAdjusted(params))
            .put("difficulty_adjustment_interval", interval(params.work().difficulty()))
            .seconds("lock_timeout", node.sources().locks().settings().searchAfter().toMillis())
            .put("max_block_size", params.limits().maxWeight())
            .put("mining_timeout", MINING_TIMEOUT_SECONDS)
            .array("peer_discovery_range")
            .element(identity.p2pPort())
            .element(identity.p2pPort())
            .end()
            .put("target_block_time", params.time().targetBlockSeconds())
            .put("min_difficulty", levels.min())
            .put("max_difficulty", levels.max())
            .put("max_difficulty_change", levels.change())
            .put("coinbase_maturity", params.emission().coinbaseMaturityBlocks())
            .put("max_peers", settings.peers().max())
            .put("min_peers", settings.peers().min())
            .put("target_peers", settings.peers().target())
            .put("network_magic", magic(identity.magic()))
            .put("protocol_version", NodeDescription.PROTOCOL_VERSION);
    exact(params, bits, nextBits, out);
    settings.toMap().forEach((name, value) -> out.put("setting." + name, value));
    params.consensusFields().forEach((name, value) -> out.put("consensus." + name, value));
    return ApiResponse.ok(out.end());
  }

  private void exact(ChainParams params, int bits, int nextBits, JsonWriter out) {
    out.put("network", params.name())
        .put("genesis_hash", params.genesis().hash().toString())
        .put("consensus_fingerprint", params.fingerprint().toString())
        .put("bits", BlockJson.bits(bits))
        .put("target", BlockJson.target(bits))
        .put("work", Target.ofBits(bits).work().toHex())
        .put("next_bits", BlockJson.bits(nextBits))
        .put("next_target", BlockJson.target(nextBits))
        .put("difficulty_rule", params.work().difficulty().canonical())
        .coins("initial_block_reward", params.emission().initialReward().units())
        .put("halving_interval", params.emission().halvingIntervalBlocks())
        .put("max_data_output_bytes", params.limits().maxDataOutputBytes());
  }

  /** The bytes in the order in which they begin a frame. */
  private static String magic(int magic) {
    return String.format("%08x", Integer.reverseBytes(magic));
  }

  /** Blocks between two adjustments; rules that adjust with every block have 1, others 0. */
  private static int interval(DifficultyRule rule) {
    if (rule instanceof EpochRetarget epoch) {
      return epoch.intervalBlocks();
    }
    if (rule instanceof BitcoinRetarget bitcoin) {
      return bitcoin.intervalBlocks();
    }
    return rule instanceof FixedDifficulty ? 0 : 1;
  }

  /** Within which levels the difficulty stays, and how many it moves at once. */
  private record Levels(int min, int max, int change) {
    static Levels of(ChainParams params) {
      DifficultyRule rule = params.work().difficulty();
      int genesis = BlockJson.level(params.genesis().header().bits());
      if (rule instanceof FixedDifficulty) {
        return new Levels(genesis, genesis, 0);
      }
      int min = rule.easiestTarget().orElse(params.work().limit()).work().level();
      int max =
          range(rule).map(range -> range.hardest().work().level()).orElse(TargetRange.MAX_LEVEL);
      int change = rule instanceof EpochRetarget epoch ? epoch.maxChangeLevels() : 1;
      return new Levels(min, max, change);
    }

    private static Optional<TargetRange> range(DifficultyRule rule) {
      if (rule instanceof EpochRetarget epoch) {
        return Optional.of(epoch.range());
      }
      if (rule instanceof AsertRule asert) {
        return Optional.of(asert.range());
      }
      return rule instanceof LwmaRule lwma ? Optional.of(lwma.range()) : Optional.empty();
    }
  }

  /**
   * Sets what the body names and leaves the rest as it is, or publishes the signed document that it
   * holds. Without a body nothing is changed, and the answer tells what is in force: the host's own
   * settings, and over them those of the document. No file is read again; that is the host's to do.
   */
  CompletableFuture<ApiResponse> refresh(Call call) {
    JsonBody body = call.jsonOrEmpty();
    requireNoConsensus(body);
    if (body.has("document")) {
      if (body.scalars().size() > 1) {
        throw ApiFault.badRequest("document stands alone: nobody signed what is beside it");
      }
      return node.publish(document(body.hex("document"))).thenApply(this::answer);
    }
    JsonBody named = body;
    if (body.has(SETTINGS)) {
      requireNothingBeside(body);
      named = body.object(SETTINGS);
      requireNoConsensus(named);
    }
    Map<String, String> changes = new TreeMap<>();
    named
        .scalars()
        .forEach((name, value) -> changes.put(OLD_NAMES.getOrDefault(name, name), value));
    return node.sources().desks().settings().change(changes).thenApply(this::answer);
  }

  /**
   * Before all else that may be wrong with the body: this mistake is not one of writing it down.
   */
  private static void requireNoConsensus(JsonBody body) {
    for (String name : body.names()) {
      if (CONSENSUS_NAMES.contains(name)) {
        throw consensus(name);
      }
    }
  }

  /** Or a client would be told that all is well, with half of what it wanted undone. */
  private static void requireNothingBeside(JsonBody body) {
    for (String name : body.names()) {
      if (!name.equals(SETTINGS)) {
        throw ApiFault.badRequest(name + " stands beside settings and would not be heeded");
      }
    }
  }

  private static SettingsDocument document(Bytes bytes) {
    try {
      return ByteReader.readAll(bytes.toArray(), "document", SettingsDocument::read);
    } catch (MalformedBytesException malformed) {
      throw ApiFault.badRequest("document is none: " + malformed.getMessage());
    }
  }

  private static ApiFault consensus(String name) {
    return ApiFault.conflict(
        name
            + " is part of what all nodes of the network agree on, and fixed for its life: to run"
            + " by another value is to run another network");
  }

  private ApiResponse answer(SettingsAnswer answer) {
    if (answer instanceof SettingsAnswer.Refused refused) {
      if (refused.reason() == RefusalReason.CONSENSUS_KEY) {
        throw consensus(refused.detail());
      }
      throw ApiFault.badRequest(
          refused.reason().name().toLowerCase(Locale.ROOT) + ": " + refused.detail());
    }
    ChainView view = node.view();
    int bits = view.tip().header().bits();
    JsonWriter out =
        JsonWriter.object()
            .put("status", "success")
            .put("current_difficulty", BlockJson.level(bits))
            .put(
                "mining_difficulty",
                BlockJson.level(view.nextBits(node.sources().nowSeconds()).orElse(bits)))
            .put("genesis_difficulty", BlockJson.level(node.params().genesis().header().bits()))
            .object(SETTINGS);
    ((SettingsAnswer.Applied) answer).inForce().toMap().forEach(out::put);
    return ApiResponse.ok(out.end().end());
  }

  /** Refused, always: the difficulty is found by rule. Its report is an operational setting. */
  CompletableFuture<ApiResponse> difficulty(Call call) {
    JsonBody body = call.json();
    if (body.has("report_interval") && !body.has("difficulty")) {
      long blocks = body.number("report_interval", 1, 100_000);
      return node.sources()
          .desks()
          .settings()
          .change(Map.of("sync.difficulty.interval_blocks", Long.toString(blocks)))
          .thenApply(this::answer);
    }
    body.number("difficulty", 0, Integer.MAX_VALUE);
    throw consensus("difficulty");
  }
}
