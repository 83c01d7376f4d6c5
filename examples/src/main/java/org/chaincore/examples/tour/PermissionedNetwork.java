package org.chaincore.examples.tour;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.config.Networks;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.value.Sha256;
import org.chaincore.net.node.ChainNode;
import org.chaincore.net.node.NodeBuilder;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.protocol.MessageCounts;

/**
 * A network of members: they speak TLS 1.3 with certificates of their own keys, and know each other
 * by a list. A stranger is cut before a byte of the protocol is sent or read.
 */
public final class PermissionedNetwork {
  private PermissionedNetwork() {}

  /** A member makes its key once, of 32 random bytes, keeps it, and tells the others its id. */
  private static NodeKey keyOf(String name) {
    return NodeKey.ofSeed(Sha256.hash(name.getBytes(UTF_8)));
  }

  private static NodeBuilder node(String name, Set<NodeId> allowed) {
    return ChainNode.builder()
        .network(Networks.regtest())
        .key(keyOf(name))
        .userAgent("/" + name + ":1/")
        .onlyNodes(allowed);
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    KeyPair miner = KeyPair.ofSeed(Sha256.hash("miner".getBytes(UTF_8)));
    NodeId mill = keyOf("mill").id();
    NodeId shop = keyOf("shop").id();
    NodeId stranger = keyOf("stranger").id();
    Set<NodeId> members = Set.of(mill, shop);

    try (ChainNode millNode =
        node("mill", members)
            .listen("127.0.0.1:0")
            .mineTo(miner.payToWitnessPubkeyHash())
            .blockInterval(1)
            .start()) {
      NetworkAddress door = millNode.p2pAddress().orElseThrow();
      try (ChainNode shopNode = node("shop", members).connectTo(door).start();
          // Whom the stranger lets in is its own affair; it gets nowhere all the same.
          ChainNode strangerNode =
              node("stranger", Set.of(mill, stranger)).connectTo(door).start()) {
        // Three blocks take as many seconds: the stranger has knocked meanwhile.
        shopNode.whenHeight(millNode.tip().height() + 3).get(60, TimeUnit.SECONDS);
        System.out.println("the shop hears of " + heardBy(shopNode) + " messages");
        System.out.println("the stranger hears of " + heardBy(strangerNode));
        System.out.println(
            "members_height="
                + shopNode.tip().height()
                + " stranger_height="
                + strangerNode.tip().height()
                + " stranger_messages="
                + heardBy(strangerNode));
      }
    }
  }

  /** How many messages of the protocol have come to a node. */
  private static long heardBy(ChainNode node) throws Exception {
    return node.sync().currentStatus().get(10, TimeUnit.SECONDS).messages().values().stream()
        .mapToLong(MessageCounts::received)
        .sum();
  }
}
