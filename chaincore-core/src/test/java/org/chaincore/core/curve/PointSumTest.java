package org.chaincore.core.curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Bytes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Against BouncyCastle's points. */
class PointSumTest {
  private static final ECPoint G = CustomNamedCurves.getByName("secp256k1").getG();
  private static final BigInteger N = Scalars.ORDER;

  private static CurvePoint point(ECPoint point) {
    CurvePoint decoded = CurvePoint.decode(Bytes.of(point.getEncoded(true)));
    if (decoded == null) {
      throw new AssertionError("not decoded: " + point);
    }
    return decoded;
  }

  private static void assertSum(BigInteger g, BigInteger k, ECPoint of) {
    ECPoint expected = G.multiply(g).add(of.multiply(k)).normalize();
    PointSum sum = PointSum.of(g, k, point(of));
    assertThat(sum.isInfinity()).isEqualTo(expected.isInfinity());
    if (expected.isInfinity()) {
      assertThat(sum.hasX(BigInteger.ZERO)).isFalse();
      assertThatThrownBy(sum::hasOddY).isInstanceOf(IllegalStateException.class);
      return;
    }
    BigInteger x = expected.getAffineXCoord().toBigInteger();
    CurvePoint whole = sum.toPoint();
    assertThat(whole.x().toNumber()).isEqualTo(x);
    assertThat(whole.y().toNumber()).isEqualTo(expected.getAffineYCoord().toBigInteger());
    assertThat(sum.hasX(x)).isTrue();
    assertThat(sum.hasX(x.flipBit(0))).isFalse();
    assertThat(sum.hasX(x.add(FieldElement.PRIME))).isFalse();
    assertThat(sum.hasX(x.negate())).isFalse();
    assertThat(sum.hasOddY()).isEqualTo(expected.getAffineYCoord().testBitZero());
  }

  /** Zero, all that is near the ends of windows and halves, and what makes points meet. */
  private static List<BigInteger> edges() {
    List<BigInteger> edges = new ArrayList<>();
    BigInteger lambda = SplitScalar.LAMBDA;
    for (BigInteger at :
        List.of(
            BigInteger.ZERO,
            lambda,
            lambda.negate().mod(N),
            lambda.multiply(lambda).mod(N),
            BigInteger.ONE.shiftLeft(128),
            BigInteger.ONE.shiftLeft(255))) {
      for (long beside = -2; beside <= 2; beside++) {
        edges.add(at.add(BigInteger.valueOf(beside)).mod(N));
      }
    }
    return edges;
  }

  @Test
  void of_edgesTimesEdges_isTheSum() {
    List<ECPoint> points =
        List.of(G, G.negate(), G.multiply(SplitScalar.LAMBDA), G.multiply(BigInteger.TWO));
    for (BigInteger g : edges()) {
      for (BigInteger k : edges()) {
        assertSum(g, k, points.get((g.intValue() + k.intValue() & 0x7fff_ffff) % points.size()));
      }
    }
  }

  @Test
  void of_randomScalars_isTheSum() {
    SeededRun.of(600, 256)
        .check(
            (random, size) -> {
              ECPoint of = G.multiply(ScalarsTest.random(random, size).add(BigInteger.ONE).mod(N));
              BigInteger g = ScalarsTest.random(random, 256).mod(N);
              BigInteger k = ScalarsTest.random(random, size).mod(N);
              if (!of.isInfinity()) {
                assertSum(g, k, of);
              }
            });
  }

  /** Whatever g, there is one k for which nothing is left. */
  @Test
  void of_whatCancels_isInfinity() {
    SeededRun.of(200, 256)
        .check(
            (random, size) -> {
              BigInteger secret = ScalarsTest.random(random, size).add(BigInteger.ONE).mod(N);
              BigInteger g = ScalarsTest.random(random, 256).mod(N);
              if (secret.signum() > 0) {
                BigInteger k = g.negate().multiply(secret.modInverse(N)).mod(N);
                assertSum(g, k, G.multiply(secret));
              }
            });
  }

  @Test
  void of_whatIsNoScalar_isRefused() {
    CurvePoint point = point(G);
    for (BigInteger none : List.of(BigInteger.ONE.negate(), N)) {
      assertThatThrownBy(() -> PointSum.of(none, BigInteger.ONE, point))
          .hasMessageContaining("not a scalar");
      assertThatThrownBy(() -> PointSum.of(BigInteger.ONE, none, point))
          .hasMessageContaining("not a scalar");
    }
  }

  @Test
  void oddMultiples_onTheCurve_areThoseOfThePoint() {
    ECPoint of = G.multiply(BigInteger.valueOf(77));
    OddMultiples multiples = OddMultiples.of(point(of), 40).onTheCurve();
    OddMultiples timesLambda = multiples.timesLambda();
    FieldElement x = new FieldElement();
    FieldElement y = new FieldElement();
    for (int multiple = -79; multiple < 80; multiple += 2) {
      ECPoint expected = of.multiply(BigInteger.valueOf(multiple)).normalize();
      multiples.read(multiple, x, y);
      assertThat(x.toNumber()).isEqualTo(expected.getAffineXCoord().toBigInteger());
      assertThat(y.toNumber()).isEqualTo(expected.getAffineYCoord().toBigInteger());
      expected = expected.multiply(SplitScalar.LAMBDA).normalize();
      timesLambda.read(multiple, x, y);
      assertThat(x.toNumber()).isEqualTo(expected.getAffineXCoord().toBigInteger());
      assertThat(y.toNumber()).isEqualTo(expected.getAffineYCoord().toBigInteger());
    }
  }

  /** 32 bytes in hex of the field's prime and a little. */
  private static String prime(int more) {
    return FieldElement.PRIME.add(BigInteger.valueOf(more)).toString(16);
  }

  /** Each has a form with a coordinate below the prime that is a point. */
  @Test
  void decode_coordinatesOfThePrimeOrMore_areRefused() {
    String one = "00".repeat(31) + "01";
    String yOfOne = "4218f20ae6c646b363db68605822fb14264ca8d2587fdd6fbc750d587e76a7ee";
    String xOfSix = "c8b492e17665b9e65e4a124661e1103f1aebfcc849dcd94f7688dcf149f6f4f2";
    String six = "00".repeat(31) + "06";
    assertThat(decode("02" + one)).isNotNull();
    assertThat(decode("02" + prime(1))).isNull();
    assertThat(decode("04" + one + yOfOne)).isNotNull();
    assertThat(decode("04" + prime(1) + yOfOne)).isNull();
    assertThat(decode("04" + xOfSix + six)).isNotNull();
    assertThat(decode("04" + xOfSix + prime(6))).isNull();
    assertThat(CurvePoint.ofX(Bytes.parse(one))).isNotNull();
    assertThat(CurvePoint.ofX(Bytes.parse(prime(1)))).isNull();
  }

  private static @Nullable CurvePoint decode(String hex) {
    return CurvePoint.decode(Bytes.parse(hex));
  }

  @Test
  void decode_allForms_areThePoint_andNothingElseIs() {
    SeededRun.of(200, 256)
        .check(
            (random, size) -> {
              ECPoint of = G.multiply(ScalarsTest.random(random, size).add(BigInteger.ONE));
              CurvePoint compressed = point(of);
              Bytes whole = Bytes.of(of.getEncoded(false));
              assertThat(CurvePoint.decode(whole)).hasToString(compressed.toString());
              CurvePoint even = CurvePoint.ofX(whole.slice(1, 33));
              assertThat(even).isNotNull().matches(point -> !point.hasOddY());
              byte[] beside = whole.toArray();
              beside[1 + random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
              assertThat(CurvePoint.decode(Bytes.of(beside))).isNull();
            });
    String zero = "00".repeat(32);
    assertThat(decode("02" + zero)).as("7 is no square").isNull();
    assertThat(decode("")).isNull();
    assertThat(decode("00")).isNull();
    String x = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
    assertThat(decode("02" + x)).isNotNull();
    assertThat(decode("05" + x)).isNull();
    assertThat(decode("02" + x + "00")).isNull();
    assertThat(decode("06" + x + x)).isNull();
  }
}
