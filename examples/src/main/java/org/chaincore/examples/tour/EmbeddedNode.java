package org.chaincore.examples.tour;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.config.Networks;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.core.event.ChainEvent.TipChanged;
import org.chaincore.core.script.KeyPair;
import org.chaincore.net.node.ChainNode;
import org.chaincore.net.node.NodeBuilder;
import org.chaincore.net.node.NodeEvent;

/**
 * A node within a program: it keeps its chain in a directory, mines, tells what happens, is closed
 * and goes on where it was.
 *
 * <p>Needs {@code org.chaincore:chaincore-store} at run time; without a data directory it does not.
 * Called with a directory, it keeps its chain there; without, in a new one.
 */
public final class EmbeddedNode {
  private EmbeddedNode() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    Path directory =
        args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("chaincore-embedded");
    // Who has this key has the rewards: 32 random bytes, kept safe, in a real program.
    KeyPair miner = KeyPair.ofSeed(new byte[32]);
    NodeBuilder plan =
        ChainNode.builder()
            .network(Networks.regtest())
            .dataDirectory(directory)
            .mineTo(miner.payToWitnessPubkeyHash())
            .blockInterval(1);

    BlockRef last;
    try (ChainNode node = plan.start()) {
      // Until the node is closed; what is returned here would end it before.
      node.events().listen(EmbeddedNode::tell);
      node.whenHeight(node.tip().height() + 3).get(30, TimeUnit.SECONDS);
      // What it names has not stopped in time, as a listener that blocks; mostly it names nothing.
      List<String> stillRunning = node.close(Duration.ofSeconds(5));
      last = node.tip();
      System.out.println("closed, still running: " + stillRunning);
    }

    // The same plan again: the same directory, the same chain, the same name among its peers.
    try (ChainNode again = plan.start()) {
      boolean isThere = again.engine().view().onChain(last.hash()).isPresent();
      System.out.println("opened again, " + again.status().why());
      System.out.println(
          "height=" + last.height() + " tip=" + last.hash() + " kept=" + (isThere ? "yes" : "no"));
    }
  }

  /** Called by one thread at a time, which holds no lock of the node; it may take its time. */
  private static void tell(NodeEvent<ChainEvent> event) {
    if (event.event() instanceof TipChanged change) {
      for (BlockRef block : change.connected()) {
        System.out.println("block " + block.height() + " is " + block.hash());
      }
    }
  }
}
