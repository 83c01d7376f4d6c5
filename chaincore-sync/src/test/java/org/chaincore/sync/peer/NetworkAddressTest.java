package org.chaincore.sync.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkAddressTest {
  /** Key and name of a hidden service, as in Bitcoin Core's tests of its addresses. */
  private static final String ONION_KEY =
      "79bcc625184b05194975c28b66b66b0469f7f6556fb1ac3189a79b40dda32f1f";

  private static final String ONION =
      "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion";
  private static final String I2P_HASH =
      "a2894dabaec08c0051a481a6dac88b64f98232ae42d4b6fd2fa81952dfe36a87";
  private static final String I2P = "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkdq.b32.i2p";

  @Test
  void constructor_hostOfWrongLength_isRefusedWithTheLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NetworkAddress(AddressNetwork.IPV4, Bytes.parse("010203"), 1))
        .withMessageContaining("not 3");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536})
  void constructor_portOutsideSixteenBits_isRefused(int port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NetworkAddress(AddressNetwork.IPV4, Bytes.parse("01020304"), port))
        .withMessageContaining("port " + port);
  }

  @Test
  void of_idOfEachNetwork_findsIt() {
    SeededRun.of(20, 255)
        .check(
            (random, size) ->
                AddressNetwork.of(size)
                    .ifPresent(network -> assertThat(network.id()).isEqualTo(size)));
    assertThat(AddressNetwork.of(4)).contains(AddressNetwork.TOR_V3);
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.3.4:8333, IPV4, 01020304, 8333",
    "255.255.255.255:0, IPV4, ffffffff, 0",
    "[::1]:1, IPV6, 00000000000000000000000000000001, 1",
    "[::]:65535, IPV6, 00000000000000000000000000000000, 65535",
    "[2001:DB8::a:0]:2, IPV6, 20010db80000000000000000000a0000, 2",
    "[1:2:3:4:5:6:7:8]:2, IPV6, 00010002000300040005000600070008, 2",
    "[1::]:2, IPV6, 00010000000000000000000000000000, 2",
    "[1:2:3:4:5:6:7::]:2, IPV6, 00010002000300040005000600070000, 2",
    "[64:ff9b::1.2.3.4]:2, IPV6, 0064ff9b000000000000000001020304, 2",
    "[1:2:3:4:5:6:1.2.3.4]:2, IPV6, 00010002000300040005000601020304, 2",
    "[::ffff:1.2.3.4]:2, IPV4, 01020304, 2",
    "[::ffff:102:304]:2, IPV4, 01020304, 2",
    "[fc00::1]:2, CJDNS, fc000000000000000000000000000001, 2"
  })
  void parse_literal_isReadUnderItsNetwork(
      String text, AddressNetwork network, String host, int port) {
    assertThat(NetworkAddress.parse(text))
        .isEqualTo(new NetworkAddress(network, Bytes.parse(host), port));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        ":1",
        "1.2.3.4",
        "1.2.3.4:",
        "1.2.3.4:65536",
        "1.2.3.4:99999",
        "1.2.3.4:100000",
        "1.2.3.4:01",
        "1.2.3.4:+1",
        "1.2.3.4:-1",
        "1.2.3.4: 1",
        "1.2.3:1",
        "1.2.3.4.5:1",
        "1.2.3.256:1",
        "1.2.3.04:1",
        "1.2.3.:1",
        "1.2.3.0x4:1",
        " 1.2.3.4:1",
        "1.2.3.٤:1",
        "16909060:1",
        "localhost:1",
        "seed.example.org:8333",
        "::1:1",
        "1:2:3:4:5:6:7:8:9",
        "[1.2.3.4]:1",
        "[]:1",
        "[:]:1",
        "[:::]:1",
        "[1]:1",
        "[1::2::3]:1",
        "[1:2:3:4:5:6:7]:1",
        "[1:2:3:4:5:6:7:8:9]:1",
        "[1:2:3:4:5:6:7::8]:1",
        "[1:2:3:4:5:6:7:1.2.3.4]:1",
        "[::1.2.3.4:1]:1",
        "[1.2.3.4::]:1",
        "[::12345]:1",
        "[::g]:1",
        "[::１]:1",
        "[:1::]:1",
        "[1:]:1",
        "[::1%eth0]:1",
        "[1:2:3:4:5:6:7:8::]:1",
        "[0000000000000000000000000000000000000000000::1]:1",
        "00000000000000000000000000000000000000000000001.2.3.4:1",
        "[::1:1",
        "::1]:1"
      })
  void parse_anythingElse_isRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> NetworkAddress.parse(text));
  }

  @Test
  void parse_longText_isNotRepeatedInFull() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NetworkAddress.parse("x".repeat(100_000) + ":1"))
        .satisfies(refused -> assertThat(refused.getMessage()).hasSizeLessThan(200));
  }

  @Test
  void toString_onionOfAKnownKey_isItsName() {
    NetworkAddress address =
        new NetworkAddress(AddressNetwork.TOR_V3, Bytes.parse(ONION_KEY), 8333);

    assertThat(address).hasToString(ONION + ":8333");
    assertThat(NetworkAddress.parse(ONION + ":8333")).isEqualTo(address);
  }

  @Test
  void toString_i2pOfAKnownHash_isItsName() {
    NetworkAddress address = new NetworkAddress(AddressNetwork.I2P, Bytes.parse(I2P_HASH), 0);

    assertThat(address).hasToString(I2P + ":0");
    assertThat(NetworkAddress.parse(I2P + ":0")).isEqualTo(address);
  }

  @Test
  void parse_namesInUpperCase_areTheSame() {
    assertThat(NetworkAddress.parse(ONION.toUpperCase(Locale.ROOT) + ":1"))
        .isEqualTo(NetworkAddress.parse(ONION + ":1"));
  }

  @Test
  void parse_onionWithOneLetterChanged_isRefused() {
    for (int i = 0; i < 56; i++) {
      String changed =
          ONION.substring(0, i) + (ONION.charAt(i) == 'a' ? 'b' : 'a') + ONION.substring(i + 1);
      assertThatIllegalArgumentException().isThrownBy(() -> NetworkAddress.parse(changed + ":1"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkdr.b32.i2p:0",
        "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkd1.b32.i2p:0",
        "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkd.b32.i2p:0",
        "ukeu3k5oycgaauneqgtnvselmt4yemvoilkln7jpvamvfx7dnkdq.b32.i2q:0"
      })
  void parse_i2pThatIsNone_isRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> NetworkAddress.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "20010db8000000000000000000000001, 2001:db8::1",
    "20010db8000000010001000100010001, 2001:db8:0:1:1:1:1:1",
    "20010000000000010000000000000001, 2001:0:0:1::1",
    "20010db8000000000001000000000001, 2001:db8::1:0:0:1",
    "00010000000000000000000000000000, 1::",
    "00000000000000000000000000000000, ::",
    "0000000000000000000000000000abcd, ::abcd",
    "0001000200030004000500060000000a, 1:2:3:4:5:6:0:a"
  })
  void hostText_ofIpv6_isTheOneOfRfc5952(String host, String text) {
    NetworkAddress address = NetworkAddress.ofIp(Bytes.parse(host), 1);

    assertThat(address.hostText()).isEqualTo(text);
    assertThat(address).hasToString("[" + text + "]:1");
  }

  @Test
  void parse_whatToStringWrote_isTheSameAddress() {
    SeededRun.of(500, 16)
        .check(
            (random, size) -> {
              NetworkAddress address = PeerFixture.anyAddress(random);
              assertThat(NetworkAddress.parse(address.toString())).isEqualTo(address);
              assertThat(NetworkAddress.parseHost(address.hostText(), address.port()))
                  .isEqualTo(address);
            });
  }

  @Test
  void hostText_ofIp_isReadByTheJdkAsTheSame() {
    SeededRun.of(500, 16)
        .check(
            (random, size) -> {
              Bytes host = sparse(random, random.nextBoolean() ? 4 : 16);
              NetworkAddress address = NetworkAddress.ofIp(host, 1);
              byte[] read = InetAddress.getByName(address.hostText()).getAddress();
              assertThat(NetworkAddress.ofIp(Bytes.of(read), 1)).isEqualTo(address);
            });
  }

  @Test
  void compareTo_anyTwo_agreesWithEquals() {
    SeededRun.of(300, 16)
        .check(
            (random, size) -> {
              NetworkAddress one = PeerFixture.anyAddress(random);
              NetworkAddress other =
                  random.nextBoolean()
                      ? one.withPort(random.nextInt(3))
                      : PeerFixture.anyAddress(random);
              assertThat(one.compareTo(other) == 0).isEqualTo(one.equals(other));
              assertThat(Integer.signum(one.compareTo(other)))
                  .isEqualTo(-Integer.signum(other.compareTo(one)));
            });
  }

  /** Bytes of which many are zero, for gaps of every kind. */
  private static Bytes sparse(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt() : 0);
    }
    return Bytes.of(bytes);
  }
}
