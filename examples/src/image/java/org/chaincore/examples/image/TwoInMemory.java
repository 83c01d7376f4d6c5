package org.chaincore.examples.image;

import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.config.Networks;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.engine.EngineSetup;
import org.chaincore.core.event.EventReader;
import org.chaincore.core.mining.BlockTemplate;
import org.chaincore.core.mining.TemplateResult;
import org.chaincore.core.pow.NonceRange;
import org.chaincore.core.pow.NonceSearch;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.driver.DriverSetup;
import org.chaincore.sync.driver.SyncDriver;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.Signatures;
import org.chaincore.sync.message.NodeDescription;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.Services;
import org.chaincore.sync.protocol.Extension;
import org.chaincore.sync.protocol.LocalNode;
import org.chaincore.sync.protocol.ProtocolSetup;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.SettingsState;
import org.chaincore.sync.settings.TrustedSigners;
import org.chaincore.sync.transport.MemoryNetwork;

/**
 * Two nodes of core and sync alone, without sockets, files, JSON or native code: one mines a block,
 * the other has it over a network in memory. It shows what {@code ChainNode} puts together.
 */
public final class TwoInMemory {
  private static final NetworkAddress HERE = NetworkAddress.parse("10.0.0.1:1");
  private static final NetworkAddress THERE = NetworkAddress.parse("10.0.0.2:1");

  private TwoInMemory() {}

  /** A chain and what keeps it in step with others. */
  private record Node(ChainEngine engine, SyncDriver driver) implements AutoCloseable {
    static Node start(MemoryNetwork network, NetworkAddress address, int seed) {
      EngineSetup setup = EngineSetup.inMemory(Networks.regtest());
      ChainEngine engine = ChainEngine.open(setup);
      // A real node takes a secret and a seed that nobody can guess.
      byte[] secret = new byte[NodeKey.SEED_BYTES];
      secret[0] = (byte) seed;
      LocalNode self =
          new LocalNode(
              NodeKey.ofSeed(secret),
              new NodeDescription(
                  NodeDescription.PROTOCOL_VERSION,
                  Services.NETWORK | Services.WITNESS,
                  "/image:1/"),
              EnumSet.allOf(Extension.class));
      SettingsState settings =
          SettingsState.of(
              engine.params().fingerprint(),
              OperationalSettings.DEFAULT,
              TrustedSigners.NONE,
              Signatures.ed25519());
      return new Node(
          engine,
          SyncDriver.start(
              new DriverSetup(
                  new ProtocolSetup(engine, self, settings, seed),
                  network.transportAt(address),
                  setup.locks(),
                  DriverSetup.Host.withClock(System::currentTimeMillis))));
    }

    void mine() {
      long now = System.currentTimeMillis() / 1_000;
      KeyPair miner = KeyPair.ofSeed(new byte[32]);
      TemplateResult.Ready ready =
          (TemplateResult.Ready) engine.template(miner.payToWitnessPubkeyHash(), Bytes.EMPTY, now);
      BlockTemplate template = ready.template();
      NonceSearch.Found found =
          (NonceSearch.Found) NonceSearch.search(template.header(), NonceRange.ALL, () -> false);
      BlockOutcome outcome = engine.accept(template.block(found.header().nonce()), 0, now);
      if (!(outcome instanceof BlockOutcome.Accepted)) {
        throw new IllegalStateException("our own block is refused: " + outcome);
      }
    }

    HeaderNode whenHeight(int height) throws Exception {
      CompletableFuture<HeaderNode> reached = new CompletableFuture<>();
      Runnable look = () -> engine.view().at(height).ifPresent(reached::complete);
      EventReader.Subscription watching = engine.events().subscribe(look);
      look.run();
      try {
        return reached.get(30, TimeUnit.SECONDS);
      } finally {
        watching.close();
      }
    }

    @Override
    public void close() {
      driver.close();
    }
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    MemoryNetwork network = MemoryNetwork.immediate();
    try (Node here = Node.start(network, HERE, 1);
        Node there = Node.start(network, THERE, 2)) {
      there.driver().connect(HERE);
      here.mine();
      HeaderNode tip = there.whenHeight(1);
      System.out.println("height=" + tip.height() + " tip=" + tip.hash());
    }
  }
}
