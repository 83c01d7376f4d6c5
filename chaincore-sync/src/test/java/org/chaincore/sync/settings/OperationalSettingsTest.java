package org.chaincore.sync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.config.MempoolLimits;
import org.chaincore.core.config.Networks;
import org.chaincore.core.fixture.SeededRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperationalSettingsTest {
  private static final OperationalSettings DEFAULT = OperationalSettings.DEFAULT;
  private static final List<SyncTask> TASKS = List.of(SyncTask.values());

  private static SettingsChange.Refused refused(String key, String value) {
    return (SettingsChange.Refused) DEFAULT.with(Map.of(key, value));
  }

  private static SettingsChange.Applied applied(Map<String, String> changes) {
    return (SettingsChange.Applied) DEFAULT.with(changes);
  }

  @ParameterizedTest
  @CsvSource({"CHAIN,30", "MEMPOOL,15", "STATISTICS,60", "DISCOVERY,60", "DIFFICULTY,10"})
  void default_ofEachTask_isOnWithThePromisedInterval(SyncTask task, int interval) {
    assertThat(DEFAULT.isEnabled(task)).isTrue();
    assertThat(DEFAULT.interval(task)).isEqualTo(interval);
    assertThat(task.isDrivenByChain()).isEqualTo(task == SyncTask.DIFFICULTY);
  }

  @Test
  void default_limits_areThoseOfTheCore() {
    assertThat(DEFAULT.peers()).isEqualTo(new PeerLimits(2, 8, 20));
    assertThat(DEFAULT.over(MempoolLimits.DEFAULT)).isEqualTo(MempoolLimits.DEFAULT);
    assertThat(DEFAULT.minFeePerKilobyte()).isEqualTo(MempoolLimits.DEFAULT.minFeePerKilobyte());
  }

  @Test
  void with_typedValues_changesOnlyThose() {
    OperationalSettings changed =
        DEFAULT
            .withEnabled(SyncTask.STATISTICS, false)
            .withInterval(SyncTask.CHAIN, 5)
            .withPeers(new PeerLimits(1, 1, 1))
            .withMinFeePerKilobyte(7);

    assertThat(changed.isEnabled(SyncTask.STATISTICS)).isFalse();
    assertThat(changed.interval(SyncTask.CHAIN)).isEqualTo(5);
    assertThat(changed.peers()).isEqualTo(new PeerLimits(1, 1, 1));
    assertThat(changed.minFeePerKilobyte()).isEqualTo(7);
    assertThat(DEFAULT.differences(changed))
        .containsExactly(
            "peers.max",
            "peers.min",
            "peers.target",
            "policy.min_fee_per_kvb",
            "sync.chain.interval_seconds",
            "sync.statistics.enabled");
  }

  @Test
  void over_limitsOfTheHost_takesOnlyWhatIsASetting() {
    MempoolLimits host = new MempoolLimits(5_000, 3, 7, 9_000, 60);
    OperationalSettings settings = DEFAULT.withMempool(host);

    assertThat(settings.over(host)).isEqualTo(host);
    assertThat(settings.over(MempoolLimits.DEFAULT))
        .isEqualTo(new MempoolLimits(5_000, 3, 25, 101_000, 60));
  }

  @Test
  void over_mempoolAtTheEdges_isInRangeThereToo() {
    MempoolLimits least = new MempoolLimits(1_000, 0, 25, 101_000, 1);
    MempoolLimits most =
        new MempoolLimits(1_000_000_000_000L, 100_000_000_000L, 25, 101_000, 315_360_000);

    assertThat(DEFAULT.withMempool(least).over(MempoolLimits.DEFAULT)).isEqualTo(least);
    assertThat(DEFAULT.withMempool(most).over(MempoolLimits.DEFAULT)).isEqualTo(most);
  }

  @ParameterizedTest
  @EnumSource(SyncTask.class)
  void withInterval_outsideTheRange_isRefusedWithNameRangeAndValue(SyncTask task) {
    assertThatThrownBy(() -> DEFAULT.withInterval(task, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("sync\\.\\w+\\.interval_\\w+ outside 1\\.\\.\\d+: 0");
    int most = task.isDrivenByChain() ? 100_000 : 86_400;
    assertThat(DEFAULT.withInterval(task, most).interval(task)).isEqualTo(most);
    assertThatThrownBy(() -> DEFAULT.withInterval(task, most + 1))
        .hasMessageEndingWith("1.." + most + ": " + (most + 1));
  }

  @Test
  void new_peersOutOfOrder_isRefused() {
    assertThatThrownBy(() -> new PeerLimits(3, 2, 9)).hasMessageContaining("got 3, 2, 9");
    assertThatThrownBy(() -> new PeerLimits(1, 9, 8)).hasMessageContaining("got 1, 9, 8");
    assertThatThrownBy(() -> new PeerLimits(0, 2, 9)).hasMessage("peers.min outside 1..1000: 0");
    assertThatThrownBy(() -> new PeerLimits(1, 2, 1_001))
        .hasMessage("peers.max outside 1..1000: 1001");
  }

  @Test
  void with_severalKeys_appliesAllAndNamesWhatChanged() {
    SettingsChange.Applied applied =
        applied(
            Map.of(
                "sync.mempool.interval_seconds", "5",
                "sync.discovery.enabled", "false",
                "peers.target", "8"));

    assertThat(applied.changed())
        .containsExactly("sync.discovery.enabled", "sync.mempool.interval_seconds");
    assertThat(applied.settings())
        .isEqualTo(
            DEFAULT.withInterval(SyncTask.MEMPOOL, 5).withEnabled(SyncTask.DISCOVERY, false));
  }

  @Test
  void with_oneBadAmongGood_changesNothing() {
    SettingsChange change =
        DEFAULT.with(Map.of("peers.max", "30", "sync.chain.interval_seconds", "0"));

    assertThat(change)
        .isEqualTo(
            new SettingsChange.Refused(
                RefusalReason.OUT_OF_RANGE, "sync.chain.interval_seconds", "0", "1..86400"));
    assertThat(((SettingsChange.Refused) change).detail())
        .isEqualTo("sync.chain.interval_seconds is 0, allowed is 1..86400");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-1",
        "+5",
        "05",
        "5.0",
        " 5",
        "5s",
        "86401",
        "99999999999999999999",
        "٥"
      })
  void with_textThatIsNoAllowedNumber_isOutOfRange(String value) {
    assertThat(refused("sync.chain.interval_seconds", value).reason())
        .isEqualTo(RefusalReason.OUT_OF_RANGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "TRUE", "yes"})
  void with_textThatIsNoFlag_isOutOfRange(String value) {
    SettingsChange.Refused refused = refused("sync.chain.enabled", value);

    assertThat(refused.reason()).isEqualTo(RefusalReason.OUT_OF_RANGE);
    assertThat(refused.allowed()).isEqualTo("true or false");
  }

  @Test
  void with_unknownName_isRefused() {
    SettingsChange.Refused refused = refused("sync.chain.interval", "5");

    assertThat(refused.reason()).isEqualTo(RefusalReason.UNKNOWN_KEY);
    assertThat(refused.detail()).isEqualTo("sync.chain.interval");
  }

  @Test
  void with_everyConsensusParameter_isRefusedAsSuch() {
    List<String> names = new ArrayList<>(List.of("time.of_tomorrow", "checkpoint.0000000001"));
    for (ChainParams params :
        List.of(Networks.chaincore(), Networks.regtest(), Networks.bitcoinMainnet())) {
      names.addAll(params.consensusFields().keySet());
    }

    assertThat(names)
        .allSatisfy(
            name -> assertThat(refused(name, "1").reason()).isEqualTo(RefusalReason.CONSENSUS_KEY));
  }

  @Test
  void with_consensusBehindAnUnknownName_isRefusedForTheConsensus() {
    SettingsChange change = DEFAULT.with(Map.of("a.unknown", "1", "magic", "1"));

    assertThat(((SettingsChange.Refused) change).key()).isEqualTo("magic");
  }

  @Test
  void with_peersThatDoNotFitTheOthers_saysWhichOther() {
    assertThat(refused("peers.min", "9").detail())
        .isEqualTo("peers.min is 9, allowed is at most peers.target, which is 8");
    assertThat(refused("peers.max", "7").detail())
        .isEqualTo("peers.max is 7, allowed is at least peers.target, which is 8");
    assertThat(applied(Map.of("peers.max", "7", "peers.target", "7")).settings().peers())
        .isEqualTo(new PeerLimits(2, 7, 7));
  }

  @Test
  void ranges_ofAllNames_areNoConsensus() {
    assertThat(OperationalSettings.ranges().keySet())
        .isEqualTo(DEFAULT.toMap().keySet())
        .noneMatch(ConsensusKeys::contains)
        .allMatch(name -> name.length() <= SettingsDraft.MAX_NAME);
    assertThat(OperationalSettings.ranges()).containsEntry("peers.max", "1..1000");
  }

  @Test
  void with_ownMapOfRandomSettings_isTheSameAgain() {
    SeededRun.of(200, 30)
        .check(
            (random, size) -> {
              OperationalSettings settings = random(random, size);

              assertThat(applied(settings.toMap()).settings())
                  .isEqualTo(settings)
                  .hasSameHashCodeAs(settings)
                  .hasToString(settings.toString());
              assertThat(settings.differences(settings)).isEmpty();
            });
  }

  /** A few random changes to the default. */
  static OperationalSettings random(RandomGenerator random, int changes) {
    OperationalSettings settings = DEFAULT;
    for (int i = 0; i < changes; i++) {
      SyncTask task = TASKS.get(random.nextInt(TASKS.size()));
      settings =
          switch (random.nextInt(4)) {
            case 0 -> settings.withEnabled(task, random.nextBoolean());
            case 1 -> settings.withInterval(task, 1 + random.nextInt(1_000));
            case 2 -> settings.withMinFeePerKilobyte(random.nextInt(5_000));
            default -> settings.withPeers(new PeerLimits(1, 8, 8 + random.nextInt(100)));
          };
    }
    return settings;
  }

  @Test
  void equals_otherValuesOrThings_isFalse() {
    assertThat(DEFAULT).isNotEqualTo(DEFAULT.withMinFeePerKilobyte(1)).isNotEqualTo("settings");
    assertThat(new TreeMap<>(DEFAULT.toMap())).hasSize(16);
  }
}
