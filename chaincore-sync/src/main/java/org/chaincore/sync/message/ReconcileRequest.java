package org.chaincore.sync.message;

import org.chaincore.sync.sketch.CapacityEstimate;

/**
 * Begins a round of mempool reconciliation. Source: BIP330.
 *
 * @param setSize elements of the sender's set, 0..65535, far more than a sketch is ever made of
 * @param q how much the sets are expected to differ for their size, in the units of {@link
 *     CapacityEstimate#Q_ONE}, 0..65535
 */
public record ReconcileRequest(int setSize, int q) implements Message {
  public static final String COMMAND = "reqrecon";

  public ReconcileRequest {
    Checks.inRange("set size", setSize, 0, 0xffff);
    Checks.inRange("q", q, 0, 0xffff);
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
