package org.chaincore.net.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.config.Networks;
import org.chaincore.core.script.Address;
import org.chaincore.core.script.KeyPair;
import org.chaincore.net.config.ConfigurationException;
import org.chaincore.net.config.NodeConfiguration;
import org.chaincore.net.config.NodeConfiguration.Encryption;
import org.chaincore.net.tls.Certificates;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.SyncTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ConfiguredNodeTest {
  private static final KeyPair ALICE = KeyPair.ofSeed(new byte[32]);

  @TempDir private Path directory;

  private Path file(String json) throws IOException {
    return Files.writeString(directory.resolve("node.json"), json);
  }

  private static NodeConfiguration full() {
    return ChainNode.builder()
        .network(Networks.regtest())
        .listen("127.0.0.1:0")
        .announceAs("192.0.2.1:5")
        .connectTo("192.0.2.2:5")
        .onlyNodes(Set.of(Certificates.nodeKey(1).id()))
        .http("127.0.0.1:0")
        .apiTokenFile(Path.of("/run/token"))
        .mineTo(ALICE.payToTaproot())
        .blockInterval(3)
        .settings(OperationalSettings.DEFAULT.withInterval(SyncTask.CHAIN, 4))
        .trustConfigSigner(Certificates.nodeKey(2).id())
        .extensions(Set.of())
        .userAgent("/Harbour:2/")
        .serveFilters()
        .dataDirectory(Path.of("/run/chain"))
        .configuration();
  }

  @Test
  void configuration_ofABuilder_makesAnotherThatSaysTheSame() {
    NodeConfiguration all = full();

    assertThat(all.peering().encryption()).isInstanceOf(Encryption.OnlyNodes.class);
    assertThat(ChainNode.builder().configuration(all).configuration()).isEqualTo(all);
  }

  @Test
  void configuration_afterOthers_leavesNothingOfThem() {
    NodeConfiguration plain = NodeConfiguration.of(Networks.regtest());

    assertThat(ChainNode.builder().configuration(full()).configuration(plain).configuration())
        .isEqualTo(plain);
  }

  @Test
  void encryption_saidTwice_isTheLast() {
    NodeBuilder builder = ChainNode.builder().tls(Certificates.newAuthority().tls());
    builder.onlyNodes(Set.of());
    assertThat(builder.configuration().peering().encryption())
        .isInstanceOf(Encryption.OnlyNodes.class);
    builder.tls(Certificates.newAuthority().tls());
    assertThat(builder.configuration().peering().encryption())
        .isInstanceOf(Encryption.Certificates.class);
  }

  @Test
  void configuration_withCertificates_keepsThem() {
    NodeConfiguration all =
        ChainNode.builder().tls(Certificates.newAuthority().tls()).configuration();

    assertThat(ChainNode.builder().configuration(all).configuration()).isEqualTo(all);
    assertThat(all.peering().encryption()).isInstanceOf(Encryption.Certificates.class);
  }

  @Test
  void configuration_thatIsRefused_changesNothing() throws IOException {
    NodeBuilder builder = ChainNode.builder().configuration(full());
    NodeConfiguration before = builder.configuration();
    Path bad = file("{\"network\": \"chaincore\", \"peers\": {\"listen\": \"nowhere\"}}");

    assertThatThrownBy(() -> builder.configuration(bad))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("peers.listen is nowhere");
    assertThat(builder.configuration()).isEqualTo(before);
  }

  @Test
  void start_fromAFileWithANetworkOfItsOwn_minesIt() throws Exception {
    Path json =
        file(
            """
            {"network": {"name": "harbour", "magic": "a1b2c3d4",
               "addresses": {"segwit_prefix": "hb"},
               "genesis": {"text": "harbour", "time": 1793491200, "bits": "207fffff"},
               "difficulty": {"rule": "fixed", "bits": "207fffff"},
               "emission": {"initial_reward": "8", "halving_interval_blocks": 2}},
             "peers": {"listen": "127.0.0.1:0"},
             "mining": {"pay_to": "ADDRESS"}}
            """);
    String own =
        new Address(
                new org.chaincore.core.script.AddressFormat(28, 87, 156, "hb"),
                ALICE.payToWitnessPubkeyHash())
            .toString();
    Files.writeString(json, Files.readString(json).replace("ADDRESS", own));
    try (ChainNode node = ChainNode.builder().configuration(json).start()) {
      node.whenHeight(3).get(30, TimeUnit.SECONDS);
      assertThat(node.params().name()).isEqualTo("harbour");
      assertThat(node.params().emission().subsidy(2).toCoins()).isEqualTo("4.00000000");
      assertThat(node.configuration().mining())
          .isEqualTo(new NodeConfiguration.Mining(ALICE.payToWitnessPubkeyHash(), 0));
    }
  }

  @Test
  void start_builderUsedAgain_doesNotChangeTheNodeThatRuns() {
    NodeBuilder builder =
        ChainNode.builder().network(Networks.regtest()).listen("127.0.0.1:0").clock(() -> 5_000);
    try (ChainNode node = builder.start()) {
      builder.configuration(NodeConfiguration.of(Networks.chaincore())).clock(() -> 1L << 60);

      assertThat(node.params().name()).isEqualTo("regtest");
      assertThat(node.p2pAddress()).isPresent();
      assertThat(node.configuration().network().name()).isEqualTo("regtest");
    }
  }

  @Test
  void start_fromKeyStoresThatAFileNames_speaksTls() throws Exception {
    Certificates authority = Certificates.newAuthority();
    write("own.p12", authority.member(Certificates.aDay()));
    write("trust.p12", authority.trust());
    Files.writeString(
        directory.resolve("password"), new String(Certificates.PASSWORD) + System.lineSeparator());
    Path json =
        file(
            """
            {"network": "regtest",
             "peers": {"listen": "127.0.0.1:0",
               "tls": {"key_store": "own.p12", "trust_store": "trust.p12",
                 "password_file": "password"}}}
            """);
    try (ChainNode first = ChainNode.builder().configuration(json).seed(1).start();
        ChainNode second =
            ChainNode.builder()
                .configuration(json)
                .connectTo(first.p2pAddress().orElseThrow().toString())
                .mineTo(ALICE.payToTaproot())
                .start()) {
      first.whenHeight(1).get(30, TimeUnit.SECONDS);
      assertThat(second.sync().connections()).isEqualTo(1);
    }
  }

  private void write(String name, KeyStore store) throws Exception {
    try (OutputStream out = Files.newOutputStream(directory.resolve(name))) {
      store.store(out, Certificates.PASSWORD);
    }
  }

  @Test
  void configuration_keyStoresThatCannotBeOpened_nameTheField() throws Exception {
    write("own.p12", Certificates.newAuthority().member(Certificates.aDay()));
    Files.writeString(directory.resolve("password"), "wrong");
    Path json =
        file(
            """
            {"network": "regtest", "peers": {"tls": {"key_store": "own.p12",
               "trust_store": "own.p12", "password_file": "password"}}}
            """);

    assertThatThrownBy(() -> NodeConfiguration.read(json))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("peers.tls.key_store is ")
        .hasMessageNotContaining("wrong");
    Files.delete(directory.resolve("password"));
    assertThatThrownBy(() -> NodeConfiguration.read(json))
        .hasMessageContaining("peers.tls.password_file is ");
    write("empty.p12", Certificates.empty());
    Files.writeString(directory.resolve("password"), new String(Certificates.PASSWORD));
    Files.writeString(
        json, Files.readString(json).replace("key_store\": \"own", "key_store\": \"empty"));
    assertThatThrownBy(() -> NodeConfiguration.read(json))
        .hasMessageContaining("peers.tls contradicts itself: the keystore holds no private key");
  }
}
