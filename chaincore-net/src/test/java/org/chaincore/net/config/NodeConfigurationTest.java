package org.chaincore.net.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chaincore.core.block.Block;
import org.chaincore.core.config.BodyRules;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.Networks;
import org.chaincore.core.config.TimeRules;
import org.chaincore.core.pow.AsertRule;
import org.chaincore.core.pow.BitcoinRetarget;
import org.chaincore.core.pow.DifficultyRule;
import org.chaincore.core.pow.EpochRetarget;
import org.chaincore.core.pow.FixedDifficulty;
import org.chaincore.core.pow.LwmaRule;
import org.chaincore.core.pow.TargetRange;
import org.chaincore.core.script.Address;
import org.chaincore.core.script.AddressFormat;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.store.FsyncPolicy;
import org.chaincore.core.store.StoreOptions;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Target;
import org.chaincore.net.config.NodeConfiguration.Encryption;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.protocol.Extension;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.SyncTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeConfigurationTest {
  static final String OWN_NETWORK =
      """
      "name": "harbour", "magic": "a1b2c3d4",
      "genesis": {"text": "harbour, 1 May 2027", "time": 1809129600, "bits": "207fffff"}
      """;

  private static final NodeId NODE = NodeKey.ofSeed(new byte[32]).id();
  private static final Target EASIEST = Target.ofBits(0x207fffff);
  private static final TargetRange RANGE = new TargetRange(Target.ofBits(0x1b00ffff), EASIEST);

  @TempDir private Path directory;

  private NodeConfiguration read(String json) throws IOException {
    return NodeConfiguration.read(Files.writeString(directory.resolve("node.json"), json));
  }

  private ChainParams network(String members) throws IOException {
    return read("{\"network\": {" + members + "}}").network();
  }

  private DifficultyRule rule(String members) throws IOException {
    return network(
            OWN_NETWORK
                + ", \"time\": {\"target_block_seconds\": 20}, \"difficulty\": {"
                + members
                + "}")
        .work()
        .difficulty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"chaincore", "regtest", "mainnet", "testnet3", "signet"})
  void read_theNameOfANetwork_isThatNetwork(String name) throws IOException {
    assertThat(read("{\"network\": \"" + name + "\"}").network().name()).isEqualTo(name);
  }

  @Test
  void read_nothingButANetwork_isADefaultNode() throws IOException {
    NodeConfiguration read = read("{\"network\": \"regtest\"}");

    assertThat(read.network().fingerprint()).isEqualTo(Networks.regtest().fingerprint());
    NodeConfiguration standard = NodeConfiguration.of(read.network());
    assertThat(read).isEqualTo(standard);
  }

  @Test
  void read_anOwnNetworkOfThreeFields_hasTheRulesOfChaincore() throws IOException {
    ChainParams own = network(OWN_NETWORK.replace("207fffff", "1f00ffff"));

    ChainParams built =
        ChainParams.builder("harbour", 0xd4c3b2a1)
            .genesis("harbour, 1 May 2027", 1_809_129_600L, 0x1f00ffff)
            .build();
    assertThat(own.consensusFields()).isEqualTo(built.consensusFields());
    assertThat(own.identity()).isEqualTo(built.identity());
    assertThat(own.minimumChainWork()).isEqualTo(built.minimumChainWork());
  }

  @Test
  void read_everyParameterOfANetwork_isWhatTheBuilderMakes() throws IOException {
    Hash256 checkpoint = Networks.regtest().genesis().hash();
    ChainParams own =
        network(
            OWN_NETWORK
                + """
                , "p2p_port": 21333, "api_port": 21332,
                "addresses": {"pubkey_hash_version": 1, "script_hash_version": 2,
                  "private_key_version": 3, "segwit_prefix": "hb"},
                "difficulty": {"rule": "asert", "half_life_seconds": 900,
                  "hardest": "1b00ffff", "easiest": "207fffff"},
                "time": {"target_block_seconds": 15, "median_span_blocks": 7,
                  "max_future_seconds": 45},
                "emission": {"initial_reward": "12.5", "halving_interval_blocks": 1000,
                  "coinbase_maturity_blocks": 20},
                "limits": {"max_weight": 400000, "max_signature_operations_cost": 8000,
                  "max_data_output_bytes": 220, "max_legacy_hashed_bytes": 2000000},
                "activations": {"height_in_coinbase": 1, "strict_signatures": 2,
                  "check_lock_time": 3},
                "body_rules": "templates",
                "checkpoints": {"100": "HASH"},
                "minimum_chain_work": "1f4"
                """
                    .replace("HASH", checkpoint.toString()));

    ChainParams built =
        ChainParams.builder("harbour", 0xd4c3b2a1)
            .ports(21_333, 21_332)
            .addresses(new AddressFormat(1, 2, 3, "hb"))
            .genesis("harbour, 1 May 2027", 1_809_129_600L, 0x207fffff)
            .work(EASIEST, new AsertRule(900, 15, RANGE))
            .time(new TimeRules(15, 7, 45))
            .emission(Amount.parseCoins("12.5"), 1_000, 20)
            .limits(new org.chaincore.core.config.BlockLimits(400_000, 8_000, 220, 2_000_000))
            .activations(new org.chaincore.core.config.Activations(1, 2, 3))
            .bodyRules(BodyRules.TEMPLATES)
            .checkpoint(100, checkpoint)
            .minimumChainWork(org.chaincore.core.value.Work.of(java.math.BigInteger.valueOf(500)))
            .build();
    assertThat(own.consensusFields()).isEqualTo(built.consensusFields());
    assertThat(own.identity()).isEqualTo(built.identity());
    assertThat(own.minimumChainWork()).isEqualTo(built.minimumChainWork());
  }

  @Test
  void read_aGenesisBlockInHex_isThatBlock() throws IOException {
    Block genesis = Networks.regtest().genesis();
    ChainParams own =
        network(
            "\"name\": \"harbour\", \"magic\": \"a1b2c3d4\", \"genesis\": {\"block\": \""
                + Bytes.of(genesis.toWire()).toHex()
                + "\"}, \"difficulty\": {\"rule\": \"fixed\", \"bits\": \"207fffff\"}");

    assertThat(own.genesis().hash()).isEqualTo(genesis.hash());
  }

  @Test
  void read_eachDifficultyRule_aimsAtTheBlockTimeOfTheNetwork() throws IOException {
    String range = ", \"hardest\": \"1b00ffff\", \"easiest\": \"207fffff\"";

    assertThat(rule("\"rule\": \"epoch\", \"interval_blocks\": 30" + range))
        .isEqualTo(new EpochRetarget(30, 20, 4, RANGE));
    assertThat(rule("\"rule\": \"asert\"" + range)).isEqualTo(new AsertRule(1_200, 20, RANGE));
    assertThat(rule("\"rule\": \"lwma\", \"window_blocks\": 90" + range))
        .isEqualTo(new LwmaRule(90, 20, RANGE));
    assertThat(
            rule(
                "\"rule\": \"bitcoin\", \"interval_blocks\": 100, \"easiest\": \"207fffff\","
                    + " \"allow_min_difficulty_blocks\": true"))
        .isEqualTo(new BitcoinRetarget(2_000, 20, EASIEST, true));
    assertThat(rule("\"rule\": \"fixed\", \"bits\": \"207fffff\""))
        .isEqualTo(new FixedDifficulty(0x207fffff));
  }

  @Test
  void read_aWholeNode_isWhatTheFileSays() throws IOException {
    String payTo =
        new Address(
                Networks.regtest().addresses(),
                KeyPair.ofSeed(new byte[32]).payToWitnessPubkeyHash())
            .toString();
    NodeConfiguration read =
        read(
            """
            {"network": "regtest",
             "data_directory": "chain",
             "store": {"coin_bytes": 8388608, "native_bytes": 4194304, "max_lag_blocks": 50,
               "fsync": "grouped", "transaction_index": true, "address_index": true,
               "prune_to_bytes": 1000000, "prune_keeps_blocks": 288, "reserve_bytes": 0,
               "accept_loss": true},
             "limits": {"mempool": {"max_chain": 10, "max_chain_virtual_bytes": 50000},
               "orphans": {"max_blocks": 20, "max_block_bytes": 1000000,
                 "reserved_blocks_per_source": 2, "max_transactions": 5, "expiry_seconds": 60},
               "max_reorg_depth_blocks": 100, "kept_events": 500,
               "remembered_transactions": 200},
             "peers": {"listen": "127.0.0.1:0", "announce_as": "192.0.2.7:17333",
               "connect": ["192.0.2.8:17333", "[2001:db8::1]:17333"], "only_nodes": ["NODE"],
               "user_agent": "/Harbour:1/", "extensions": ["chaincore/params/1"],
               "serve_filters": true},
             "http": {"listen": "[::1]:0", "token_file": "/run/token"},
             "mining": {"pay_to": "PAYTO", "block_interval_seconds": 2},
             "settings": {"sync.chain.interval_seconds": 5, "sync.mempool.enabled": false,
               "mempool.max_virtual_bytes": "2000000", "policy.min_fee_per_kvb": 7},
             "trusted_signers": ["NODE"]}
            """
                .replace("PAYTO", payTo)
                .replace("NODE", NODE.toString()));

    assertThat(read.storage().directory()).isEqualTo(directory.resolve("chain"));
    assertThat(read.storage().options())
        .isEqualTo(
            new StoreOptions(
                new StoreOptions.Budgets(8_388_608, 4_194_304, 50),
                FsyncPolicy.GROUPED,
                new StoreOptions.Indexes(true, true),
                new StoreOptions.Pruning(1_000_000, 288),
                new StoreOptions.Safety(0, true)));
    assertThat(read.storage().limits().mempool().maxChain()).isEqualTo(10);
    assertThat(read.storage().limits().mempool().maxVirtualBytes()).isEqualTo(2_000_000);
    assertThat(read.storage().limits().mempool().minFeePerKilobyte()).isEqualTo(7);
    assertThat(read.storage().limits().orphans().maxBlocks()).isEqualTo(20);
    assertThat(read.storage().limits().maxReorgDepthBlocks()).isEqualTo(100);
    assertThat(read.peering().listen()).isEqualTo(NetworkAddress.parse("127.0.0.1:0"));
    assertThat(read.peering().announced()).isEqualTo(NetworkAddress.parse("192.0.2.7:17333"));
    assertThat(read.peering().connect()).hasSize(2);
    assertThat(read.peering().encryption()).isEqualTo(new Encryption.OnlyNodes(Set.of(NODE)));
    assertThat(read.peering().greeting())
        .isEqualTo(new NodeConfiguration.Greeting("/Harbour:1/", Set.of(Extension.PARAMS), true));
    assertThat(read.api())
        .isEqualTo(
            new NodeConfiguration.Api(NetworkAddress.parse("[::1]:0"), Path.of("/run/token")));
    assertThat(read.mining())
        .isEqualTo(
            new NodeConfiguration.Mining(KeyPair.ofSeed(new byte[32]).payToWitnessPubkeyHash(), 2));
    assertThat(read.operation().settings().interval(SyncTask.CHAIN)).isEqualTo(5);
    assertThat(read.operation().settings().isEnabled(SyncTask.MEMPOOL)).isFalse();
    assertThat(read.operation().signers().all()).containsExactly(NODE);
  }

  @Test
  void with_oneComponent_leavesTheOthers() {
    NodeConfiguration base = NodeConfiguration.of(Networks.regtest());
    NodeConfiguration.Api api =
        new NodeConfiguration.Api(NetworkAddress.parse("127.0.0.1:1"), null);
    NodeConfiguration.Mining mining =
        new NodeConfiguration.Mining(KeyPair.ofSeed(new byte[32]).payToTaproot(), 1);
    NodeConfiguration.Operation operation =
        new NodeConfiguration.Operation(
            OperationalSettings.DEFAULT.withInterval(SyncTask.CHAIN, 3),
            base.operation().signers());
    NodeConfiguration changed =
        base.withApi(api)
            .withMining(mining)
            .withOperation(operation)
            .withStorage(NodeConfiguration.Storage.ON_THE_HEAP)
            .withPeering(NodeConfiguration.Peering.ALONE);

    assertThat(changed)
        .isEqualTo(
            new NodeConfiguration(
                base.network(), base.storage(), base.peering(), api, mining, operation));
  }

  @Test
  void records_outOfRange_sayTheValue() {
    NetworkAddress onion =
        NetworkAddress.parse(
            "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion:17333");
    assertThatThrownBy(() -> new NodeConfiguration.Api(onion, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("http.listen is no IP address");
    assertThatThrownBy(
            () -> new NodeConfiguration.Mining(KeyPair.ofSeed(new byte[32]).payToTaproot(), 86_401))
        .hasMessageContaining("0..86400 seconds: 86401");
    assertThatThrownBy(() -> new NodeConfiguration.Greeting("a\nb", Set.of(), false))
        .isInstanceOf(IllegalArgumentException.class);
    List<NetworkAddress> many =
        java.util.Collections.nCopies(126, NetworkAddress.parse("192.0.2.1:1"));
    assertThatThrownBy(
            () ->
                new NodeConfiguration.Peering(
                    null, null, many, new Encryption.Plain(), NodeConfiguration.Greeting.DEFAULT))
        .hasMessageContaining("more than 125");
  }

  @Test
  void settings_everyRange_isTheOneThatIsTold() throws IOException {
    for (Map.Entry<String, String> setting : OperationalSettings.DEFAULT.toMap().entrySet()) {
      NodeConfiguration read =
          read(
              "{\"network\": \"regtest\", \"settings\": {\""
                  + setting.getKey()
                  + "\": \""
                  + setting.getValue()
                  + "\"}}");
      assertThat(read.operation().settings()).isEqualTo(OperationalSettings.DEFAULT);
    }
  }
}
