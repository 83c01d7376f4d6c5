package org.chaincore.core.curve;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every sum of two points there is, in groups that are small enough to try all. The sums do not
 * know the b of their curve, so they hold on any y&sup2; = x&sup3; + b over the same field; these
 * points are cofactor multiples on curves with b = 2, 9 and 4.
 */
class JacobianPointTest {
  private static final BigInteger P = FieldElement.PRIME;

  private record Affine(BigInteger x, BigInteger y) {}

  private static @Nullable Affine sum(@Nullable Affine one, @Nullable Affine other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    BigInteger slope;
    if (one.x.equals(other.x)) {
      if (one.y.add(other.y).mod(P).signum() == 0) {
        return null;
      }
      BigInteger three = BigInteger.valueOf(3);
      slope = one.x.pow(2).multiply(three).multiply(one.y.shiftLeft(1).modInverse(P));
    } else {
      slope = other.y.subtract(one.y).multiply(other.x.subtract(one.x).modInverse(P));
    }
    BigInteger x = slope.pow(2).subtract(one.x).subtract(other.x).mod(P);
    return new Affine(x, slope.multiply(one.x.subtract(x)).subtract(one.y).mod(P));
  }

  private static void assertIs(JacobianPoint point, @Nullable Affine expected) {
    assertThat(point.isInfinity()).isEqualTo(expected == null);
    if (expected != null) {
      CurvePoint affine = CurvePoint.of(point);
      assertThat(affine.x().toNumber()).isEqualTo(expected.x);
      assertThat(affine.y().toNumber()).isEqualTo(expected.y);
    }
  }

  private static FieldElement element(BigInteger number) {
    return FieldElement.of(number.mod(P));
  }

  /** The same point in other coordinates. */
  private static JacobianPoint point(@Nullable Affine affine, BigInteger z) {
    JacobianPoint point = new JacobianPoint();
    if (affine != null) {
      point.set(element(affine.x.multiply(z.pow(2))), element(affine.y.multiply(z.pow(3))));
      point.z().set(element(z));
    }
    return point;
  }

  @ParameterizedTest
  @CsvSource({
    "13, 3ad3e1ec92dc070a346a975330b12e1d929c645be56584aa88e489aa3d68746b,"
        + " ab34e4942373ed8cf787bb15bc0b9fc1f15065bc091001aa6c607f91c8520383",
    "13, dc8923b574fdcaa25a687f01d8b55ee91c19fafaeef9cd97148ff365769483a8,"
        + " 91920d4358b27381babc3f0b9935773d7feec32b60f77706f03362ada771097f",
    "199, fa7cc9a70737f2dba749dd392b4fb0693b017a7da808c2f1fb12940c9ea66c18,"
        + " 78ac123a5ed8aef38732bc911f3a286848df246c808dae72cfe525727f0501ed"
  })
  void addAndTwice_everyPairOfAGroup_areTheSumsOfTheChordAndTangent(int order, String x, String y) {
    @Nullable Affine[] group = new @Nullable Affine[order];
    Affine generator = new Affine(new BigInteger(x, 16), new BigInteger(y, 16));
    for (int i = 1; i < order; i++) {
      group[i] = sum(group[i - 1], generator);
      assertThat(group[i]).isNotNull();
    }
    assertThat(sum(group[order - 1], generator)).isNull();

    BigInteger z = P.shiftRight(1);
    for (int i = 0; i < order; i++) {
      z = z.multiply(z).add(BigInteger.valueOf(i + 2L)).mod(P);
      JacobianPoint twice = point(group[i], z);
      twice.twice();
      assertIs(twice, group[2 * i % order]);
      for (int j = 1; j < order; j++) {
        Affine other = group[j];
        if (other != null) {
          assertAdds(point(group[i], z), other, group[(i + j) % order], z);
        }
      }
    }
  }

  private static void assertAdds(
      JacobianPoint point, Affine other, @Nullable Affine expected, BigInteger scale) {
    JacobianPoint onTheCurve = new JacobianPoint();
    onTheCurve.set(point);
    onTheCurve.add(element(other.x), element(other.y));
    assertIs(onTheCurve, expected);

    // The coordinates are those of a curve where z is one that is `scale` on the other's.
    JacobianPoint elsewhere = new JacobianPoint();
    elsewhere.set(point);
    if (!point.isInfinity()) {
      elsewhere.z().multiply(point.z(), element(scale.modInverse(P)));
    }
    elsewhere.add(element(other.x), element(other.y), element(scale));
    if (!elsewhere.isInfinity()) {
      elsewhere.z().multiply(elsewhere.z(), element(scale));
    }
    assertIs(elsewhere, expected);
  }
}
