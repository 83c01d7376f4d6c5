package org.chaincore.sync.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.TestNode;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.Pong;
import org.chaincore.sync.message.SendHeaders;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.PeerId;
import org.junit.jupiter.api.Test;

/** Peers that fall silent are asked, and those that stay silent are cut. */
final class LivenessTest {
  private final Conversation conversation = TestNode.begin().converse();
  private final PeerId alice = conversation.greets("alice", ConnectionKind.INBOUND);

  LivenessTest() {
    pulse();
  }

  /** The transcript, but of nothing else than this machine. */
  private String pulse() {
    return conversation
        .transcript()
        .lines()
        .filter(line -> line.matches(".*( ping| pong| cut ).*"))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  private Ping ping() {
    return onlyPing(conversation.heardBy(alice, Ping.class));
  }

  private static Ping onlyPing(List<Ping> pings) {
    assertThat(pings).hasSize(1);
    return pings.get(0);
  }

  @Test
  void silence_ofAMinute_isFollowedByAPing() {
    conversation.pass(Duration.ofMinutes(1));

    assertThat(pulse())
        .isEqualTo(
            """
                60.000 alice < ping
            """);
  }

  @Test
  void pong_inTime_keepsThePeerAndIsAskedForAgainAfterAMinute() {
    conversation.pass(Duration.ofMinutes(1));
    conversation.pass(Duration.ofMillis(250));
    conversation.says(alice, new Pong(ping().nonce()));
    conversation.pass(Duration.ofMinutes(1));

    assertThat(pulse())
        .isEqualTo(
            """
                60.000 alice < ping
                60.250 alice > pong
               120.250 alice < ping
            """);
  }

  @Test
  void silence_afterAPing_endsTheConnection() {
    conversation.pass(Duration.ofMinutes(3));

    assertThat(pulse())
        .isEqualTo(
            """
                60.000 alice < ping
               180.000 alice cut TIMEOUT (no answer to ping)
            """);
  }

  @Test
  void pong_withAnotherNumber_isNoAnswer() {
    conversation.says(alice, new Pong(0));
    conversation.pass(Duration.ofMinutes(2));
    conversation.says(alice, new Pong(ping().nonce() + 1));
    pulse();
    conversation.pass(Duration.ofMinutes(2));

    assertThat(pulse())
        .isEqualTo(
            """
               240.000 alice cut TIMEOUT (no answer to ping)
            """);
  }

  @Test
  void talk_withoutAnEnd_isInterruptedByAPingEveryTwoMinutes() {
    for (int i = 0; i < 12; i++) {
      conversation.pass(Duration.ofSeconds(20));
      conversation.says(alice, new SendHeaders());
      conversation
          .heardBy(alice, Ping.class)
          .forEach(ping -> conversation.says(alice, new Pong(ping.nonce())));
    }

    assertThat(pulse().lines().filter(line -> line.contains("ping")))
        .containsExactly("   120.000 alice < ping", "   240.000 alice < ping");
  }

  @Test
  void talk_withoutAnswers_isEndedAfterTwentyMinutes() {
    for (int i = 0; i < 25 * 3; i++) {
      conversation.says(alice, new SendHeaders());
      conversation.pass(Duration.ofSeconds(20));
    }

    assertThat(pulse().lines().filter(line -> line.matches(".*(ping|cut).*")))
        .containsExactly(
            "   120.000 alice < ping", "  1320.000 alice cut TIMEOUT (no answer to ping)");
  }

  @Test
  void leaving_always_stopsThePings() {
    conversation.leaves(alice);
    conversation.pass(Duration.ofMinutes(5));

    assertThat(pulse()).doesNotContain("ping").doesNotContain("cut");
  }

  @Test
  void latency_ofAnswers_isKeptAsLastAndLeast() {
    MachineContext context = new MachineContext(TestNode.begin().setup());
    Liveness liveness = new Liveness(context);
    Peer peer = new Peer(new PeerId(1), Conversation.addressOf(1), ConnectionKind.OUTBOUND, 0);
    context.peers().add(peer);
    liveness.established(peer, 0);
    assertThat(peer.lastLatencyMillis()).isEmpty();
    assertThat(peer.minLatencyMillis()).isEmpty();

    long now = 0;
    for (long latency : new long[] {40, 25, 90}) {
      now += Liveness.PING_INTERVAL_MILLIS;
      liveness.pingDue(peer, now);
      Output.Send sent = (Output.Send) context.out().take().get(0);
      now += latency;
      peer.heard(32, now);
      liveness.pong(peer, new Pong(((Ping) sent.message()).nonce()), now);
      liveness.pong(peer, new Pong(((Ping) sent.message()).nonce()), now + 1);
      assertThat(peer.lastLatencyMillis()).hasValue(latency);
    }
    assertThat(peer.minLatencyMillis()).hasValue(25);
  }

  @Test
  void machine_askedAboutAPeerItDoesNotKnow_doesNothing() {
    MachineContext context = new MachineContext(TestNode.begin().setup());
    Liveness liveness = new Liveness(context);
    Peer peer = new Peer(new PeerId(1), Conversation.addressOf(1), ConnectionKind.OUTBOUND, 0);
    liveness.pingDue(peer, 1);
    liveness.pong(peer, new Pong(0), 2);
    liveness.pongMissing(peer, 3);

    assertThat(context.out().take()).isEmpty();
    assertThat(peer.isLeaving()).isFalse();
  }
}
