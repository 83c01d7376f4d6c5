package org.chaincore.sync.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.identity.Signatures;
import org.chaincore.sync.statistics.StatisticsUpdate.Exchange;
import org.junit.jupiter.api.Test;

final class StatisticsWireTest {
  private static byte[] written(Consumer<ByteWriter> write) {
    ByteWriter out = ByteWriter.create();
    write.accept(out);
    return out.toArray();
  }

  private static StatisticsRequest request(RandomGenerator random, int size) {
    long[] hashes = random.longs(size).toArray();
    SetSummary summary = SetSummary.of(SetSummary.cells(hashes, size));
    Wish wish = new Wish(random.nextInt(256), random.nextInt(), random.nextInt());
    return new StatisticsRequest(Nodes.EPOCH, random.nextLong(), wish, summary);
  }

  private static StatisticsUpdate update(RandomGenerator random, int size) {
    List<SignedObservation> observations = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      observations.add(Nodes.random(random));
    }
    byte[] wanted = new byte[random.nextInt(129)];
    random.nextBytes(wanted);
    int own = size == 0 || random.nextBoolean() ? StatisticsUpdate.NONE : random.nextInt(size);
    Exchange exchange = new Exchange(Nodes.EPOCH, random.nextLong(), random.nextInt(256));
    return new StatisticsUpdate(
        exchange,
        new Wish(random.nextInt(256), random.nextInt(), random.nextInt()),
        Bytes.of(wanted),
        own,
        observations);
  }

  @Test
  void request_writtenAndRead_isTheSameInTheBytesItSays() {
    SeededRun.of(200, SetSummary.MAX_COUNT)
        .check(
            (random, size) -> {
              StatisticsRequest request = request(random, size);
              byte[] wire = written(request::write);

              assertThat(ByteReader.readAll(wire, "request", StatisticsRequest::read))
                  .isEqualTo(request);
              assertThat(wire)
                  .hasSize(request.bytes())
                  .hasSizeLessThanOrEqualTo(StatisticsRequest.MAX_BYTES);
              assertRefusesShorter(wire, StatisticsRequest::read, random);
            });
  }

  @Test
  void update_writtenAndRead_isTheSameInTheBytesItSays() {
    SeededRun.of(100, StatisticsUpdate.MAX_OBSERVATIONS)
        .check(
            (random, size) -> {
              StatisticsUpdate update = update(random, random.nextInt(size + 1));
              byte[] wire = written(update::write);

              assertThat(ByteReader.readAll(wire, "update", StatisticsUpdate::read))
                  .isEqualTo(update);
              assertThat(wire)
                  .hasSize(update.bytes())
                  .hasSizeLessThanOrEqualTo(StatisticsUpdate.MAX_BYTES);
              assertRefusesShorter(wire, StatisticsUpdate::read, random);
            });
  }

  private static void assertRefusesShorter(
      byte[] wire, java.util.function.Function<ByteReader, ?> read, RandomGenerator random) {
    byte[] shorter = Arrays.copyOf(wire, random.nextInt(wire.length));
    assertMalformed(() -> read.apply(ByteReader.of(shorter)));
  }

  private static void assertMalformed(ThrowingCallable read) {
    assertThatExceptionOfType(MalformedBytesException.class).isThrownBy(read);
  }

  @Test
  void read_randomBytes_giveAValueOrMalformedBytes() {
    SeededRun.of(2_000, 400)
        .check(
            (random, size) -> {
              byte[] wire = new byte[size];
              random.nextBytes(wire);
              try {
                StatisticsUpdate.read(ByteReader.of(wire));
                StatisticsRequest.read(ByteReader.of(wire));
              } catch (MalformedBytesException e) {
                assertThat(e.field()).isNotEmpty();
              }
            });
  }

  @Test
  void observation_onTheWire_takesAtMost150Bytes() {
    assertThat(SignedObservation.MAX_BYTES).isEqualTo(150);
    assertThat(Nodes.signed(1, 0).bytes()).isEqualTo(139);
    assertThat(written(Nodes.signed(1, 0)::write)).hasSize(139);
  }

  @Test
  void update_moreThanItMayHold_isRefused() {
    SignedObservation signed = Nodes.signed(1, 0);
    Exchange exchange = new Exchange(Nodes.EPOCH, 1, 0);
    Wish wish = new Wish(0, 0, 0);
    List<SignedObservation> many = java.util.Collections.nCopies(33, signed);
    Bytes tooManyBits = Bytes.of(new byte[129]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StatisticsUpdate(exchange, wish, Bytes.EMPTY, 0xff, many))
        .withMessageContaining("33");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StatisticsUpdate(exchange, wish, tooManyBits, 0xff, List.of()))
        .withMessageContaining("129");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StatisticsUpdate(exchange, wish, Bytes.EMPTY, 0, List.of()))
        .withMessageContaining("own");
    byte[] wire =
        written(new StatisticsUpdate(exchange, wish, Bytes.EMPTY, 0xff, List.of(signed))::write);
    wire[Exchange.BYTES + Wish.BYTES + 2] = 33;
    assertMalformed(() -> StatisticsUpdate.read(ByteReader.of(wire)));
  }

  @Test
  void figures_outsideTheirRange_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ChainFigures(-1, 0, 0x1d00ffff, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new ChainFigures(0, 0, 0x1d800000, 0, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ChainFigures(0, 0, 0x1d00ffff, -1, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ChainFigures(0, 0, 0x1d00ffff, 1L << 32, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ChainFigures(0, 0, 0x1d00ffff, 0, -1))
        .withMessageContaining("-1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ChainFigures(0, 0, 0x1d00ffff, 0, 256))
        .withMessageContaining("256");
    assertThatIllegalArgumentException().isThrownBy(() -> new NodeFigures(-1, 0, 0, 0, ""));
    assertThatIllegalArgumentException().isThrownBy(() -> new NodeFigures(65_536, 0, 0, 0, ""));
    assertThatIllegalArgumentException().isThrownBy(() -> new NodeFigures(0, Float.NaN, 0, 0, ""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NodeFigures(0, Float.POSITIVE_INFINITY, 0, 0, ""));
    assertThatIllegalArgumentException().isThrownBy(() -> new NodeFigures(0, -1, 0, 0, ""));
    assertThatIllegalArgumentException().isThrownBy(() -> new NodeFigures(0, 0, -1, 0, ""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NodeFigures(0, 0, 0, 0, "x".repeat(17)));
    assertThatIllegalArgumentException().isThrownBy(() -> new NodeFigures(0, 0, 0, 0, "é"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Observation(-1, 0, Nodes.CHAIN, Nodes.NODE));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Observation(1L << 32, 0, Nodes.CHAIN, Nodes.NODE));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Observation(0, Epoch.SECONDS, Nodes.CHAIN, Nodes.NODE));
    assertThatIllegalArgumentException().isThrownBy(() -> new Wish(256, 0, 0));
  }

  @Test
  void read_figuresOutsideTheirRange_areMalformed() {
    byte[] chain = written(Nodes.CHAIN::write);
    chain[3] = (byte) 0x80;
    byte[] node = written(Nodes.NODE::write);
    node[node.length - 1] = (byte) 0xe9;
    byte[] late = written(Nodes.signed(1, 0).observation()::write);
    late[1] = (byte) 0xff;

    assertMalformed(() -> ChainFigures.read(ByteReader.of(chain)));
    assertMalformed(() -> NodeFigures.read(ByteReader.of(node)));
    assertMalformed(() -> Observation.read(ByteReader.of(late), Nodes.EPOCH));
  }

  @Test
  void isValid_otherNetworkEpochFiguresOrNode_isFalse() {
    Signatures ed25519 = Signatures.ed25519();
    Observation said = new Observation(Nodes.EPOCH, 5, Nodes.CHAIN, Nodes.NODE);
    SignedObservation signed = SignedObservation.sign(Nodes.key(1), Nodes.NETWORK, said, ed25519);
    NetworkId other = new NetworkId(Nodes.NETWORK.magic() + 1, Nodes.NETWORK.fingerprint());
    Observation later = new Observation(Nodes.EPOCH + 1, 5, Nodes.CHAIN, Nodes.NODE);
    Observation changed = new Observation(Nodes.EPOCH, 6, Nodes.CHAIN, Nodes.NODE);

    assertThat(signed.isValid(Nodes.NETWORK, ed25519)).isTrue();
    assertThat(signed.isValid(other, ed25519)).isFalse();
    assertThat(
            new SignedObservation(signed.node(), later, signed.signature())
                .isValid(Nodes.NETWORK, ed25519))
        .isFalse();
    assertThat(
            new SignedObservation(signed.node(), changed, signed.signature())
                .isValid(Nodes.NETWORK, ed25519))
        .isFalse();
    assertThat(
            new SignedObservation(Nodes.key(2).id(), said, signed.signature())
                .isValid(Nodes.NETWORK, ed25519))
        .isFalse();
  }

  @Test
  void summary_of256_takesAboutAByteEach() {
    SeededRun.of(50, 1)
        .check(
            (random, size) -> {
              int[] cells = SetSummary.cells(random.longs(256).toArray(), 256);
              SetSummary summary = SetSummary.of(cells);

              assertThat(summary.cells()).isEqualTo(cells);
              assertThat(summary.bytes()).isBetween(260, 280);
            });
  }

  @Test
  void summary_thatDoesNotAddUp_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new SetSummary(-1, Bytes.EMPTY));
    assertThatIllegalArgumentException().isThrownBy(() -> new SetSummary(1_025, Bytes.EMPTY));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SetSummary(1, Bytes.parse("0101")))
        .withMessageContaining("has 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SetSummary(1, Bytes.parse("40")))
        .withMessageContaining("cell 64");
    assertThatIllegalArgumentException().isThrownBy(() -> new SetSummary(0, Bytes.parse("ff")));
    assertMalformed(() -> SetSummary.read(ByteReader.of(new byte[] {(byte) 0xfd, 1, 4, 0})));
    assertMalformed(() -> SetSummary.read(ByteReader.of(new byte[] {1, 0})));
  }
}
