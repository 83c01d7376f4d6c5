package org.chaincore.examples.tour;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.config.Networks;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.value.Sha256;
import org.chaincore.net.node.ChainNode;
import org.chaincore.sync.peer.NetworkAddress;

/**
 * Nodes whose bytes a transport of the host's own carries: {@link SocketFileTransport}, through
 * files in a directory. Everything else is as with TCP: the protocol does not know the difference.
 */
public final class OwnTransport {
  private OwnTransport() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("chaincore-sockets");
    KeyPair miner = KeyPair.ofSeed(Sha256.hash("miner".getBytes(UTF_8)));
    // Names of nodes in this directory: they need not exist in any network of the machine.
    NetworkAddress north = NetworkAddress.parse("10.0.0.1:1");
    NetworkAddress south = NetworkAddress.parse("10.0.0.2:1");

    try (ChainNode first =
            ChainNode.builder()
                .network(Networks.regtest())
                .transport(new SocketFileTransport(directory, north))
                .mineTo(miner.payToWitnessPubkeyHash())
                .blockInterval(1)
                .start();
        ChainNode second =
            ChainNode.builder()
                .network(Networks.regtest())
                .transport(new SocketFileTransport(directory, south))
                .connectTo(north)
                .start()) {
      second.whenHeight(2).get(60, TimeUnit.SECONDS);
      System.out.println("files: " + directory.toFile().list().length);
      System.out.println("first is at " + first.tip().height());
      System.out.println(
          "height=" + second.tip().height() + " peers=" + second.sync().connections());
    }
    Files.delete(directory); // Empty again: a transport that is closed takes its file away.
  }
}
