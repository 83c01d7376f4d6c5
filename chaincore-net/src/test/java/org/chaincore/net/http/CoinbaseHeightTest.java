package org.chaincore.net.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.block.TransactionOutput;
import org.chaincore.core.block.Witness;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an orphan, which nobody has checked, says of its height. */
final class CoinbaseHeightTest {
  private static final Block GENESIS = ChainFixture.begin().genesis();

  private static Block block(OutPoint spent, String scriptSig) {
    TransactionInput input =
        new TransactionInput(
            spent, Bytes.parse(scriptSig), TransactionInput.FINAL_SEQUENCE, Witness.EMPTY);
    Transaction only =
        Transaction.of(1, List.of(input), List.of(new TransactionOutput(1, Bytes.EMPTY)), 0);
    return new Block(GENESIS.header(), List.of(only));
  }

  @ParameterizedTest
  @CsvSource({
    "51,1",
    "60,16",
    "0111,17",
    "01ff,255",
    "022c01,300",
    "03400d03,200000",
    "04ffffff7f,2147483647",
    "03400d0300ff,200000",
  })
  void of_aScriptWithAHeight_isThatHeight(String scriptSig, int height) {
    assertThat(CoinbaseHeight.of(block(OutPoint.NULL, scriptSig))).isEqualTo(height);
  }

  @ParameterizedTest
  @CsvSource({"''", "00", "50", "61", "ff", "05ffffffff00", "04ffffffff", "02ff", "01"})
  void of_aScriptThatSaysNone_isUnknown(String scriptSig) {
    assertThat(CoinbaseHeight.of(block(OutPoint.NULL, scriptSig)))
        .isEqualTo(CoinbaseHeight.UNKNOWN);
  }

  @Test
  void of_aBlockWithoutCoinbase_isUnknown() {
    OutPoint coin = new OutPoint(GENESIS.hash(), 0);

    assertThat(CoinbaseHeight.of(block(coin, "51"))).isEqualTo(CoinbaseHeight.UNKNOWN);
    assertThat(CoinbaseHeight.of(new Block(GENESIS.header(), List.of())))
        .isEqualTo(CoinbaseHeight.UNKNOWN);
  }
}
