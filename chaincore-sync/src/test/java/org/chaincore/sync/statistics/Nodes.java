package org.chaincore.sync.statistics;

import java.util.random.RandomGenerator;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.NodeSignature;
import org.chaincore.sync.identity.Signatures;

/** Observations of numbered nodes. */
final class Nodes {
  static final NetworkId NETWORK = GossipSimulation.NETWORK;
  static final Signatures SIGNATURES = Signatures.forSimulation();
  static final long EPOCH = 990_000;
  static final EpochSalt SALT = EpochSalt.of(NETWORK, EPOCH, Hash256.ZERO);
  static final ChainFigures CHAIN = new ChainFigures(700, 0x77, GossipSimulation.BITS, 10_000, 2);
  static final NodeFigures NODE = new NodeFigures(8, 1e6f, 40, 3, "0.1.0");

  private Nodes() {}

  static NodeKey key(int number) {
    byte[] seed = new byte[NodeKey.SEED_BYTES];
    seed[0] = (byte) number;
    seed[1] = (byte) (number >> 8);
    return NodeKey.ofSeed(seed);
  }

  static SignedObservation signed(int number, int second) {
    return signed(number, new Observation(EPOCH, second, CHAIN, NODE));
  }

  static SignedObservation signed(int number, Observation observation) {
    return SignedObservation.sign(key(number), NETWORK, observation, SIGNATURES);
  }

  static SampledNode sampled(SignedObservation signed, SourceGroup source) {
    return new SampledNode(signed, SALT.rank(signed.node()), source);
  }

  static SourceGroup group(int number) {
    return new SourceGroup(Bytes.of((byte) number));
  }

  static SignedObservation random(RandomGenerator random) {
    ChainFigures chain =
        new ChainFigures(
            random.nextInt(Integer.MAX_VALUE),
            random.nextLong(),
            0x1c00_0001 + random.nextInt(0xffff),
            random.nextLong(1L << 32),
            random.nextInt(0x100));
    String software = "x".repeat(random.nextInt(NodeFigures.MAX_SOFTWARE + 1));
    NodeFigures node =
        new NodeFigures(
            random.nextInt(0x1_0000),
            random.nextFloat(),
            random.nextInt(Integer.MAX_VALUE),
            random.nextInt(),
            software);
    byte[] signature = new byte[NodeSignature.BYTES];
    random.nextBytes(signature);
    return new SignedObservation(
        key(random.nextInt(100)).id(),
        new Observation(EPOCH, random.nextInt(Epoch.SECONDS), chain, node),
        new NodeSignature(Bytes.of(signature)));
  }
}
