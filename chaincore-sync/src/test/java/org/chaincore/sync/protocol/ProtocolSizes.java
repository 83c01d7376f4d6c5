package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.chaincore.core.chain.HeaderNode;

/**
 * How much a protocol keeps, for tests that see to it that nobody can make that grow.
 *
 * @param peers connections
 * @param timers that are set
 * @param wanted transactions that are wanted of peers
 * @param requested blocks that peers are asked for
 * @param again blocks that are to be asked for again
 * @param waiting blocks that wait for their parents
 * @param state what the download waits for
 */
public record ProtocolSizes(
    int peers, int timers, int wanted, int requested, int again, int waiting, String state) {
  public static ProtocolSizes of(SyncProtocol protocol) {
    Machines machines = protocol.machines();
    MachineContext context = protocol.context();
    return new ProtocolSizes(
        context.peers().size(),
        context.timers().size(),
        machines.transactionRelay.wanted(),
        machines.blockFetch.assignment().requests().openCount(),
        machines.blockFetch.assignment().requests().againCount(),
        machines.blockFetch.waiting().size(),
        machines.blockFetch.state().sentence());
  }

  /** What each peer is known to have as a source of blocks, a line a peer. */
  public static String sources(SyncProtocol protocol) {
    StringBuilder text = new StringBuilder();
    for (PeerDownloads source : protocol.machines().blockFetch.assignment().sources()) {
      HeaderNode best = source.peer().bestKnown();
      text.append("  ")
          .append(source.peer().address())
          .append(source.peer().kind().isInbound() ? " inbound" : " outbound")
          .append(source.isUsable() ? "" : " unusable")
          .append(" at ")
          .append(best == null ? "?" : best.height())
          .append(best == source.seen ? " seen" : " not seen")
          .append(source.path() == null ? " no path" : " path to " + source.path().target())
          .append(" owes ")
          .append(source.inFlight())
          .append('\n');
    }
    return text.toString();
  }

  /** Fails if anything is more than its limits allow. */
  public void requireBounded(String whose) {
    assertThat(timers).as("timers of %s", whose).isLessThanOrEqualTo(16 * (peers + 1));
    assertThat(wanted)
        .as("transactions that %s wants", whose)
        .isLessThanOrEqualTo(TransactionRequests.MAX_ANNOUNCED * Math.max(1, peers));
    assertThat(requested)
        .as("blocks that %s asked for", whose)
        .isLessThanOrEqualTo(PeerDownloads.MAX_IN_FLIGHT * Math.max(1, peers));
    assertThat(again)
        .as("blocks that %s asks for again", whose)
        .isLessThanOrEqualTo(
            DownloadPath.WINDOW_BLOCKS + PeerDownloads.MAX_IN_FLIGHT * Math.max(1, peers));
    assertThat(waiting)
        .as("blocks that wait at %s", whose)
        .isLessThanOrEqualTo(DownloadPath.WINDOW_BLOCKS * Math.max(1, peers));
  }
}
