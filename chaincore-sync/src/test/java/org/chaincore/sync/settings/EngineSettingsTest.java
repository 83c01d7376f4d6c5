package org.chaincore.sync.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.chaincore.core.config.MempoolLimits;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.mempool.MempoolOutcome;
import org.chaincore.core.rules.RejectionCode;
import org.junit.jupiter.api.Test;

/** A document reaches the mempool of a running engine, and lets go of it again. */
class EngineSettingsTest {
  private final Publisher publisher = Publisher.of(1);
  private final ChainFixture chain = ChainFixture.begin();

  private void apply(OperationalSettings settings) {
    ChainEngine engine = chain.engine();
    engine.apply(settings.over(engine.mempoolLimits()), chain.now());
  }

  @Test
  void over_documentWithFeeFloorAndRoom_changesTheRunningMempoolUntilItExpires() {
    MempoolLimits host = chain.engine().mempoolLimits();
    SettingsState state =
        SettingsState.of(
            Publisher.NETWORK,
            OperationalSettings.DEFAULT.withMempool(host),
            Publisher.trusting(publisher),
            Publisher.SIGNATURES);
    chain.mine(6);

    state.offer(
        publisher.publish(
            1, Map.of("policy.min_fee_per_kvb", "1000000", "mempool.max_virtual_bytes", "50000")),
        Publisher.NOW);
    apply(state.current());

    assertThat(chain.engine().mempoolLimits())
        .isEqualTo(
            new MempoolLimits(
                50_000,
                1_000_000,
                host.maxChain(),
                host.maxChainVirtualBytes(),
                host.expirySeconds()));
    MempoolOutcome refused = chain.offer(chain.pay(chain.coin(), 40_000));
    assertThat(((MempoolOutcome.Rejected) refused).rejection().code())
        .isEqualTo(RejectionCode.FEE_TOO_LOW);

    state.expire(Publisher.NOW + Publisher.HOUR);
    apply(state.current());
    assertThat(chain.engine().mempoolLimits()).isEqualTo(host);
    assertThat(chain.offer(chain.pay(chain.coin(), 40_000)))
        .isInstanceOf(MempoolOutcome.Accepted.class);
  }
}
