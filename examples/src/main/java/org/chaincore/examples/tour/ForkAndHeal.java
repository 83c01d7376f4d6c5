package org.chaincore.examples.tour;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.config.Networks;
import org.chaincore.core.engine.BlockOutcome;
import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.core.event.ChainEvent.TipChanged;
import org.chaincore.core.event.EventReader;
import org.chaincore.core.mining.BlockTemplate;
import org.chaincore.core.mining.TemplateResult;
import org.chaincore.core.pow.NonceRange;
import org.chaincore.core.pow.NonceSearch;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Sha256;
import org.chaincore.net.node.ChainNode;
import org.chaincore.sync.peer.NetworkAddress;

/**
 * Two nodes are cut apart, both go on, and meet again: the chain of more work wins, and whoever was
 * on the other hears of it as one event that says what left the chain and what joined it.
 */
public final class ForkAndHeal {
  private static final long FAR_AWAY_SECONDS = 1L << 40;

  private ForkAndHeal() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    try (ChainNode left =
            ChainNode.builder().network(Networks.regtest()).listen("127.0.0.1:0").start();
        ChainNode right = ChainNode.builder().network(Networks.regtest()).start()) {
      NetworkAddress address = left.p2pAddress().orElseThrow();
      right.connect(address);
      mine(left, "left", 3);
      right.whenHeight(3).get(30, TimeUnit.SECONDS);

      // Right wants nothing to do with left any more, in either direction.
      right.sync().ban(address, FAR_AWAY_SECONDS);
      int peers =
          right.sync().currentStatus().get(10, TimeUnit.SECONDS).connections().peers().size();
      System.out.println("cut apart at height 3, connections: " + peers);
      mine(left, "left", 2);
      mine(right, "right", 4);
      System.out.println(
          "left is at " + left.tip().height() + ", right at " + right.tip().height());

      long cursor = left.events().cursor();
      right.sync().forgive(address);
      right.connect(address);
      left.whenHeight(7).get(60, TimeUnit.SECONDS);

      List<TipChanged> reorganisations = reorganisations(left, cursor);
      for (TipChanged change : reorganisations) {
        System.out.println("left the chain: " + heights(change.disconnected()));
        System.out.println("joined it:      " + heights(change.connected()));
      }
      System.out.println(
          "reorganisations="
              + reorganisations.size()
              + " disconnected="
              + reorganisations.get(0).disconnected().size()
              + " height="
              + left.tip().height()
              + " tip="
              + left.tip().hash()
              + " same="
              + left.tip().equals(right.tip()));
    }
  }

  private static List<Integer> heights(List<BlockRef> blocks) {
    return blocks.stream().map(BlockRef::height).toList();
  }

  /** What the node told since then that took blocks away. */
  private static List<TipChanged> reorganisations(ChainNode node, long cursor) {
    EventReader.Page page = node.engine().events().read(cursor, 100);
    if (!(page instanceof EventReader.Page.Events events)) {
      throw new IllegalStateException("too far behind: " + page);
    }
    return events.events().stream()
        .filter(TipChanged.class::isInstance)
        .map(TipChanged.class::cast)
        .filter(TipChanged::isReorg)
        .toList();
  }

  /** Mines by hand, as a host does that decides itself when a block comes. */
  private static void mine(ChainNode node, String name, int blocks) {
    KeyPair miner = KeyPair.ofSeed(Sha256.hash(name.getBytes(UTF_8)));
    for (int i = 0; i < blocks; i++) {
      long now = System.currentTimeMillis() / 1_000;
      TemplateResult result =
          node.engine().template(miner.payToWitnessPubkeyHash(), Bytes.EMPTY, now);
      if (!(result instanceof TemplateResult.Ready ready)) {
        throw new IllegalStateException("the clock is behind the chain: " + result);
      }
      BlockTemplate template = ready.template();
      NonceSearch.Result search =
          NonceSearch.search(template.header(), NonceRange.ALL, () -> false);
      if (!(search instanceof NonceSearch.Found found)
          || !(node.submit(template.block(found.header().nonce()))
              instanceof BlockOutcome.Accepted)) {
        throw new IllegalStateException("no block: " + search);
      }
    }
  }
}
