package org.chaincore.sync.message;

/**
 * Begins a round of mempool reconciliation. Source: BIP330, whose set size has two bytes only.
 *
 * @param setSize elements of the sender's set, 0..2³²−1
 * @param q how much the sets are expected to differ for their size, in units of one in {@link
 *     #Q_PRECISION}, 0..65535
 */
public record ReconcileRequest(long setSize, int q) implements Message {
  public static final String COMMAND = "reqrecon";

  public static final int Q_PRECISION = (1 << 15) - 1;

  public ReconcileRequest {
    Checks.uint32("set size", setSize);
    Checks.inRange("q", q, 0, 0xffff);
  }

  @Override
  public String command() {
    return COMMAND;
  }
}
