package org.chaincore.bench.workload;

import java.util.EnumSet;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.Signatures;
import org.chaincore.sync.message.NodeDescription;
import org.chaincore.sync.peer.Services;
import org.chaincore.sync.protocol.Extension;
import org.chaincore.sync.protocol.LocalNode;
import org.chaincore.sync.protocol.ProtocolSetup;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.SettingsState;
import org.chaincore.sync.settings.TrustedSigners;

/** What nodes of benchmarks say of themselves: full nodes with every extension. Stateless. */
public final class BenchNodes {
  private BenchNodes() {}

  /**
   * A node over an engine.
   *
   * @param number gives it its key and its seed
   */
  public static ProtocolSetup setup(ChainEngine engine, int number, OperationalSettings own) {
    byte[] seed = new byte[NodeKey.SEED_BYTES];
    seed[0] = (byte) number;
    seed[1] = (byte) (number >> 8);
    LocalNode self =
        new LocalNode(
            NodeKey.ofSeed(seed),
            new NodeDescription(
                NodeDescription.PROTOCOL_VERSION,
                Services.NETWORK | Services.WITNESS,
                "/ChainCore:bench/"),
            EnumSet.allOf(Extension.class));
    SettingsState settings =
        SettingsState.of(
            engine.params().fingerprint(), own, TrustedSigners.NONE, Signatures.ed25519());
    return new ProtocolSetup(engine, self, settings, number);
  }
}
