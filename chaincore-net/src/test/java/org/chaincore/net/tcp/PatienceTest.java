package org.chaincore.net.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How long a connection may do nothing, by a stopwatch that the test holds. */
final class PatienceTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final @Nullable Long NOT_STALLED = null;
  private static final TcpTimes TIMES =
      new TcpTimes(
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofSeconds(100),
          Duration.ofSeconds(50),
          Duration.ofSeconds(1));

  private final Patience inbound = new Patience(TIMES, true, 0);
  private final Patience outbound = new Patience(TIMES, false, 0);

  @Test
  void lost_whoConnectsAndSaysNothing_soonerThanWhoWasConnectedTo() {
    assertThat(inbound.lost(9 * SECOND, true, NOT_STALLED)).isNull();
    assertThat(inbound.lost(10 * SECOND, true, NOT_STALLED)).contains("said nothing");
    assertThat(outbound.lost(99 * SECOND, true, NOT_STALLED)).isNull();
    assertThat(outbound.lost(100 * SECOND, true, NOT_STALLED)).contains("silent");
  }

  @Test
  void lost_whileNobodyListens_isNobody() {
    assertThat(inbound.lost(500 * SECOND, false, NOT_STALLED)).isNull();
    assertThat(outbound.lost(500 * SECOND, false, NOT_STALLED)).isNull();
    outbound.beginsToListen(500 * SECOND);
    assertThat(outbound.lost(599 * SECOND, true, NOT_STALLED)).isNull();
    assertThat(outbound.lost(600 * SECOND, true, NOT_STALLED)).contains("silent");
  }

  @Test
  void lost_afterAWord_isWhoIsSilentForLong() {
    inbound.heard(5 * SECOND);

    assertThat(inbound.lost(104 * SECOND, true, NOT_STALLED)).isNull();
    assertThat(inbound.lost(105 * SECOND, true, NOT_STALLED)).contains("silent");
  }

  @Test
  void lost_whoTakesNothing_whetherItIsReadOrNot() {
    assertThat(outbound.lost(49 * SECOND, true, 0L)).isNull();
    assertThat(outbound.lost(50 * SECOND, true, 0L)).contains("takes nothing");
    assertThat(outbound.lost(50 * SECOND, false, 0L)).contains("takes nothing");
  }

  @Test
  void nextLook_isWhenTheFirstTimeMayBeOver() {
    assertThat(inbound.nextLookNanos(4 * SECOND, true, NOT_STALLED)).isEqualTo(6 * SECOND);
    assertThat(inbound.nextLookNanos(4 * SECOND, false, NOT_STALLED)).isEqualTo(10 * SECOND);
    assertThat(outbound.nextLookNanos(4 * SECOND, true, NOT_STALLED)).isEqualTo(50 * SECOND);
    assertThat(outbound.nextLookNanos(4 * SECOND, true, 1L * SECOND)).isEqualTo(47 * SECOND);
    assertThat(outbound.nextLookNanos(900 * SECOND, true, 0L)).isEqualTo(1);
  }
}
