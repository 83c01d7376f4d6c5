package org.chaincore.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.pow.Ancestry;
import org.chaincore.core.pow.AsertRule;
import org.chaincore.core.pow.BitcoinRetarget;
import org.chaincore.core.pow.DifficultyRule;
import org.chaincore.core.pow.EpochRetarget;
import org.chaincore.core.pow.FixedDifficulty;
import org.chaincore.core.pow.LwmaRule;
import org.chaincore.core.pow.TargetRange;
import org.chaincore.core.script.AddressFormat;
import org.chaincore.core.value.Amount;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Target;
import org.junit.jupiter.api.Test;

class ChainParamsTest {
  private static final int LIMIT = 0x207fffff;
  private static final int MAGIC = 0x11223344;

  private static ChainParams.Builder network() {
    return with(MAGIC);
  }

  private static ChainParams.Builder with(int magic) {
    return ChainParams.builder("golden", magic)
        .genesis("golden", 1_700_000_000L, LIMIT)
        .work(Target.ofBits(LIMIT), new FixedDifficulty(LIMIT));
  }

  /** For each field a network that differs in it. */
  private static Map<String, ChainParams.Builder> variants() {
    Map<String, ChainParams.Builder> variants = new LinkedHashMap<>();
    variants.put("magic", with(MAGIC + 1));
    vary(variants, "genesis", b -> b.genesis("other", 1_700_000_000L, LIMIT));
    Target limit = Target.ofBits(LIMIT);
    Target easier = Target.ofBits(0x2100ffff);
    vary(variants, "work.limit", b -> b.work(easier, new FixedDifficulty(LIMIT)));
    vary(variants, "work.difficulty", b -> b.work(limit, new FixedDifficulty(0x207ffffe)));
    vary(variants, "time.target_block_seconds", b -> b.time(new TimeRules(11, 11, 60)));
    vary(variants, "time.median_span_blocks", b -> b.time(new TimeRules(10, 12, 60)));
    vary(variants, "time.max_future_seconds", b -> b.time(new TimeRules(10, 11, 61)));
    vary(variants, "emission.initial_reward", b -> b.emission(Amount.ofCoins(51), 210_000, 100));
    vary(variants, "emission.halving_interval", b -> b.emission(Amount.ofCoins(50), 210_001, 100));
    vary(variants, "emission.coinbase_maturity", b -> b.emission(Amount.ofCoins(50), 210_000, 101));
    vary(variants, "limits.max_weight", b -> b.limits(new BlockLimits(3_999_999, 80_000, 80)));
    vary(
        variants,
        "limits.max_signature_operations_cost",
        b -> b.limits(new BlockLimits(4_000_000, 80_001, 80)));
    vary(
        variants,
        "limits.max_data_output_bytes",
        b -> b.limits(new BlockLimits(4_000_000, 80_000, 81)));
    vary(
        variants,
        "limits.max_legacy_hashed_bytes",
        b -> b.limits(new BlockLimits(4_000_000, 80_000, 80, BlockLimits.NO_LIMIT)));
    vary(
        variants,
        "activations.height_in_coinbase",
        b -> b.activations(new Activations(2, 1, 1)).bodyRules(BodyRules.HEADERS_ONLY));
    vary(variants, "activations.strict_signatures", b -> b.activations(new Activations(1, 2, 1)));
    vary(variants, "activations.check_lock_time", b -> b.activations(new Activations(1, 1, 2)));
    vary(variants, "body_rules", b -> b.bodyRules(BodyRules.HEADERS_ONLY));
    vary(variants, "checkpoint.0000000012", b -> b.checkpoint(12, Hash256.ZERO));
    return variants;
  }

  private static void vary(
      Map<String, ChainParams.Builder> variants,
      String field,
      UnaryOperator<ChainParams.Builder> change) {
    variants.put(field, change.apply(network()));
  }

  @Test
  void fingerprint_ofAVariantInEachField_differsFromAllOthers() {
    SortedMap<String, String> base = network().build().consensusFields();
    Map<String, ChainParams.Builder> variants = variants();
    assertThat(variants.keySet()).containsAll(base.keySet());

    Map<Hash256, String> prints = new LinkedHashMap<>();
    prints.put(network().build().fingerprint(), "the base");
    variants.forEach(
        (field, builder) -> {
          ChainParams variant = builder.build();
          assertThat(differing(base, variant.consensusFields())).contains(field);
          assertThat(prints.put(variant.fingerprint(), field)).as(field).isNull();
        });
  }

  private static List<String> differing(Map<String, String> a, Map<String, String> b) {
    SortedMap<String, String> both = new TreeMap<>(a);
    both.putAll(b);
    return both.keySet().stream()
        .filter(name -> !Objects.equals(a.get(name), b.get(name)))
        .toList();
  }

  @Test
  void consensusFields_ofEachConsensusRecord_nameAllItsComponents() {
    SortedMap<String, String> fields = network().build().consensusFields();

    assertThat(count(fields, "work.")).isEqualTo(components(WorkRules.class));
    assertThat(count(fields, "time.")).isEqualTo(components(TimeRules.class));
    assertThat(count(fields, "emission.")).isEqualTo(components(Emission.class));
    assertThat(count(fields, "limits.")).isEqualTo(components(BlockLimits.class));
    assertThat(count(fields, "activations.")).isEqualTo(components(Activations.class));
  }

  private static long count(Map<String, String> fields, String prefix) {
    return fields.keySet().stream().filter(name -> name.startsWith(prefix)).count();
  }

  private static int components(Class<? extends Record> type) {
    return type.getRecordComponents().length;
  }

  @Test
  void fingerprint_ofOneNetwork_neverChanges() {
    ChainParams params = network().checkpoint(7, Hash256.ZERO).build();

    assertThat(params.fingerprint())
        .hasToString("337ae5c7ec14f048a674f3dd5080c43119e47293b50e55a631a54cc7ed042705");
    assertThat(Networks.regtest().fingerprint())
        .hasToString("213a6abf7d019a8d0926b9a195db124ed1c42ec77d9c1f48febfc6edf557ea08");
  }

  @Test
  void fingerprint_whereOtherDigitsAreWritten_isTheSame() {
    Hash256 expected = richest().fingerprint();
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(String.format("%d", 1)).isNotEqualTo("1");
      assertThat(richest().fingerprint()).isEqualTo(expected);
    } finally {
      Locale.setDefault(before);
    }
  }

  private static ChainParams richest() {
    TargetRange range = TargetRange.ofLevels(1, 12);
    return network()
        .genesis("rich", 1_700_000_000L, 0x200fffff)
        .work(range.easiest(), new AsertRule(600, 10, range))
        .checkpoint(7, Hash256.ZERO)
        .build();
  }

  @Test
  void fingerprint_ofOtherNamePortsAndAddresses_isTheSame() {
    ChainParams other =
        ChainParams.builder("other", MAGIC)
            .genesis("golden", 1_700_000_000L, LIMIT)
            .work(Target.ofBits(LIMIT), new FixedDifficulty(LIMIT))
            .ports(1, 65_535)
            .addresses(new AddressFormat(1, 2, 3, "zz"))
            .build();

    assertThat(other.fingerprint()).isEqualTo(network().build().fingerprint());
  }

  @Test
  void build_ofAnUnusableName_isRefused() {
    for (String name : List.of("", "Upper", "under_score", "a".repeat(33))) {
      assertThatThrownBy(() -> ChainParams.builder(name, 1).build())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("network name is not 1 to 32 of a-z, 0-9 and hyphen: " + name);
    }
    assertThat(ChainParams.builder("a".repeat(32), 1).build().name()).hasSize(32);
  }

  @Test
  void build_ofPortsOutsideTheirRange_isRefused() {
    assertThatThrownBy(() -> network().ports(0, 1).build())
        .hasMessage("p2pPort outside 1..65535: 0");
    assertThatThrownBy(() -> network().ports(1, 65_536).build())
        .hasMessage("apiPort outside 1..65535: 65536");
  }

  @Test
  void build_ofGenesisWithoutTarget_isRefused() {
    assertThatThrownBy(() -> network().genesis("golden", 1, 0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("genesis bits 00000000");
  }

  @Test
  void build_ofGenesisEasierThanTheLimit_isRefused() {
    ChainParams.Builder builder =
        network().work(Target.ofBits(0x207ffffe), new FixedDifficulty(1 << 24 | 1 << 16));

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("genesis target above the limit 207ffffe");
  }

  @Test
  void build_ofARuleEasierThanTheLimit_isRefused() {
    TargetRange range = TargetRange.ofLevels(1, 12);
    List<DifficultyRule> rules =
        List.of(
            new EpochRetarget(10, 10, 4, range),
            new AsertRule(600, 10, range),
            new LwmaRule(60, 10, range),
            new BitcoinRetarget(100, 10, range.easiest(), false),
            new FixedDifficulty(range.easiest().bits()));
    Target limit = Target.ofBits(0x1e00ffff);
    for (DifficultyRule rule : rules) {
      ChainParams.Builder builder =
          ChainParams.builder("dead", 1).genesis("dead", 1, limit.bits()).work(limit, rule);

      assertThatThrownBy(builder::build)
          .as(rule.canonical())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "difficulty rule's easiest target above the limit " + limit + ": " + range.easiest());
      assertThat(builder.work(range.easiest(), rule).build()).isNotNull();
    }
  }

  @Test
  void build_ofARuleWithAnotherBlockTime_isRefused() {
    TargetRange range = TargetRange.ofLevels(1, 12);
    List<DifficultyRule> rules =
        List.of(
            new EpochRetarget(10, 20, 4, range),
            new AsertRule(600, 20, range),
            new LwmaRule(60, 20, range),
            new BitcoinRetarget(100, 20, range.easiest(), false));
    for (DifficultyRule rule : rules) {
      ChainParams.Builder builder = network().work(Target.ofBits(LIMIT), rule);

      assertThatThrownBy(builder::build)
          .as(rule.canonical())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("difficulty rule aims at blocks of 20 s, the time rules at 10 s");
      assertThat(builder.time(new TimeRules(20, 11, 60)).build()).isNotNull();
    }
  }

  @Test
  void build_ofARuleThatSaysNeither_isAllowed() {
    DifficultyRule silent =
        new DifficultyRule() {
          @Override
          public OptionalInt requiredBits(Ancestry parents, long time) {
            return OptionalInt.empty();
          }

          @Override
          public String canonical() {
            return "silent";
          }
        };

    assertThat(network().work(Target.ofBits(LIMIT), silent).build().work().difficulty())
        .isSameAs(silent);
  }

  @Test
  void build_withoutARule_aimsAtTheBlockTimeOfTheNetwork() {
    ChainParams slow = ChainParams.builder("slow", 1).time(new TimeRules(600, 11, 7_200)).build();

    assertThat(slow.work().difficulty().targetBlockSeconds()).hasValue(600);
    assertThat(slow.work().limit()).isEqualTo(Networks.chaincore().work().limit());
  }

  @Test
  void build_ofGenesisTextOutsideItsRange_isRefused() {
    assertThatThrownBy(() -> network().genesis("1", 1, LIMIT))
        .hasMessage("genesis text bytes outside 2..75: 1");
    assertThatThrownBy(() -> network().genesis("x".repeat(76), 1, LIMIT))
        .hasMessage("genesis text bytes outside 2..75: 76");
    assertThat(network().genesis("x".repeat(75), 1, LIMIT).build()).isNotNull();
    assertThat(network().genesis("xx", 1, LIMIT).build()).isNotNull();
  }

  @Test
  void build_ofGenesisWithAnotherBody_isRefused() {
    Block genesis = network().build().genesis();
    BlockHeader old = genesis.header();
    BlockHeader foreign =
        BlockHeader.of(1, old.previous(), Hash256.ZERO, old.time(), old.bits(), 0);

    assertThatThrownBy(() -> network().genesis(new Block(foreign, genesis.transactions())).build())
        .hasMessageStartingWith("genesis transactions hash to ");
    assertThatThrownBy(() -> network().genesis(new Block(foreign, List.of())).build())
        .hasMessageStartingWith("genesis transactions hash to ");
  }

  @Test
  void build_ofBodiesWithoutHeightsInTheirCoinbases_isRefused() {
    ChainParams.Builder builder = network().activations(new Activations(2, 1, 1));

    assertThatThrownBy(builder::build)
        .hasMessage("heightInCoinbase of judged bodies outside 1..1: 2");
    assertThat(builder.bodyRules(BodyRules.HEADERS_ONLY).build()).isNotNull();
  }

  @Test
  void build_ofCheckpointsAgainstGenesisOrBelowIt_isRefused() {
    assertThatThrownBy(() -> network().checkpoint(0, Hash256.ZERO).build())
        .hasMessage("checkpoint at height 0 is not the genesis block");
    assertThatThrownBy(() -> network().checkpoint(-1, Hash256.ZERO))
        .hasMessage("checkpoint height outside 0..2147483647: -1");
    Hash256 genesis = network().build().genesis().hash();
    assertThat(network().checkpoint(0, genesis).build().checkpoints()).containsEntry(0, genesis);
  }

  @Test
  void checkpoints_ofABuiltNetwork_doNotFollowTheBuilder() {
    ChainParams.Builder builder = network();
    ChainParams built = builder.build();
    builder.checkpoint(5, Hash256.ZERO);

    assertThat(built.checkpoints()).isEmpty();
  }
}
