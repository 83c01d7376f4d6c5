package org.chaincore.sync.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.identity.NodeSignature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsDocumentTest {
  /** Where the number of settings is: behind format, network, version and both times. */
  private static final int COUNT_AT = 1 + 32 + 8 + 8 + 8;

  private final Publisher publisher = Publisher.of(1);

  private static SettingsDraft draft(SortedMap<String, String> settings) {
    return new SettingsDraft(Publisher.NETWORK, 1, 0, 1, settings);
  }

  private static void assertMalformed(ThrowingCallable read, String message) {
    assertThatThrownBy(read)
        .isInstanceOf(MalformedBytesException.class)
        .hasMessageContaining(message);
  }

  @Test
  void write_document_isTheDescribedBytes() {
    SettingsDocument document = publisher.publish(2, Map.of("peers.max", "9", "a", "b"));
    String hex = HexFormat.of().formatHex(Publisher.bytes(document));

    assertThat(hex)
        .startsWith(
            "01" + HexFormat.of().formatHex(Publisher.NETWORK.toWire()) + "0200000000000000")
        .contains("02" + "0161" + "0162" + "09" + "70656572732e6d6178" + "0139" + publisher.id())
        .endsWith(publisher.id() + document.signature().toString())
        .hasSize(2 * (COUNT_AT + 1 + 4 + 12 + 32 + 64));
  }

  @Test
  void read_whatWasWritten_isTheSameAndSigned() {
    SeededRun.of(100, 64)
        .check(
            (random, size) -> {
              SettingsDocument document = publisher.sign(randomDraft(random, size));
              byte[] bytes = Publisher.bytes(document);

              assertThat(Publisher.read(bytes)).isEqualTo(document);
              assertThat(Publisher.bytes(Publisher.read(bytes))).isEqualTo(bytes);
              assertThat(document.isSignedBy(Publisher.SIGNATURES)).isTrue();
            });
  }

  private static SettingsDraft randomDraft(RandomGenerator random, int settings) {
    SortedMap<String, String> named = new TreeMap<>();
    for (int i = 0; i < settings; i++) {
      String name = "k".repeat(1 + random.nextInt(30)) + "." + random.nextInt(1_000);
      named.put(name, Long.toString(random.nextLong()));
    }
    return Publisher.draft(1 + random.nextInt(1_000), named);
  }

  @Test
  void offer_anyMutationOfTheBytes_isRefusedTyped() {
    SeededRun.of(300, 16)
        .check(
            (random, size) -> {
              SettingsDocument document =
                  publisher.publish(5, OperationalSettingsTest.random(random, size).toMap());
              byte[] bytes = Publisher.bytes(document);
              byte[] mutated = mutate(bytes, random);
              SettingsState state = Publisher.state(publisher);
              OfferOutcome outcome;
              try {
                outcome = state.offer(Publisher.read(mutated), Publisher.NOW);
              } catch (MalformedBytesException malformed) {
                return;
              }
              assertThat(outcome).isInstanceOf(OfferOutcome.Refused.class);
              assertThat(state.current()).isEqualTo(OperationalSettings.DEFAULT);
              assertThat(state.version()).isZero();
            });
  }

  private static byte[] mutate(byte[] bytes, RandomGenerator random) {
    byte[] mutated = bytes.clone();
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(4)) {
      case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> mutated[at] += (byte) (1 + random.nextInt(255));
      case 2 -> mutated = Arrays.copyOf(bytes, at);
      default -> {
        int other = (at + 1 + random.nextInt(bytes.length - 1)) % bytes.length;
        mutated[at] = bytes[other];
        mutated[other] = bytes[at];
        if (Arrays.equals(mutated, bytes)) {
          mutated[at] ^= 1;
        }
      }
    }
    return mutated;
  }

  @Test
  void isSignedBy_anotherSignatureOrSigner_isFalse() {
    SettingsDocument document = publisher.interval(1, 5);
    NodeSignature other = publisher.interval(2, 5).signature();

    assertThat(
            new SettingsDocument(document.draft(), document.signer(), other)
                .isSignedBy(Publisher.SIGNATURES))
        .isFalse();
    assertThat(
            new SettingsDocument(document.draft(), Publisher.of(2).id(), document.signature())
                .isSignedBy(Publisher.SIGNATURES))
        .isFalse();
  }

  @Test
  void sign_draft_isOverPurposeDraftAndSigner() {
    SettingsDocument document = publisher.interval(1, 5);
    byte[] bytes = Publisher.bytes(document);
    ByteWriter signed = ByteWriter.create();
    signed.uint8(21).bytes("chaincore/netconfig/1".getBytes(StandardCharsets.US_ASCII));
    signed.bytes(Arrays.copyOf(bytes, bytes.length - NodeSignature.BYTES));

    assertThat(Publisher.SIGNATURES.verify(publisher.id(), signed.toBytes(), document.signature()))
        .isTrue();
  }

  @Test
  void write_largestDocument_isBelowTheBound() {
    SortedMap<String, String> settings = new TreeMap<>();
    IntStream.range(0, SettingsDraft.MAX_SETTINGS)
        .forEach(
            i ->
                settings.put(
                    "n".repeat(SettingsDraft.MAX_NAME - 2) + (10 + i),
                    "v".repeat(SettingsDraft.MAX_VALUE)));
    byte[] bytes = Publisher.bytes(publisher.sign(draft(settings)));

    assertThat(bytes.length).isEqualTo(7_450).isLessThan(SettingsDocument.MAX_BYTES);
    assertThat(Publisher.read(bytes).draft().settings()).isEqualTo(settings);
    settings.put("one.more", "1");
    assertThatThrownBy(() -> draft(settings)).hasMessage("more than 64 settings: 65");
  }

  @ParameterizedTest
  @CsvSource({
    "0,0,1,versions begin at 1",
    "-1,0,1,versions begin at 1",
    "1,-1,1,no time of validity: -1 to 1",
    "1,5,5,no time of validity: 5 to 5",
    "1,5,-9223372036854775808,no time of validity",
    "1,0,31622401,valid for more than 31622400 seconds: 31622401"
  })
  void new_badVersionOrTimes_isRefused(long version, long from, long to, String message) {
    assertThatThrownBy(
            () -> new SettingsDraft(Publisher.NETWORK, version, from, to, new TreeMap<>()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void new_validAsLongAsPossible_isTaken() {
    assertThat(new SettingsDraft(Hash256.ZERO, Long.MAX_VALUE, 0, 31_622_400, new TreeMap<>()))
        .isNotNull();
  }

  @ParameterizedTest
  @CsvSource({"'',1", "Peers.max,1", "peers max,1", "'a','','", "a,two words", "a,é", "ä,1"})
  void new_badNameOrValue_isRefused(String name, String value) {
    assertThatThrownBy(() -> draft(new TreeMap<>(Map.of(name, value))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void new_nameOrValueTooLong_isRefused() {
    assertThatThrownBy(() -> draft(new TreeMap<>(Map.of("n".repeat(65), "1"))))
        .hasMessageStartingWith("a name is 1 to 64");
    assertThatThrownBy(() -> draft(new TreeMap<>(Map.of("n", "1".repeat(49)))))
        .hasMessageStartingWith("a value is 1 to 48");
  }

  @Test
  void new_mapInAnotherOrder_isWrittenAscending() {
    SortedMap<String, String> descending = new TreeMap<>(Comparator.reverseOrder());
    descending.putAll(Map.of("a", "1", "b", "2"));
    SettingsDocument document = publisher.sign(draft(descending));

    assertThat(Publisher.read(Publisher.bytes(document))).isEqualTo(document);
    assertThat(document.draft().settings().firstKey()).isEqualTo("a");
  }

  @Test
  void read_anotherFormat_isMalformed() {
    byte[] bytes = Publisher.bytes(publisher.interval(1, 5));
    bytes[0] = 2;

    assertMalformed(() -> Publisher.read(bytes), "2 is not known");
  }

  @Test
  void read_namesThatDoNotAscend_isMalformed() {
    byte[] bytes = Publisher.bytes(publisher.publish(1, Map.of("a", "1", "b", "2")));
    byte[] swapped = bytes.clone();
    swapped[COUNT_AT + 2] = 'b';
    swapped[COUNT_AT + 6] = 'a';
    byte[] twice = bytes.clone();
    twice[COUNT_AT + 6] = 'a';

    assertMalformed(() -> Publisher.read(swapped), "does not ascend");
    assertMalformed(() -> Publisher.read(twice), "does not ascend");
  }

  @Test
  void read_valuesOutsideTheForm_isMalformed() {
    byte[] version = Publisher.bytes(publisher.interval(1, 5));
    version[33] = 0;
    assertMalformed(() -> Publisher.read(version), "versions begin at 1");

    byte[] name = Publisher.bytes(publisher.publish(1, Map.of("a", "1")));
    name[COUNT_AT + 2] = 'A';
    assertMalformed(() -> Publisher.read(name), "a name is 1 to 64");
  }

  @Test
  void read_lengthsBeyondTheBounds_isMalformed() {
    byte[] count = Arrays.copyOf(Publisher.bytes(publisher.interval(1, 5)), 1_000);
    count[COUNT_AT] = 65;
    assertMalformed(() -> Publisher.read(count), "65 declared, at most 64");

    byte[] name = Arrays.copyOf(Publisher.bytes(publisher.interval(1, 5)), 1_000);
    name[COUNT_AT + 1] = 65;
    assertMalformed(() -> Publisher.read(name), "has 65 bytes, at most 64");
  }

  @Test
  void of_moreThanSixteenSigners_isRefused() {
    Publisher[] many = IntStream.range(0, 17).mapToObj(Publisher::of).toArray(Publisher[]::new);

    assertThatThrownBy(() -> Publisher.trusting(many))
        .hasMessage("at most 16 trusted signers, not 17");
    TrustedSigners twice = Publisher.trusting(many[0], many[1], many[0]);
    assertThat(twice)
        .isEqualTo(Publisher.trusting(many[1], many[0]))
        .hasSameHashCodeAs(Publisher.trusting(many[1], many[0]))
        .hasToString(Publisher.trusting(many[1], many[0]).toString())
        .isNotEqualTo(TrustedSigners.NONE)
        .isNotEqualTo("nobody");
    assertThat(twice.all()).hasSize(2);
  }
}
