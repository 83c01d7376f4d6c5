package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.peer.ConnectionKind;
import org.junit.jupiter.api.Test;

/** What goes by protocol time, and what by the wall clock. */
final class ProtocolTimeTest {
  private final TestNode node = TestNode.on(ChainFixture.begin(), 1);
  private final SyncProtocol protocol = SyncProtocol.of(node.setup());

  private List<Long> wakes(Input input, long nowMillis) {
    return protocol.handle(input, nowMillis).stream()
        .filter(Output.WakeAt.class::isInstance)
        .map(output -> ((Output.WakeAt) output).atMillis())
        .toList();
  }

  @Test
  void woken_tooEarly_saysAgainWhenToWake() {
    long now = node.nowMillis();
    List<Long> first = wakes(new Input.Woken(), now);
    assertThat(first).hasSize(1);

    assertThat(wakes(new Input.Woken(), now - 3_600_000)).isEqualTo(first);
    assertThat(wakes(new Input.ForgiveRequested(Conversation.addressOf(1)), now))
        .as("the wake is not used up")
        .isEmpty();
  }

  @Test
  void clockSet_forward_endsABanAndCutsNobody() {
    Conversation conversation = Conversation.with(protocol, node.nowMillis());
    long bannedUntil = node.chain().now() + 1_800;
    conversation.happens(new Input.BanRequested(Conversation.addressOf(9), bannedUntil));
    conversation.connects("alice", ConnectionKind.INBOUND);
    conversation.transcript();

    conversation.happens(new Input.ClockSet(1_799_000));
    conversation.happens(new Input.ConnectRequested(Conversation.addressOf(9)));
    conversation.happens(new Input.ClockSet(1_800_000));
    conversation.happens(new Input.ConnectRequested(Conversation.addressOf(9)));

    assertThat(conversation.transcript())
        .isEqualTo(
            """
                 0.000 * ClockSet
                 0.000 * ConnectRequested
                 0.000 . ConnectionRefused
                 0.000 * ClockSet
                 0.000 * ConnectRequested
                 0.000 . connect manual
            """);
  }
}
