package org.chaincore.sync.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.chaincore.core.fixture.Vectors;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;

/** Sketches that the C++ library made, of 32 bits by the product and of all sizes by the model. */
final class SketchVectorsTest {
  private final Vectors vectors = Vectors.in("minisketch");

  private Map<Integer, BinaryField> fields() {
    Map<Integer, BinaryField> fields = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : vectors.json("field_moduli.json").properties()) {
      if (entry.getKey().startsWith("_")) {
        continue;
      }
      long modulus = 0;
      for (JsonNode exponent : entry.getValue()) {
        modulus |= 1L << exponent.asInt();
      }
      int bits = Integer.parseInt(entry.getKey());
      fields.put(bits, new BinaryField(bits, modulus));
    }
    return fields;
  }

  private BinaryField field(JsonNode vector) {
    return Objects.requireNonNull(fields().get(vector.get("bits").asInt()));
  }

  @Test
  void fieldModuli_each_isIrreducible() {
    Map<Integer, BinaryField> fields = fields();
    fields.values().forEach(field -> assertThat(isIrreducible(field)).as("%s", field).isTrue());
    assertThat(isIrreducible(new BinaryField(32, 0b101))).isFalse();
    vectors.ran("field_moduli.json", fields.size());
  }

  @Test
  void fieldModuli_of32Bits_isOurs() {
    assertThat(fields().get(32)).isEqualTo(new BinaryField(32, Field32.MODULUS));
  }

  @Test
  void readmeExample_byTheModel_isTheSame() {
    JsonNode example = vectors.json("readme_example.json");
    ModelSketch model = new ModelSketch(field(example), example.get("capacity").asInt());
    long[] alice = model.sums(decimals(example.get("alice")));
    long[] bob = model.sums(decimals(example.get("bob")));

    assertThat(hex(model.pack(alice))).isEqualTo(example.get("alice_sketch").asText());
    assertThat(hex(model.pack(bob))).isEqualTo(example.get("bob_sketch").asText());
    assertThat(model.decode(merged(alice, bob), new SplittableRandom(1)))
        .contains(decimals(example.get("difference")));
    vectors.ran("readme_example.json", 1);
  }

  @Test
  void referenceCases_byTheModel_areTheSame() {
    JsonNode cases = vectors.json("reference_cases.json");
    for (JsonNode each : cases) {
      ModelSketch model = new ModelSketch(field(each), each.get("capacity").asInt());
      long[] a = model.sums(hexNumbers(each.get("set_a")));
      long[] b = model.sums(hexNumbers(each.get("set_b")));
      long[] merged = merged(a, b);

      assertThat(hex(model.pack(a))).isEqualTo(each.get("sketch_a").asText());
      assertThat(hex(model.pack(b))).isEqualTo(each.get("sketch_b").asText());
      assertThat(hex(model.pack(merged))).isEqualTo(each.get("sketch_merged").asText());
      assertThat(model.decode(merged, new SplittableRandom(1)).orElse(List.of(-1L)))
          .isEqualTo(each.get("decode").isNull() ? List.of(-1L) : hexNumbers(each.get("decode")));
    }
    vectors.ran("reference_cases.json (model, all field sizes)", cases.size());
  }

  @Test
  void referenceCases_of32Bits_areTheSame() {
    int ran = 0;
    int otherSizes = 0;
    for (JsonNode each : vectors.json("reference_cases.json")) {
      if (each.get("bits").asInt() != 32) {
        otherSizes++;
        continue;
      }
      ran++;
      int capacity = each.get("capacity").asInt();
      Sketch a = Sketch.ofCapacity(capacity);
      hexNumbers(each.get("set_a")).forEach(id -> a.toggle((int) (long) id));
      Sketch b = Sketch.ofCapacity(capacity);
      b.toggleAll(hexNumbers(each.get("set_b")).stream().mapToInt(Long::intValue).toArray());
      assertThat(a.toBytes().toHex()).isEqualTo(each.get("sketch_a").asText());
      assertThat(b.toBytes().toHex()).isEqualTo(each.get("sketch_b").asText());
      a.merge(b);
      assertThat(a.toBytes().toHex()).isEqualTo(each.get("sketch_merged").asText());
      assertThat(Sketch.read(Bytes.parse(each.get("sketch_merged").asText())).decode(capacity, 7))
          .map(SketchVectorsTest::unsigned)
          .isEqualTo(
              each.get("decode").isNull()
                  ? Optional.empty()
                  : Optional.of(hexNumbers(each.get("decode"))));
    }
    vectors.ran("reference_cases.json", ran, otherSizes, "other field sizes, which the model runs");
  }

  private static List<Long> unsigned(int[] ids) {
    List<Long> numbers = new ArrayList<>();
    for (int id : ids) {
      numbers.add(Integer.toUnsignedLong(id));
    }
    return numbers;
  }

  private static long[] merged(long[] a, long[] b) {
    long[] merged = new long[a.length];
    for (int i = 0; i < a.length; i++) {
      merged[i] = a[i] ^ b[i];
    }
    return merged;
  }

  private static List<Long> decimals(JsonNode list) {
    List<Long> numbers = new ArrayList<>();
    list.forEach(item -> numbers.add(item.asLong()));
    return numbers;
  }

  private static List<Long> hexNumbers(JsonNode list) {
    List<Long> numbers = new ArrayList<>();
    list.forEach(item -> numbers.add(Long.parseUnsignedLong(item.asText(), 16)));
    return numbers;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** Rabin's test, on polynomials over GF(2) that are the bits of a number. */
  private static boolean isIrreducible(BinaryField field) {
    int bits = field.bits();
    BigInteger modulus = new BigInteger(Long.toUnsignedString(field.modulus())).setBit(bits);
    BigInteger x = BigInteger.TWO;
    BigInteger power = x;
    for (int i = 1; i <= bits; i++) {
      power = remainder(square(power), modulus);
      boolean isForPrime = i < bits && bits % i == 0 && isPrime(bits / i);
      if (isForPrime && !commonDivisor(modulus, power.xor(x)).equals(BigInteger.ONE)) {
        return false;
      }
    }
    return power.equals(remainder(x, modulus));
  }

  private static boolean isPrime(int number) {
    return BigInteger.valueOf(number).isProbablePrime(20);
  }

  private static BigInteger square(BigInteger a) {
    BigInteger square = BigInteger.ZERO;
    for (int i = 0; i < a.bitLength(); i++) {
      square = a.testBit(i) ? square.setBit(2 * i) : square;
    }
    return square;
  }

  private static BigInteger remainder(BigInteger a, BigInteger modulus) {
    BigInteger rest = a;
    while (rest.bitLength() >= modulus.bitLength()) {
      rest = rest.xor(modulus.shiftLeft(rest.bitLength() - modulus.bitLength()));
    }
    return rest;
  }

  private static BigInteger commonDivisor(BigInteger a, BigInteger b) {
    return b.signum() == 0 ? a : commonDivisor(b, remainder(a, b));
  }
}
