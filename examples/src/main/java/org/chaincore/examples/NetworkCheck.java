package org.chaincore.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.chaincore.examples.NodeClient.NoAnswer;

/**
 * Looks at a running network from outside: whether each node answers as clients expect, whether all
 * are of one network, whether they are connected, and how far their chains are apart. It changes
 * nothing. Not thread-safe.
 */
final class NetworkCheck {
  /**
   * What was found.
   *
   * @param isGood whether it is as it should be
   * @param check what was looked at
   * @param node whose; empty for the network
   * @param detail in words
   */
  record Finding(boolean isGood, String check, String node, String detail) {}

  /** What a node said, by the path that was asked for. */
  private static final class Answers {
    final URI node;
    final Map<String, JsonNode> byPath = new LinkedHashMap<>();

    Answers(URI node) {
      this.node = node;
    }

    String text(String path, String field) {
      JsonNode answer = byPath.get(path);
      return answer == null ? "" : AnswerShape.at(answer, field).asText("");
    }
  }

  /** Where a chain ends. */
  private record Tip(Answers of, int height, String hash) {}

  private static final List<String> PATHS =
      List.of("/status", "/network_config", "/chain/info", "/peers", "/stats", "/orphaned_blocks");

  /** So often connections are looked at before something is said to be wrong with them. */
  private static final int LOOKS = 8;

  private static final long LOOK_AGAIN_MILLIS = 500;

  private final NodeClient client;
  private final int maxBlocksApart;
  private final List<Finding> findings = new ArrayList<>();

  /** Chains whose ends are at most so many blocks apart are in step. */
  NetworkCheck(NodeClient client, int maxBlocksApart) {
    this.client = client;
    this.maxBlocksApart = maxBlocksApart;
  }

  /** Looks at these nodes. */
  List<Finding> of(List<URI> nodes) throws InterruptedException {
    List<Answers> reached = new ArrayList<>();
    for (URI node : nodes) {
      Answers answers = ask(node);
      if (answers.byPath.containsKey("/status")) {
        reached.add(answers);
      }
    }
    differentNodes(reached);
    oneNetwork(reached);
    findings.addAll(settledConnections(reached));
    tips(reached);
    return findings;
  }

  /** Nodes that are just about to greet are seen by one side before the other, so look again. */
  private List<Finding> settledConnections(List<Answers> reached) throws InterruptedException {
    List<Finding> seen = connections(reached);
    for (int look = 1; look < LOOKS && !seen.stream().allMatch(Finding::isGood); look++) {
      TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
      for (Answers one : reached) {
        try {
          one.byPath.put("/peers", client.get(one.node, "/peers"));
        } catch (NoAnswer none) {
          one.byPath.remove("/peers");
        }
      }
      seen = connections(reached);
    }
    return seen;
  }

  private void found(boolean isGood, String check, URI node, String detail) {
    findings.add(new Finding(isGood, check, node.toString(), detail));
  }

  private void found(boolean isGood, String check, String detail) {
    findings.add(new Finding(isGood, check, "", detail));
  }

  private Answers ask(URI node) throws InterruptedException {
    Answers answers = new Answers(node);
    int good = 0;
    for (String path : PATHS) {
      try {
        JsonNode answer = client.get(node, path);
        List<String> faults = AnswerShape.faults(path, answer);
        faults.forEach(fault -> found(false, "answer", node, path + ": " + fault));
        good += faults.isEmpty() ? 1 : 0;
        answers.byPath.put(path, answer);
      } catch (NoAnswer none) {
        found(false, "answer", node, path + ": " + none.getMessage());
        if (path.equals(PATHS.get(0))) {
          return answers;
        }
      }
    }
    if (good == PATHS.size()) {
      found(true, "answer", node, good + " paths answer in the shape of the contract");
    }
    return answers;
  }

  /** Two URLs of one node would look like two nodes in perfect step. */
  private void differentNodes(List<Answers> reached) {
    Map<String, URI> byId = new LinkedHashMap<>();
    for (Answers one : reached) {
      URI same = byId.putIfAbsent(one.text("/status", "node_id"), one.node);
      if (same != null) {
        found(false, "identity", one.node, "it is the same node as " + same);
      }
    }
  }

  private void oneNetwork(List<Answers> reached) {
    boolean isOne = true;
    for (String field : List.of("network", "network_magic", "consensus_fingerprint")) {
      isOne &= isSame(reached, "/network_config", field);
    }
    isOne &= isSame(reached, "/chain/info", "chain_info.genesis_hash");
    if (isOne && !reached.isEmpty()) {
      Answers one = reached.get(0);
      found(
          true,
          "network",
          "all are of "
              + one.text("/network_config", "network")
              + " with genesis "
              + one.text("/chain/info", "chain_info.genesis_hash"));
    }
  }

  private boolean isSame(List<Answers> reached, String path, String field) {
    boolean isSame = true;
    for (Answers one : reached) {
      String expected = reached.get(0).text(path, field);
      String said = one.text(path, field);
      if (!said.equals(expected)) {
        isSame = false;
        found(false, "network", one.node, field + " is " + said + ", not " + expected);
      }
    }
    return isSame;
  }

  private static List<Finding> connections(List<Answers> reached) {
    List<Finding> seen = new ArrayList<>();
    if (reached.size() < 2) {
      return seen;
    }
    Map<Answers, Set<Answers>> neighbours = new LinkedHashMap<>();
    reached.forEach(one -> neighbours.put(one, new LinkedHashSet<>()));
    for (Answers to : reached) {
      String address = to.text("/status", "p2p_address");
      int dialledBy = 0;
      for (Answers from : reached) {
        if (from != to && isAmong(activePeers(from), address)) {
          neighbours.getOrDefault(from, Set.of()).add(to);
          neighbours.getOrDefault(to, Set.of()).add(from);
          dialledBy++;
        }
      }
      int peers = activePeers(to).size();
      if (peers < dialledBy) {
        seen.add(
            new Finding(
                false,
                "peers",
                to.node.toString(),
                dialledBy + " nodes are connected to it, it sees " + peers + " peers"));
      }
    }
    for (Answers one : reached) {
      if (activePeers(one).isEmpty()) {
        seen.add(new Finding(false, "peers", one.node.toString(), "it has no peers"));
      }
    }
    int parts = parts(neighbours);
    if (parts > 1) {
      seen.add(
          new Finding(
              false,
              "peers",
              "",
              "the nodes are in " + parts + " parts with no connection between them"));
    } else if (seen.isEmpty()) {
      seen.add(
          new Finding(
              true, "peers", "", "each of the " + reached.size() + " nodes reaches all others"));
    }
    return seen;
  }

  /** A node that listens at all of its addresses is known by its port. */
  private static boolean isAmong(Set<String> peers, String address) {
    int port = address.lastIndexOf(':') + 1;
    boolean isAnywhere = address.startsWith("0.0.0.0:") || address.startsWith("[::]:");
    return isAnywhere
        ? peers.stream().anyMatch(peer -> peer.endsWith(":" + address.substring(port)))
        : peers.contains(address);
  }

  private static Set<String> activePeers(Answers node) {
    Set<String> active = new TreeSet<>();
    JsonNode peers = node.byPath.get("/peers");
    if (peers != null) {
      peers.path("active_peers").forEach(peer -> active.add(peer.asText()));
    }
    return active;
  }

  private static int parts(Map<Answers, Set<Answers>> neighbours) {
    Set<Answers> unseen = new LinkedHashSet<>(neighbours.keySet());
    int parts = 0;
    while (!unseen.isEmpty()) {
      parts++;
      List<Answers> next = new ArrayList<>(List.of(unseen.iterator().next()));
      unseen.removeAll(next);
      while (!next.isEmpty()) {
        Answers one = next.remove(next.size() - 1);
        for (Answers beside : neighbours.getOrDefault(one, Set.of())) {
          if (unseen.remove(beside)) {
            next.add(beside);
          }
        }
      }
    }
    return parts;
  }

  /** Asked last and together, as chains grow meanwhile. */
  private void tips(List<Answers> reached) throws InterruptedException {
    List<Tip> tips = new ArrayList<>();
    for (Answers one : reached) {
      try {
        JsonNode info = client.get(one.node, "/chain/info").path("chain_info");
        tips.add(
            new Tip(one, info.path("latest_index").asInt(-1), info.path("latest_hash").asText("")));
      } catch (NoAnswer none) {
        found(false, "tip", one.node, none.getMessage() == null ? "" : none.getMessage());
      }
    }
    if (tips.isEmpty()) {
      return;
    }
    Tip highest = tips.get(0);
    for (Tip tip : tips) {
      highest = tip.height > highest.height ? tip : highest;
    }
    boolean isSame = true;
    for (Tip tip : tips) {
      if (!tip.hash.equals(highest.hash)) {
        isSame = false;
        apart(tip, highest);
      }
    }
    if (isSame) {
      found(true, "tip", "all are at height " + highest.height + ", " + highest.hash);
    }
  }

  /** How far a chain is from the highest: behind it, or on a fork. */
  private void apart(Tip tip, Tip highest) throws InterruptedException {
    int behind = highest.height - tip.height;
    try {
      int common = common(tip, highest);
      int own = tip.height - common;
      boolean isGood = Math.max(own, highest.height - common) <= maxBlocksApart;
      String where = " of " + highest.of.node + " at height " + highest.height;
      found(
          isGood,
          "tip",
          tip.of.node,
          own == 0
              ? behind + " blocks behind that" + where
              : own + " blocks of its own since height " + common + ", beside the chain" + where);
    } catch (NoAnswer none) {
      found(false, "tip", tip.of.node, behind + " blocks apart, and " + none.getMessage());
    }
  }

  /** The height of the last block that both have, by halving. */
  private int common(Tip one, Tip other) throws NoAnswer, InterruptedException {
    int shared = -1;
    int differing = Math.min(one.height, other.height) + 1;
    while (differing - shared > 1) {
      int middle = (shared + differing) >>> 1;
      if (hash(one, middle).equals(hash(other, middle))) {
        shared = middle;
      } else {
        differing = middle;
      }
    }
    return shared;
  }

  private String hash(Tip tip, int height) throws NoAnswer, InterruptedException {
    JsonNode header =
        client
            .get(tip.of.node, "/blockchain/headers?start=" + height + "&limit=1")
            .path("headers")
            .path(0);
    if (header.path("index").asInt(-1) != height || !header.path("hash").isTextual()) {
      throw new NoAnswer("it does not show the header at height " + height);
    }
    return header.path("hash").textValue();
  }
}
