package org.chaincore.sync.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.chaincore.sync.peer.GroupingRule.BY_ADDRESS;
import static org.chaincore.sync.peer.GroupingRule.BY_PREFIX;
import static org.chaincore.sync.peer.PeerFixture.DAY;
import static org.chaincore.sync.peer.PeerFixture.HOUR;
import static org.chaincore.sync.peer.PeerFixture.NOW;
import static org.chaincore.sync.peer.PeerFixture.at;

import java.util.Arrays;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;

final class BanListTest {
  private static final NetworkAddress ONE = at("1.2.3.4:5");
  private static final NetworkAddress SAME_HOST = at("1.2.3.4:6");
  private static final NetworkAddress OTHER = at("1.2.3.5:5");
  private static final CheckedSnapshot FRAME = new CheckedSnapshot(0x4e42_4343, 1);

  private final BanList list = BanList.of(BY_PREFIX);

  @Test
  void ban_address_holdsForItsHostUntilItsTime() {
    list.ban(ONE, NOW + HOUR, NOW);

    assertThat(list.isBanned(SAME_HOST, NOW + HOUR - 1)).isTrue();
    assertThat(list.isBanned(SAME_HOST, NOW + HOUR)).isFalse();
    assertThat(list.isBanned(OTHER, NOW)).isFalse();
    assertThat(list.isDiscouraged(ONE, NOW)).isFalse();
  }

  @Test
  void ban_again_endsAtTheNewTime() {
    list.ban(ONE, NOW + HOUR, NOW);
    list.ban(SAME_HOST, NOW + DAY, NOW);

    assertThat(list.bans(NOW)).containsExactly(new Ban(at("1.2.3.4:0"), NOW + DAY));
  }

  @Test
  void ban_untilThePast_endsIt() {
    list.ban(ONE, NOW + HOUR, NOW);
    list.ban(ONE, NOW, NOW);

    assertThat(list.bans(0)).isEmpty();
  }

  @Test
  void ban_lineOfIpv6_holdsForAllItsHosts() {
    list.ban(at("[2a00:1:2:3::1]:1"), NOW + HOUR, NOW);

    assertThat(list.isBanned(at("[2a00:1:2:3:9:9:9:9]:2"), NOW)).isTrue();
    assertThat(list.isBanned(at("[2a00:1:2:4::1]:1"), NOW)).isFalse();
  }

  @Test
  void ban_localByAddress_holdsForThatPortOnly() {
    BanList local = BanList.of(BY_ADDRESS);
    local.ban(at("127.0.0.1:1"), NOW + HOUR, NOW);

    assertThat(local.isBanned(at("127.0.0.1:1"), NOW)).isTrue();
    assertThat(local.isBanned(at("127.0.0.1:2"), NOW)).isFalse();
  }

  @Test
  void ban_listIsFull_dropsWhatEndsFirst() {
    for (int i = 0; i < BanList.MAX_BANS; i++) {
      list.ban(host(i), NOW + DAY + i, NOW);
    }
    list.ban(host(0), NOW + 2 * DAY, NOW);
    assertThat(list.bans(NOW)).hasSize(BanList.MAX_BANS);

    list.ban(host(BanList.MAX_BANS), NOW + DAY, NOW);
    assertThat(list.bans(NOW)).hasSize(BanList.MAX_BANS);
    assertThat(list.isBanned(host(1), NOW)).isFalse();
    assertThat(list.isBanned(host(0), NOW)).isTrue();
    assertThat(list.isBanned(host(BanList.MAX_BANS), NOW)).isTrue();
  }

  @Test
  void ban_listIsFullOfEndedOnes_dropsThoseOnly() {
    for (int i = 0; i < BanList.MAX_BANS; i++) {
      list.ban(host(i), i == 7 ? NOW + DAY : NOW + 1, NOW);
    }
    list.ban(ONE, NOW + DAY, NOW + 1);

    assertThat(list.bans(0)).hasSize(2);
  }

  @Test
  void forgive_address_endsBanAndDiscouragementOfItsHost() {
    list.ban(ONE, NOW + HOUR, NOW);
    list.discourage(ONE, NOW);
    list.forgive(SAME_HOST);

    assertThat(list.isBanned(ONE, NOW)).isFalse();
    assertThat(list.isDiscouraged(ONE, NOW)).isFalse();
  }

  @Test
  void discourage_address_holdsForItsHostForOneToTwoDays() {
    list.discourage(ONE, NOW);

    assertThat(list.isDiscouraged(SAME_HOST, NOW + DAY)).isTrue();
    assertThat(list.isDiscouraged(SAME_HOST, NOW + 2 * DAY - 1)).isTrue();
    assertThat(list.isDiscouraged(SAME_HOST, NOW + 2 * DAY)).isFalse();
    assertThat(list.isDiscouraged(OTHER, NOW)).isFalse();
    assertThat(list.isBanned(ONE, NOW)).isFalse();
  }

  @Test
  void discourage_laterInTheDay_holdsForADayAtLeast() {
    list.discourage(OTHER, NOW);
    list.discourage(ONE, NOW + DAY - 1);

    assertThat(list.isDiscouraged(ONE, NOW + 2 * DAY - 2)).isTrue();
    assertThat(list.isDiscouraged(ONE, NOW + 2 * DAY)).isFalse();
  }

  @Test
  void discourage_again_holdsForLonger() {
    list.discourage(ONE, NOW);
    list.discourage(ONE, NOW + DAY);

    assertThat(list.discouragedSize()).isEqualTo(1);
    assertThat(list.isDiscouraged(ONE, NOW + 3 * DAY - 1)).isTrue();
  }

  @Test
  void discourage_withoutEnd_isBoundedAndKeepsTheLatest() {
    for (int i = 0; i < 3 * BanList.MAX_DISCOURAGED; i++) {
      list.discourage(host(i), NOW);
    }

    assertThat(list.discouragedSize()).isLessThanOrEqualTo(BanList.MAX_DISCOURAGED);
    assertThat(list.isDiscouraged(host(3 * BanList.MAX_DISCOURAGED - 1), NOW)).isTrue();
    assertThat(list.isDiscouraged(host(2 * BanList.MAX_DISCOURAGED + 1), NOW)).isTrue();
    assertThat(list.isDiscouraged(host(0), NOW)).isFalse();
  }

  @Test
  void discourage_fullGeneration_takesAKnownOwnerWithoutRolling() {
    for (int i = 0; i < BanList.MAX_DISCOURAGED / 2; i++) {
      list.discourage(host(i), NOW);
    }
    list.discourage(host(0), NOW);

    assertThat(list.discouragedSize()).isEqualTo(BanList.MAX_DISCOURAGED / 2);
  }

  @Test
  void read_whatWasWritten_isTheSameList() {
    SeededRun.of(100, 200)
        .check(
            (random, size) -> {
              BanList any = BanList.of(BY_PREFIX);
              for (int i = 0; i < size; i++) {
                NetworkAddress address = PeerFixture.anyAddress(random);
                if (random.nextBoolean()) {
                  any.ban(address, NOW + random.nextLong(DAY), NOW);
                } else {
                  any.discourage(address, NOW + random.nextLong(3 * DAY));
                }
              }
              byte[] bytes = bytes(any);
              BanList restored = read(bytes);
              assertThat(bytes(restored)).isEqualTo(bytes);
              assertThat(restored.bans(NOW)).isEqualTo(any.bans(NOW));
              assertThat(restored.discouragedSize()).isEqualTo(any.discouragedSize());
            });
  }

  @Test
  void read_discouragementFromTheFuture_beginsNow() {
    BanList ahead = BanList.of(BY_PREFIX);
    ahead.discourage(ONE, NOW + 400 * DAY);
    BanList restored =
        ByteReader.readAll(bytes(ahead), "bans", in -> BanList.read(in, BY_PREFIX, NOW));

    assertThat(restored.isDiscouraged(ONE, NOW + DAY)).isTrue();
    assertThat(restored.isDiscouraged(ONE, NOW + 2 * DAY)).isFalse();
  }

  @Test
  void read_anyBitFlippedOrCut_isRefused() {
    byte[] bytes = bytes(smallList());
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      byte[] cut = Arrays.copyOf(bytes, bit / 8);

      assertThatExceptionOfType(MalformedBytesException.class).isThrownBy(() -> read(changed));
      assertThatExceptionOfType(MalformedBytesException.class).isThrownBy(() -> read(cut));
    }
  }

  @Test
  void read_contentChangedOnPurpose_isRefusedOrAList() {
    SeededRun.of(3_000, 3)
        .check(
            (random, size) -> {
              ByteReader in = ByteReader.of(bytes(smallList()));
              in.int32("magic");
              in.uint16("version");
              byte[] content = in.varBytes("content").toArray();
              for (int i = 0; i < size; i++) {
                content[random.nextInt(content.length)] = (byte) random.nextInt();
              }
              ByteWriter out = ByteWriter.create();
              FRAME.write(out, ByteWriter.create().bytes(Bytes.of(content)));
              try {
                BanList changed = read(out.toArray());
                changed.discourage(ONE, NOW);
                assertThat(changed.isDiscouraged(ONE, NOW)).isTrue();
                assertThat(changed.bans(0)).hasSizeLessThanOrEqualTo(2);
              } catch (MalformedBytesException refused) {
                assertThat(refused.field()).isNotEmpty();
              }
            });
  }

  @Test
  void read_moreBansThanAllowed_isRefused() {
    ByteWriter content = ByteWriter.create().compactSize(BanList.MAX_BANS + 1);
    content.bytes(new byte[(BanList.MAX_BANS + 1) * 15]);

    assertRefused(content, "bans");
  }

  @Test
  void read_moreDiscouragedThanAllowed_isRefused() {
    ByteWriter content = ByteWriter.create().compactSize(0).int64(NOW);
    content.compactSize(BanList.MAX_DISCOURAGED / 2 + 1);
    for (int i = 0; i <= BanList.MAX_DISCOURAGED / 2; i++) {
      AddressBytes.write(host(i), content);
    }

    assertRefused(content, "discouraged");
  }

  private static void assertRefused(ByteWriter content, String field) {
    ByteWriter out = ByteWriter.create();
    FRAME.write(out, content);
    assertThatExceptionOfType(MalformedBytesException.class)
        .isThrownBy(() -> read(out.toArray()))
        .satisfies(refused -> assertThat(refused.field()).isEqualTo(field));
  }

  private static BanList smallList() {
    BanList small = BanList.of(BY_PREFIX);
    small.ban(ONE, NOW + DAY, NOW);
    small.ban(at("[2a00::1]:1"), NOW + DAY, NOW);
    small.discourage(OTHER, NOW);
    small.discourage(ONE, NOW + DAY);
    return small;
  }

  private static NetworkAddress host(int i) {
    return NetworkAddress.ofIp(Bytes.of((byte) 20, (byte) (i >> 16), (byte) (i >> 8), (byte) i), 1);
  }

  private static byte[] bytes(BanList list) {
    ByteWriter out = ByteWriter.create();
    list.write(out);
    return out.toArray();
  }

  private static BanList read(byte[] bytes) {
    return ByteReader.readAll(bytes, "bans", in -> BanList.read(in, BY_PREFIX, NOW + 9 * DAY));
  }
}
