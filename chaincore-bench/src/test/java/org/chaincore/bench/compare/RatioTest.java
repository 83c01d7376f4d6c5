package org.chaincore.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RatioTest {
  private static final Path COMMITTED = Path.of("../docs/bench/ratios.jsonl");

  private final Ratio ratio =
      new Ratio("lock_read", 96.6, 145.2, "limit: a lock", 0.6699, 0.67, "reads", 15, 0.0224);

  @Test
  void toJson_hasTheKeysThatReadersCountOn() {
    assertThat(ratio.toJson())
        .isEqualTo(
            "{\"metric\":\"lock_read\",\"chaincore\":97,\"peer\":145,"
                + "\"peer_name\":\"limit: a lock\",\"ratio\":0.670,\"goal\":0.67,"
                + "\"unit\":\"reads\",\"runs\":15,\"spread\":0.022}");
  }

  @Test
  void parse_whatWasPrinted_isTheSameLine() {
    Ratio read = Ratio.parse(ratio.toJson());

    assertThat(read.toJson()).isEqualTo(ratio.toJson());
    assertThat(read.isLike(ratio)).isTrue();
    assertThat(read.isLimit()).isTrue();
    assertThat(read.isMet()).isTrue();
  }

  @Test
  void parse_lineWithoutAField_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Ratio.parse("{\"metric\":\"lock_read\"}"))
        .withMessageContaining("no ");
  }

  @Test
  void read_committedRatios_haveEveryMetricThatIsAlwaysThere() throws Exception {
    List<String> metrics = Ratio.read(COMMITTED).stream().map(Ratio::metric).toList();

    assertThat(metrics)
        .contains(
            "header_acceptance",
            "nonce_search",
            "merkle_root",
            "signature_verify",
            "block_connect",
            "lock_read");
  }
}
