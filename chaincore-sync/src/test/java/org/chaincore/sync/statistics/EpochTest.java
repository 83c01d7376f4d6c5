package org.chaincore.sync.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.chain.HeaderTree;
import org.chaincore.core.fixture.TestHeaders;
import org.chaincore.core.value.Hash256;
import org.junit.jupiter.api.Test;

final class EpochTest {
  private static final int SPAN = 11;

  private static ChainView chain(int blocks, int secondsApart) {
    HeaderTree tree = HeaderTree.of(TestHeaders.anyWork().build());
    HeaderNode tip = tree.root();
    for (int i = 1; i <= blocks; i++) {
      long time = TestHeaders.GENESIS_TIME + (long) i * secondsApart;
      var header = TestHeaders.child(tip.header(), i, time, TestHeaders.EASY);
      tree.accept(TestHeaders.mined(header), time);
      tip = tree.find(tree.heaviest().hash()).orElseThrow();
    }
    return ChainView.of(tree, tip);
  }

  @Test
  void at_secondsOfAnEpoch_isItsNumber() {
    assertThat(Epoch.at(Epoch.startSeconds(7))).isEqualTo(7);
    assertThat(Epoch.at(Epoch.startSeconds(8) - 1)).isEqualTo(7);
  }

  @Test
  void anchor_ofAChain_isTheLastBlockLongEnoughBeforeTheEpoch() {
    ChainView chain = chain(200, 60);
    for (int after = 0; after < 5; after++) {
      long epoch = Epoch.at(TestHeaders.GENESIS_TIME) + after;
      long latest = Epoch.startSeconds(epoch) - Epoch.ANCHOR_AGE_SECONDS;
      int height = 0;
      while (height < chain.height()
          && chain.at(height + 1).orElseThrow().medianTimePast(SPAN) <= latest) {
        height++;
      }

      assertThat(Epoch.anchor(chain, epoch)).isEqualTo(chain.at(height).orElseThrow().hash());
    }
  }

  @Test
  void anchor_chainThatGrows_staysTheSame() {
    long epoch = Epoch.at(TestHeaders.GENESIS_TIME) + 3;

    assertThat(Epoch.anchor(chain(150, 60), epoch)).isEqualTo(Epoch.anchor(chain(160, 60), epoch));
  }

  @Test
  void anchor_chainThatIsYounger_isItsFirstBlock() {
    ChainView chain = chain(3, 60);

    assertThat(Epoch.anchor(chain, 1)).isEqualTo(chain.at(0).orElseThrow().hash());
  }

  @Test
  void salt_otherAnchorEpochOrNetwork_ranksOtherwise() {
    Hash256 anchor = TestHeaders.network().build().genesis().hash();
    NetworkId network = NetworkId.of(TestHeaders.network().build());
    EpochSalt salt = EpochSalt.of(network, 5, anchor);
    var node = Nodes.key(1).id();

    assertThat(EpochSalt.of(network, 5, anchor)).isEqualTo(salt).hasSameHashCodeAs(salt);
    assertThat(EpochSalt.of(network, 5, anchor).rank(node)).isEqualTo(salt.rank(node));
    assertThat(EpochSalt.of(network, 6, anchor).rank(node)).isNotEqualTo(salt.rank(node));
    assertThat(EpochSalt.of(network, 5, Hash256.ZERO).rank(node)).isNotEqualTo(salt.rank(node));
    assertThat(EpochSalt.of(Nodes.NETWORK, 5, anchor)).isNotEqualTo(salt);
    assertThat(EpochSalt.of(network, 6, anchor)).isNotEqualTo(salt).isNotEqualTo(anchor);
    assertThat(salt.toString()).contains("of epoch 5");
  }
}
