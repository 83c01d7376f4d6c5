package org.chaincore.sync.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.core.fixture.TestBlocks;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.GetHeaders;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.protocol.Extension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a network must bear, one thing at a time. */
final class ScenarioTest {
  private static final int REORG_LIMIT = 40;

  private final ChainFixture miner = ChainFixture.begin();
  private final Simulation simulation = Simulation.of(11, miner.now() * 1_000, LinkConditions.GOOD);
  private final List<Member> members = new ArrayList<>();

  private Member member(Member.Setup setup) {
    Member member = Member.join(simulation, setup);
    members.add(member);
    member.start();
    return member;
  }

  private List<Member> members(int count) {
    for (int i = 1; i <= count; i++) {
      member(Member.Setup.of(i).withMaxReorgDepth(REORG_LIMIT));
    }
    return members;
  }

  private void line() {
    for (int i = 1; i < members.size(); i++) {
      members.get(i).wants(members.get(i - 1).address());
    }
    redialForEver();
    pass(5);
  }

  private void redialForEver() {
    members.forEach(Member::redial);
    simulation.in(Duration.ofSeconds(10), this::redialForEver);
  }

  private void pass(int seconds) {
    simulation.run(Duration.ofSeconds(seconds));
  }

  private void mine(Member at, int blocks) {
    for (int i = 0; i < blocks; i++) {
      at.mine(i);
    }
  }

  private List<Hash256> tips() {
    return members.stream().map(Member::tip).distinct().toList();
  }

  private void cutBetween(Set<Member> side, boolean isOneWay) {
    Set<NetworkAddress> addresses = side.stream().map(Member::address).collect(Collectors.toSet());
    simulation.cut(
        (from, to) ->
            (addresses.contains(from) && !addresses.contains(to))
                || (!isOneWay && addresses.contains(to) && !addresses.contains(from)));
  }

  @Test
  void line_ofThree_relaysTransactionsAndBlocks() {
    members(3);
    line();
    mine(members.get(0), 5);
    pass(5);
    OutPoint coin =
        members
            .get(0)
            .engine()
            .block(members.get(0).engine().view().at(1).orElseThrow().hash())
            .orElseThrow()
            .transactions()
            .get(0)
            .outPoint(0);
    Transaction payment = TestBlocks.spend(List.of(coin), TestBlocks.pay(10_000));
    assertThat(members.get(0).submit(payment)).isTrue();
    pass(10);
    assertThat(members.get(2).engine().mempoolEntry(payment.txid())).isPresent();

    mine(members.get(2), 1);
    pass(5);

    assertThat(tips()).hasSize(1);
    assertThat(members).allMatch(member -> member.height() == 6);
    assertThat(members).allMatch(member -> member.engine().mempool().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 39, 40})
  void partition_upToTheLimitOfReorganisations_healsAlone(int depth) {
    members(4);
    line();
    mine(members.get(0), 3);
    pass(5);
    cutBetween(Set.of(members.get(0), members.get(1)), false);
    mine(members.get(0), depth);
    mine(members.get(3), depth + 1);
    pass(120);
    assertThat(tips()).hasSize(2);

    simulation.heal();
    pass(300);

    assertThat(tips()).containsExactly(members.get(3).tip());
    assertThat(members).allMatch(member -> member.height() == depth + 4);
  }

  @Test
  void partition_beyondTheLimit_isToldAndWaitsForTheHost() {
    members(2);
    line();
    cutBetween(Set.of(members.get(0)), false);
    mine(members.get(0), REORG_LIMIT + 1);
    mine(members.get(1), REORG_LIMIT + 2);
    pass(60);

    simulation.heal();
    pass(300);

    Member refusing = members.get(0);
    refusing.followEvents();
    ChainEvent.ReorgRefused refusal = refusing.refusals().get(refusing.refusals().size() - 1);
    assertThat(refusal.depth()).isEqualTo(REORG_LIMIT + 1);
    assertThat(refusal.limit()).isEqualTo(REORG_LIMIT);
    assertThat(refusing.height()).isEqualTo(REORG_LIMIT + 1);

    refusing.node().act(engine -> engine.allowDeepReorg(refusing.node().clockSeconds()));
    pass(60);
    assertThat(tips()).hasSize(1);
  }

  @Test
  void partition_oneWay_healsAlone() {
    members(4);
    line();
    cutBetween(Set.of(members.get(0), members.get(1)), true);
    mine(members.get(0), 4);
    pass(60);
    mine(members.get(3), 6);
    pass(200);

    simulation.heal();
    pass(300);

    assertThat(tips()).hasSize(1);
  }

  @Test
  void restart_duringADownload_goesOnWhereItWas() {
    members(2);
    members.get(0).load(miner.branch(miner.genesis(), 900));
    line();
    simulation.run(Duration.ofMillis(200));
    members.get(1).crash();
    mine(members.get(0), 5);
    pass(20);

    members.get(1).start();
    pass(60);

    assertThat(members.get(0).height()).isEqualTo(905);
    assertThat(members.get(1).height()).isEqualTo(905);
  }

  @Test
  void orphan_beforeItsParent_isTakenInWhenTheParentComes() {
    members(2);
    line();
    List<Block> blocks = miner.branch(miner.genesis(), 2);
    Hostile messenger = new Messenger(world(), 9, blocks.get(1));
    messenger.attack(members.get(0).address());
    messenger.join();
    pass(10);
    assertThat(members.get(0).engine().orphans()).hasSize(1);
    assertThat(members.get(0).height()).isZero();

    members.get(1).load(blocks.subList(0, 1));
    pass(10);

    assertThat(members.get(0).height()).isEqualTo(2);
    assertThat(members.get(0).engine().orphans()).isEmpty();
  }

  /** Sends one block that nobody asked for, and says nothing of headers. */
  private static final class Messenger extends Hostile {
    private final Block block;

    Messenger(World world, int number, Block block) {
      super(world, number);
      this.block = block;
    }

    @Override
    void greeted(Wire wire) {
      wire.send(new BlockMessage(block));
    }

    @Override
    void heard(Wire wire, Message message) {
      if (message instanceof GetHeaders) {
        wire.send(new Headers(List.of()));
      }
    }
  }

  private World world() {
    return new World(simulation, () -> members.get(0).engine(), () -> false);
  }

  @Test
  void honest_oneAmong125Peers_isEnough() {
    members(2);
    Member victim = members.get(1);
    World world = world();
    for (int i = 0; i < 124; i++) {
      int number = 10 + i;
      Hostile enemy =
          switch (i % 6) {
            case 0 -> new HostileRelay.Staller(world, number);
            case 1 -> new HostileRelay.Denier(world, number);
            case 2 -> new HostileTalk.Silent(world, number);
            case 3 -> new HostileRelay.CompactLiar(world, number);
            case 4 -> new HostileRelay.InventoryFlooder(world, number);
            default -> new HostileTalk.Babbler(world, number);
          };
      if (i % 8 == 0) {
        victim.wants(enemy.address());
      } else {
        enemy.attack(victim.address());
      }
      enemy.join();
    }
    members.get(0).load(miner.branch(miner.genesis(), 200));
    redialForEver();
    pass(30);
    victim.wants(members.get(0).address());
    pass(240);

    assertThat(victim.height()).isEqualTo(200);
    mine(members.get(0), 1);
    pass(60);
    assertThat(victim.height()).isEqualTo(201);
  }

  @Test
  void extensions_noneAtAll_syncsBlocksAndTransactions() {
    syncsWith(Set.of());
  }

  @ParameterizedTest
  @EnumSource(Extension.class)
  void extensions_oneAlone_syncsBlocksAndTransactions(Extension only) {
    syncsWith(EnumSet.of(only));
  }

  /** A node of fewer extensions between two that have all. */
  private void syncsWith(Set<Extension> some) {
    member(Member.Setup.of(1));
    member(Member.Setup.of(2).with(some));
    member(Member.Setup.of(3));
    line();
    mine(members.get(0), 5);
    pass(10);
    assertThat(tips()).hasSize(1);
    Economy economy = new Economy(simulation.newRandom());
    Block first =
        members
            .get(0)
            .engine()
            .block(members.get(0).engine().view().at(1).orElseThrow().hash())
            .orElseThrow();
    economy.learn(first);
    economy.pay(members.get(2));
    pass(20);

    assertThat(members).allMatch(member -> member.engine().mempool().size() == 1);
    mine(members.get(1), 1);
    pass(10);
    assertThat(tips()).hasSize(1);
    assertThat(members).allMatch(member -> member.engine().mempool().isEmpty());
  }
}
