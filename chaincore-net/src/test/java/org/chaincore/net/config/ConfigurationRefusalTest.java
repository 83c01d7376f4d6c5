package org.chaincore.net.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.script.SpendableTemplate;
import org.chaincore.core.value.Bytes;
import org.chaincore.net.config.ConfigurationException.Reason;
import org.chaincore.sync.identity.NodeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationRefusalTest {
  /** A byte more than a genesis may have. */
  private static final String LONG_TEXT =
      "0123456789012345678901234567890123456789012345678901234567890123456789012345";

  @TempDir private Path directory;

  private ConfigurationException refusal(String json) throws IOException {
    return refusal(json.getBytes(StandardCharsets.UTF_8));
  }

  private ConfigurationException refusal(byte[] bytes) throws IOException {
    Path file = Files.write(directory.resolve("node.json"), bytes);
    ConfigurationException refused =
        catchThrowableOfType(ConfigurationException.class, () -> NodeConfiguration.read(file));
    assertThat(refused).as(new String(bytes, StandardCharsets.UTF_8)).isNotNull();
    assertThat(refused.file()).isEqualTo(file);
    return refused;
  }

  /** A node whose network has one more field, in single quotes. */
  private ConfigurationException refusalIn(String members) throws IOException {
    return refusal(
        "{\"network\": {"
            + NodeConfigurationTest.OWN_NETWORK
            + ", \"difficulty\": {\"rule\": \"fixed\", \"bits\": \"207fffff\"}"
            + (members.isEmpty() ? "" : ", " + members.replace('\'', '"'))
            + "}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'p2p_port': 0 | network.p2p_port | 0 | 1..65535",
        "'p2p_port': 65536 | network.p2p_port | 65536 | 1..65535",
        "'api_port': 99999999999999999999 | network.api_port | 99999999999999999999 | 1..65535",
        "'time': {'target_block_seconds': 0} | network.time.target_block_seconds | 0 | 1..86400",
        "'time': {'median_span_blocks': 102} | network.time.median_span_blocks | 102 | 1..101",
        "'time': {'max_future_seconds': 86401} | network.time.max_future_seconds | 86401 | 1..86400",
        "'emission': {'initial_reward': '-1'} | network.emission.initial_reward | -1 | decimal",
        "'emission': {'halving_interval_blocks': 0} | network.emission.halving_interval_blocks | 0"
            + " | 1..2147483647",
        "'emission': {'coinbase_maturity_blocks': 0} | network.emission.coinbase_maturity_blocks"
            + " | 0 | 1..100000",
        "'limits': {'max_weight': 39999} | network.limits.max_weight | 39999 | 40000..4000000",
        "'limits': {'max_signature_operations_cost': 79} |"
            + " network.limits.max_signature_operations_cost | 79 | 80..1000000",
        "'limits': {'max_data_output_bytes': 35} | network.limits.max_data_output_bytes | 35 |"
            + " 36..100000",
        "'limits': {'max_legacy_hashed_bytes': 0} | network.limits.max_legacy_hashed_bytes | 0 |"
            + " 1000000..2147483647",
        "'activations': {'strict_signatures': 0} | network.activations.strict_signatures | 0 |"
            + " 1..2147483647",
        "'addresses': {'segwit_prefix': 'HB'} | network.addresses.segwit_prefix | HB | lower-case",
        "'addresses': {'pubkey_hash_version': 256, 'segwit_prefix': 'hb'} |"
            + " network.addresses.pubkey_hash_version | 256 | 0..255",
        "'body_rules': 'all' | network.body_rules | all | headers_only, templates",
        "'checkpoints': {'7': 'abc'} | network.checkpoints.7 | abc | 64 hex digits",
        "'minimum_chain_work': 'x' | network.minimum_chain_work | x | hex digits",
      })
  void read_aParameterOutOfRange_saysFieldValueAndRange(
      String member, String field, String value, String allowed) throws IOException {
    ConfigurationException refused = refusalIn(member);

    assertThat(refused.reason()).isEqualTo(Reason.OUT_OF_RANGE);
    assertThat(refused.field()).isEqualTo(field);
    assertThat(refused.value()).isEqualTo(value);
    assertThat(refused.allowed()).contains(allowed);
    assertThat(refused)
        .hasMessageContaining("node.json: " + field + " is " + value + ", allowed is ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'network': 'moon'} | OUT_OF_RANGE | network | moon",
        "{'network': 5} | WRONG_TYPE | network | 5",
        "{} | MISSING_FIELD | network | ``",
        "{'network': {'name': 'a'}} | MISSING_FIELD | network.magic | ``",
        "{'network': {'name': 'regtest'}} | OUT_OF_RANGE | network.name | regtest",
        "{'network': {'name': 'a', 'magic': 'fabfb5da'}} | OUT_OF_RANGE | network.magic | fabfb5da",
        "{'network': {'name': 'a', 'magic': '00000001'}} | MISSING_FIELD | network.genesis | ``",
        "{'network': 'regtest', 'nettwork': 1} | UNKNOWN_FIELD | nettwork | ``",
        "{'network': 'regtest', 'network': 'regtest'} | DUPLICATE_FIELD | network | ``",
        "{'network': 'regtest', 'http': {'listen': '127.0.0.1:0', 'listen': '127.0.0.1:0'}} |"
            + " DUPLICATE_FIELD | http.listen | ``",
        "{'network': 'regtest', 'http': {}} | MISSING_FIELD | http.listen | ``",
        "{'network': 'regtest', 'http': []} | WRONG_TYPE | http | a list",
        "{'network': 'regtest', 'http': {'listen': 'localhost:80'}} | OUT_OF_RANGE | http.listen |"
            + " localhost:80",
        "{'network': 'regtest', 'http': null} | WRONG_TYPE | http | null",
        "{'network': 'regtest', 'data_directory': ''} | OUT_OF_RANGE | data_directory | ``",
        "{'network': 'regtest', 'store': {'fsync': 'never'}} | OUT_OF_RANGE | store.fsync | never",
        "{'network': 'regtest', 'store': {'coin_bytes': 1.5}} | WRONG_TYPE | store.coin_bytes | 1.5",
        "{'network': 'regtest', 'store': {'accept_loss': 'yes'}} | WRONG_TYPE | store.accept_loss |"
            + " yes",
        "{'network': 'regtest', 'store': {'prune_to_bytes': 5}} | MISSING_FIELD |"
            + " store.prune_keeps_blocks | ``",
        "{'network': 'regtest', 'store': {'prune_keeps_blocks': 5}} | OUT_OF_RANGE |"
            + " store.prune_keeps_blocks | 5",
        "{'network': 'regtest', 'limits': {'orphans': {'max_blocks': 2,"
            + " 'reserved_blocks_per_source': 3}}} | OUT_OF_RANGE |"
            + " limits.orphans.reserved_blocks_per_source | 3",
        "{'network': 'regtest', 'peers': {'connect': ['127.0.0.1:1', 'nowhere']}} | OUT_OF_RANGE |"
            + " peers.connect[1] | nowhere",
        "{'network': 'regtest', 'peers': {'connect': ['127.0.0.1:1', 7]}} | WRONG_TYPE |"
            + " peers.connect[1] | 7",
        "{'network': 'regtest', 'peers': {'connect': 'a'}} | WRONG_TYPE | peers.connect | a",
        "{'network': 'regtest', 'peers': {'extensions': ['all']}} | OUT_OF_RANGE |"
            + " peers.extensions[0] | all",
        "{'network': 'regtest', 'peers': {'only_nodes': ['ab']}} | OUT_OF_RANGE |"
            + " peers.only_nodes[0] | ab",
        "{'network': 'regtest', 'peers': {'only_nodes': [], 'tls': {}}} | OUT_OF_RANGE | peers.tls |"
            + " given beside only_nodes",
        "{'network': 'regtest', 'peers': {'tls': {}}} | MISSING_FIELD | peers.tls.password_file | ``",
        "{'network': {'name': 'Harbour'}} | OUT_OF_RANGE | network.name | Harbour",
        "{'network': {'name': 'a', 'magic': 'A1B2C3D4'}} | OUT_OF_RANGE | network.magic | A1B2C3D4",
        "{'network': {'name': 'a', 'magic': '00000001', 'genesis': {'text': 'a', 'time': 1,"
            + " 'bits': '207fffff'}}} | OUT_OF_RANGE | network.genesis.text | a",
        "{'network': {'name': 'a', 'magic': '00000001', 'genesis': {'text': '"
            + LONG_TEXT
            + "', 'time': 1, 'bits': '207fffff'}}} | OUT_OF_RANGE | network.genesis.text | "
            + LONG_TEXT,
        "{'network': {'name': 'a', 'magic': '00000001', 'genesis': {'block': '00'}}} |"
            + " OUT_OF_RANGE | network.genesis.block | 00",
        "{'network': {'name': 'a', 'magic': '00000001', 'genesis': {'text': 'ab', 'time': {},"
            + " 'bits': '207fffff'}}} | WRONG_TYPE | network.genesis.time | an object",
        "{'network': {'name': 'a', 'magic': '00000001', 'genesis': {'text': 'ab', 'time': [],"
            + " 'bits': '207fffff'}}} | WRONG_TYPE | network.genesis.time | a list",
        "{'network': {'name': 'a', 'magic': '00000001', 'genesis': {'text': 'ab', 'time': true,"
            + " 'bits': '207fffff'}}} | WRONG_TYPE | network.genesis.time | true",
        "{'network': 'regtest', 'settings': {'peers.min': {}}} | WRONG_TYPE | settings.peers.min |"
            + " an object",
        "{'network': 'regtest', 'settings': {'peers.min': null}} | WRONG_TYPE |"
            + " settings.peers.min | null",
        "{'network': 'chaincore', 'mining': {'pay_to': 'me'}} | OUT_OF_RANGE | mining.pay_to | me",
        "{'network': 'regtest', 'mining': {'pay_to': 'me'}} | OUT_OF_RANGE | mining.pay_to | me",
        "{'network': 'regtest', 'settings': {'sync.chain.interval_seconds': 0}} | OUT_OF_RANGE |"
            + " settings.sync.chain.interval_seconds | 0",
        "{'network': 'regtest', 'settings': {'sync.chain.interval': 1}} | UNKNOWN_FIELD |"
            + " settings.sync.chain.interval | ``",
        "{'network': 'regtest', 'settings': {'emission.initial_reward': 1}} | OUT_OF_RANGE |"
            + " settings.emission.initial_reward | 1",
        "{'network': 'regtest', 'settings': {'peers.min': 9}} | OUT_OF_RANGE | settings.peers.min | 9",
        "{'network': 'regtest', 'settings': {'peers.min': [9]}} | WRONG_TYPE | settings.peers.min |"
            + " a list",
        "{'network': 'regtest', 'trusted_signers': ['x']} | OUT_OF_RANGE | trusted_signers[0] | x",
      })
  void read_aWrongNode_saysFieldAndValue(String json, Reason reason, String field, String value)
      throws IOException {
    ConfigurationException refused = refusal(json.replace('\'', '"'));

    assertThat(refused).extracting(ConfigurationException::reason).isEqualTo(reason);
    assertThat(refused.field()).isEqualTo(field);
    assertThat(refused.value()).isEqualTo(value);
    assertThat(refused.allowed()).isNotEmpty();
  }

  @Test
  void read_anUnknownField_namesThoseThereAre() throws IOException {
    assertThat(refusalIn("'time': {'block_seconds': 5}"))
        .hasMessageContaining(
            "network.time.block_seconds is no field, allowed are max_future_seconds,"
                + " median_span_blocks, target_block_seconds");
  }

  @Test
  void read_parametersThatContradictEachOther_saysWhich() throws IOException {
    ConfigurationException refused =
        refusal(
            "{\"network\": {"
                + NodeConfigurationTest.OWN_NETWORK
                + ", \"difficulty\": {\"rule\": \"lwma\", \"hardest\": \"1b00ffff\","
                + " \"easiest\": \"1f00ffff\"}}}");
    assertThat(refused.reason()).isEqualTo(Reason.CONTRADICTION);
    assertThat(refused.field()).isEqualTo("network");
    assertThat(refused).hasMessageContaining("genesis target above the limit");
  }

  @Test
  void read_anEmptyRangeOfTargets_isAContradiction() throws IOException {
    ConfigurationException refused =
        refusal(
            "{\"network\": {"
                + NodeConfigurationTest.OWN_NETWORK
                + ", \"difficulty\": {\"rule\": \"lwma\", \"hardest\": \"207fffff\","
                + " \"easiest\": \"1f00ffff\"}}}");
    assertThat(refused.field()).isEqualTo("network.difficulty");
    assertThat(refused.reason()).isEqualTo(Reason.CONTRADICTION);
  }

  @ParameterizedTest
  @CsvSource({"00000000", "20800000", "0x1d00ff", "22ffffff", "1d0000"})
  void read_bitsThatAreNoTarget_areRefused(String bits) throws IOException {
    ConfigurationException refused =
        refusal(
            "{\"network\": {"
                + NodeConfigurationTest.OWN_NETWORK
                + ", \"difficulty\": {\"rule\": \"fixed\", \"bits\": \""
                + bits
                + "\"}}}");
    assertThat(refused.field()).isEqualTo("network.difficulty.bits");
  }

  @Test
  void read_aBlockIntervalWhereDifficultyAdjusts_isRefused() throws IOException {
    ConfigurationException refused =
        refusal(
            """
            {"network": "chaincore", "mining": {
              "pay_to": "cc1qw508d6qejxtdg4y5r3zarvary0c5xw7kuv2z2h", "block_interval_seconds": 5}}
            """
                .replace(
                    "cc1qw508d6qejxtdg4y5r3zarvary0c5xw7kuv2z2h",
                    new org.chaincore.core.script.Address(
                            org.chaincore.core.config.Networks.chaincore().addresses(),
                            org.chaincore.core.script.KeyPair.ofSeed(new byte[32])
                                .payToWitnessPubkeyHash())
                        .toString()));
    assertThat(refused.field()).isEqualTo("mining.block_interval_seconds");
    assertThat(refused.allowed()).isEqualTo("0: the network chaincore adjusts its difficulty");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``",
        "[]",
        "{",
        "{} {}",
        "{'a' 1}",
        "{'network': 'regtest'} x",
        "{'a': [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}",
        "{'a': 12345678901234567890123456789012345678901234567890}",
        "nothing",
      })
  void read_noJsonObject_saysWhere(String text) throws IOException {
    ConfigurationException refused = refusal(text.replace('\'', '"'));

    assertThat(refused.reason()).isEqualTo(Reason.MALFORMED);
    assertThat(refused).hasMessageMatching(".*node\\.json: .*is no JSON at .*");
  }

  @Test
  void read_aFileThatIsTooLong_isNotReadToItsEnd() throws IOException {
    byte[] spaces = new byte[(1 << 20) + 1];
    java.util.Arrays.fill(spaces, (byte) ' ');

    Path file = Files.write(directory.resolve("node.json"), spaces);
    ConfigurationException refused =
        catchThrowableOfType(ConfigurationException.class, () -> NodeConfiguration.read(file));
    assertThat(refused.reason()).isEqualTo(Reason.UNREADABLE);
    assertThat(refused).hasMessageContaining("at most 1048576 bytes");
  }

  @Test
  void read_noFile_saysSo() {
    Path file = directory.resolve("none.json");
    ConfigurationException refused =
        catchThrowableOfType(ConfigurationException.class, () -> NodeConfiguration.read(file));
    assertThat(refused.reason()).isEqualTo(Reason.UNREADABLE);
    assertThat(refused).hasMessageContaining("none.json: cannot be read: NoSuchFileException");
  }

  @Test
  void message_aLongValueWithControls_isCutAndCleaned() throws IOException {
    ConfigurationException refused =
        refusal("{\"network\": \"" + "\\u001b[2J" + "x".repeat(500) + "\"}");

    assertThat(refused.value()).hasSize(83).startsWith("?[2J");
  }

  @Test
  void read_checkpointsThatAreNone_sayWhichAndHowMany() throws IOException {
    for (String height : new String[] {"07", "-1", "1000000000", "seven", ""}) {
      ConfigurationException refused =
          refusalIn("'checkpoints': {'" + height + "': '" + "ab".repeat(32) + "'}");
      assertThat(refused.reason()).as(height).isEqualTo(Reason.UNKNOWN_FIELD);
      assertThat(refused.allowed()).contains("0..999999999");
    }
    StringBuilder many = new StringBuilder("'checkpoints': {");
    for (int height = 0; height <= 10_000; height++) {
      many.append(height == 0 ? "" : ", ").append("'" + height + "': '" + "ab".repeat(32) + "'");
    }
    ConfigurationException refused = refusalIn(many.append("}").toString());
    assertThat(refused.reason()).isEqualTo(Reason.OUT_OF_RANGE);
    assertThat(refused.value()).isEqualTo("10001 of them");
  }

  @Test
  void read_listsThatAreTooLong_sayHowLong() throws IOException {
    StringBuilder connect =
        new StringBuilder("{\"network\": \"regtest\", \"peers\": {\"connect\": [");
    for (int i = 0; i < 5_000; i++) {
      connect.append(i == 0 ? "" : ", ").append("\"10.0.0.1:").append(1 + i).append('"');
    }

    ConfigurationException refused = refusal(connect.append("]}}").toString());

    assertThat(refused.field()).isEqualTo("peers.connect");
    assertThat(refused.value()).isEqualTo("5000 elements");
  }

  @Test
  void mining_withAnIntervalOutsideItsRange_isRefused() {
    SpendableTemplate payout = KeyPair.ofSeed(new byte[32]).payToWitnessPubkeyHash();

    for (long seconds : new long[] {-1, NodeConfiguration.Mining.MAX_INTERVAL_SECONDS + 1}) {
      assertThatThrownBy(() -> new NodeConfiguration.Mining(payout, seconds))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("0..86400");
    }
  }

  @Test
  void onlyNodes_moreThanAListHolds_areRefused() {
    Set<NodeId> many = new LinkedHashSet<>();
    for (int i = 0; i <= NodeConfiguration.Encryption.OnlyNodes.MAX_NODES; i++) {
      byte[] id = new byte[NodeId.BYTES];
      id[0] = (byte) i;
      id[1] = (byte) (i >> 8);
      many.add(NodeId.of(Bytes.of(id)));
    }

    assertThatThrownBy(() -> new NodeConfiguration.Encryption.OnlyNodes(many))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("10001");
  }
}
