package org.chaincore.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.MerkleTree;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.pow.ProofOfWork;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworksTest {
  private static final Hash256 BITCOIN_MERKLE_ROOT =
      Hash256.parse("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b");

  static ChainParams network(String name) {
    return switch (name) {
      case "mainnet" -> Networks.bitcoinMainnet();
      case "testnet3" -> Networks.bitcoinTestnet3();
      case "signet" -> Networks.bitcoinSignet();
      case "regtest" -> Networks.regtest();
      default -> Networks.chaincore();
    };
  }

  @ParameterizedTest
  @CsvSource({
    "mainnet, 000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
    "testnet3, 000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943",
    "signet, 00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6",
    "regtest, 0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"
  })
  void genesis_ofBitcoinNetwork_hasTheKnownHashAndWork(String name, String hash) {
    ChainParams params = network(name);

    assertThat(params.name()).isEqualTo(name);
    assertThat(params.genesis().hash()).hasToString(hash);
    assertThat(params.genesis().header().merkleRoot()).isEqualTo(BITCOIN_MERKLE_ROOT);
    assertThat(params.genesis().txids()).containsExactly(BITCOIN_MERKLE_ROOT);
    assertThat(
            ProofOfWork.verdict(
                params.genesis().header().bits(), params.genesis().hash(), params.work().limit()))
        .isEqualTo(ProofOfWork.Verdict.VALID);
  }

  /**
   * GOLDEN VALUES OF THE CHAINCORE GENESIS: the one place to change when its nonce does. Anything
   * else that changes them splits the network.
   */
  @Test
  void chaincore_always_hasTheSameGenesisAndFingerprint() {
    ChainParams params = Networks.chaincore();

    assertThat(params.genesis().hash())
        .hasToString("00000050958ad9756b63a1a391405d401941f6fd0bee425bfa16b0fa94d7a189");
    assertThat(params.fingerprint())
        .hasToString("e88da1c60c60b92ee59afadef530f9eee6aa309b0b214ff8d5021464bde46e09");
  }

  @Test
  void chaincore_genesis_commitsToItsText() {
    Block genesis = Networks.chaincore().genesis();

    assertThat(MerkleTree.root(genesis.txids()).hash()).isEqualTo(genesis.header().merkleRoot());
    assertThat(genesis.transactions()).singleElement().satisfies(NetworksTest::saysItsName);
  }

  private static void saysItsName(Transaction coinbase) {
    assertThat(coinbase.isCoinbase()).isTrue();
    assertThat(
            new String(
                coinbase.inputs().get(0).scriptSig().toArray(), 1, 9, StandardCharsets.US_ASCII))
        .isEqualTo("ChainCore");
  }

  @ParameterizedTest
  @CsvSource({
    "chaincore, d2a9c7e3, 17333, TEMPLATES",
    "mainnet, d9b4bef9, 8333, HEADERS_ONLY",
    "testnet3, 0709110b, 18333, HEADERS_ONLY",
    "signet, 40cf030a, 38333, HEADERS_ONLY",
    "regtest, dab5bffa, 18444, TEMPLATES"
  })
  void identity_ofNetwork_isTheKnownOne(String name, String magic, int port, BodyRules bodies) {
    ChainParams params = network(name);

    assertThat(String.format("%08x", params.identity().magic())).isEqualTo(magic);
    assertThat(params.identity().p2pPort()).isEqualTo(port);
    assertThat(params.bodyRules()).isEqualTo(bodies);
    assertThat(params).hasToString("network " + name);
  }

  @Test
  void chaincore_rules_areThoseOfTheDesign() {
    ChainParams params = Networks.chaincore();

    assertThat(params.time()).isEqualTo(new TimeRules(10, 11, 60));
    assertThat(params.emission().coinbaseMaturityBlocks()).isEqualTo(100);
    assertThat(params.emission().initialReward().toCoins()).isEqualTo("50.00000000");
    assertThat(params.work().difficulty().canonical())
        .isEqualTo(
            "epoch interval=10 block_time_s=10 max_change_levels=4"
                + " hardest=1b00ffff easiest=200fffff");
    assertThat(params.work().limit().bits()).isEqualTo(0x200fffff);
  }

  @Test
  void regtest_rules_areThoseOfBitcoin() {
    ChainParams params = Networks.regtest();

    assertThat(params.emission().halvingIntervalBlocks()).isEqualTo(150);
    assertThat(params.emission().coinbaseMaturityBlocks()).isEqualTo(100);
    assertThat(params.activations()).isEqualTo(Activations.FROM_THE_START);
    assertThat(params.work().difficulty().canonical()).isEqualTo("fixed bits=207fffff");
    assertThat(params.addresses().toString()).contains("bcrt");
  }
}
