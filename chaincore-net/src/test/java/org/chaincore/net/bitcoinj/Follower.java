package org.chaincore.net.bitcoinj;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.bitcoinj.core.AbstractBlockChain;
import org.bitcoinj.core.Peer;
import org.bitcoinj.core.PeerAddress;
import org.bitcoinj.core.PeerGroup;
import org.bitcoinj.core.listeners.DownloadProgressTracker;
import org.bitcoinj.utils.Threading;
import org.chaincore.core.value.Hash256;
import org.chaincore.net.node.ChainNode;
import org.chaincore.sync.peer.NetworkAddress;

/** bitcoinj, connected with nodes, and somebody who waits for it. Thread-safe. */
final class Follower implements AutoCloseable {
  static final long WAIT_SECONDS = 60;

  private final AbstractBlockChain chain;
  private final PeerGroup group;
  private final List<Wait> waits = new CopyOnWriteArrayList<>();

  /** Somebody waits for a tip. */
  private record Wait(Hash256 tip, CompletableFuture<Integer> reached) {}

  /** Keeps its chain there. */
  Follower(AbstractBlockChain chain, PeerGroup group) {
    this.chain = chain;
    this.group = group;
    group.setUseLocalhostPeerWhenPossible(false);
    group.setUserAgent("follower", "1");
    group.addBlocksDownloadedEventListener(
        Threading.SAME_THREAD, (peer, block, filtered, left) -> look());
  }

  PeerGroup group() {
    return group;
  }

  AbstractBlockChain chain() {
    return chain;
  }

  /** Connects with all of these, and begins to download. */
  Follower follow(ChainNode... nodes) throws Exception {
    return follow(
        Arrays.stream(nodes)
            .map(node -> node.p2pAddress().orElseThrow())
            .toArray(NetworkAddress[]::new));
  }

  /** Connects with all that is there, and begins to download. */
  Follower follow(NetworkAddress... nodes) throws Exception {
    group.setMinBroadcastConnections(nodes.length);
    for (NetworkAddress at : nodes) {
      InetAddress host = InetAddress.getByAddress(at.host().toArray());
      group.addAddress(PeerAddress.simple(host, at.port()));
    }
    group.startBlockChainDownload(new DownloadProgressTracker()); // Begins when a peer is there.
    group.startAsync().get(WAIT_SECONDS, TimeUnit.SECONDS);
    List<Peer> peers = group.waitForPeers(nodes.length).get(WAIT_SECONDS, TimeUnit.SECONDS);
    assertThat(peers).hasSizeGreaterThanOrEqualTo(nodes.length);
    return this;
  }

  /** Waits until its chain ends with this block; the height of it. */
  int await(Hash256 tip) throws Exception {
    Wait wait = new Wait(tip, new CompletableFuture<>());
    waits.add(wait);
    look();
    try {
      return wait.reached.get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException late) {
      throw new AssertionError(
          "bitcoinj stays at " + chain.getBestChainHeight() + ", not " + tip, late);
    } finally {
      waits.remove(wait);
    }
  }

  private void look() {
    String head = chain.getChainHead().getHeader().getHashAsString();
    for (Wait wait : waits) {
      if (wait.tip.toString().equals(head)) {
        wait.reached.complete(chain.getBestChainHeight());
      }
    }
  }

  @Override
  public void close() {
    if (group.isRunning()) {
      group.stop();
    }
  }
}
