package org.chaincore.examples.tour;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.pow.Ancestry;
import org.chaincore.core.pow.DifficultyRule;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.value.Sha256;
import org.chaincore.core.value.Target;
import org.chaincore.net.node.ChainNode;

/**
 * A network with a difficulty rule of the host's own: it is written as one record, is part of the
 * network's consensus, and every node holds every header to it.
 *
 * <p>The rule is for looking at: one step after each block is quick, and swings. Networks that are
 * to last take one of the library's, such as {@code AsertRule}.
 */
public final class OwnDifficultyRule {
  private static final int EASIEST = 0x207fffff;

  private OwnDifficultyRule() {}

  /**
   * A block that came too soon makes the next one harder by a part, one that came late easier.
   *
   * @param seconds what a block should take
   * @param parts the target moves by one of so many parts
   */
  private record OneStep(int seconds, int parts) implements DifficultyRule {
    @Override
    public OptionalInt requiredBits(Ancestry parents, long time) {
      int tip = parents.tipHeight();
      if (tip < 2) {
        return OptionalInt.of(parents.bits(tip)); // The genesis time says nothing.
      }
      if (tip - 1 < parents.firstHeight()) {
        return OptionalInt.empty();
      }
      // Integers only: what two machines round differently splits the network.
      BigInteger target = Target.ofBits(parents.bits(tip)).toBigInteger();
      BigInteger step = target.divide(BigInteger.valueOf(parts));
      boolean isSoon = parents.time(tip) - parents.time(tip - 1) < seconds;
      BigInteger next = isSoon ? target.subtract(step) : target.add(step);
      return OptionalInt.of(Target.ofValue(next.min(limit().toBigInteger())).bits());
    }

    /** Says all that matters: nodes compare it when they meet. */
    @Override
    public String canonical() {
      return String.format(Locale.ROOT, "example one-step seconds=%d parts=%d", seconds, parts);
    }

    @Override
    public Optional<Target> easiestTarget() {
      return Optional.of(limit());
    }

    @Override
    public OptionalInt targetBlockSeconds() {
      return OptionalInt.of(seconds);
    }
  }

  private static Target limit() {
    return Target.ofBits(EASIEST);
  }

  private static ChainParams network(int parts) {
    return ChainParams.builder("one-step", 0x73746501)
        .genesis("An example of a difficulty rule", 1_767_225_600L, EASIEST)
        .work(limit(), new OneStep(10, parts))
        .build();
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    KeyPair miner = KeyPair.ofSeed(Sha256.hash("miner".getBytes(UTF_8)));
    try (ChainNode first =
            ChainNode.builder()
                .network(network(3))
                .listen("127.0.0.1:0")
                .mineTo(miner.payToWitnessPubkeyHash())
                .start();
        ChainNode second = joining(first, network(3));
        ChainNode stranger = joining(first, network(4))) {
      second.whenHeight(12).get(60, TimeUnit.SECONDS);
      for (int height : new int[] {1, 4, 8, 12}) {
        HeaderNode block = second.engine().view().at(height).orElseThrow();
        System.out.printf("block %2d has bits %08x%n", height, block.header().bits());
      }
      SortedMap<String, String> theirs = stranger.params().consensusFields();
      first
          .params()
          .consensusFields()
          .forEach(
              (field, value) -> {
                if (!value.equals(theirs.get(field))) {
                  System.out.println("the stranger is refused: it differs in " + field);
                }
              });
      HeaderNode tip = second.engine().view().at(12).orElseThrow();
      System.out.println(
          "height=12 tip=" + tip.hash() + " stranger_height=" + stranger.tip().height());
    }
  }

  private static ChainNode joining(ChainNode other, ChainParams network) {
    return ChainNode.builder().network(network).connectTo(other.p2pAddress().orElseThrow()).start();
  }
}
