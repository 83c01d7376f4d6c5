package org.chaincore.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.chaincore.core.script.SignatureVerifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What relaying takes of the heap does not creep up. The numbers are of code that was not compiled,
 * which takes the same every time and always more than afterwards; {@code Allocations} has those.
 */
final class RelayNodeTest {
  private static final int PAYMENTS = 500;

  private final PaymentBlocks blocks = PaymentBlocks.of(1, PAYMENTS);

  @BeforeEach
  void linkEverything() {
    // BouncyCastle takes a hundred kilobytes a check, whatever we do.
    assumeThat(SignatureVerifier.best().toString())
        .isNotEqualTo(SignatureVerifier.bouncyCastle().toString());
    relayAll(RelayNode.of(blocks, 1)).relayBlock();
  }

  @Test
  void relayPayment_toOnePeer_takesNineKilobytesAtMost() {
    RelayNode node = RelayNode.of(blocks, 1);
    long bytes = 0;
    for (int i = 0; i < PAYMENTS; i++) {
      bytes += node.relayPayment(i).all();
    }

    assertThat(bytes / PAYMENTS).isLessThan(9_000);
  }

  @Test
  void relayBlock_ofKnownPayments_takesTenTimesItsBytesAtMost() {
    long bytes = relayAll(RelayNode.of(blocks, 1)).relayBlock().all();

    assertThat(bytes).isLessThan(10L * blocks.first().size());
  }

  private static RelayNode relayAll(RelayNode node) {
    for (int i = 0; i < PAYMENTS; i++) {
      node.relayPayment(i);
    }
    return node;
  }
}
