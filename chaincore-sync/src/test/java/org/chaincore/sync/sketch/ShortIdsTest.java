package org.chaincore.sync.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.SipKey;
import org.junit.jupiter.api.Test;

final class ShortIdsTest {
  /** Step by step as BIP330 has it, with the JDK's digest and big numbers. */
  private static long naive(long smaller, long larger, byte[] wtxid) throws Exception {
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    byte[] tag = sha.digest("Tx Relay Salting".getBytes(StandardCharsets.US_ASCII));
    ByteArrayOutputStream salted = new ByteArrayOutputStream();
    salted.write(tag);
    salted.write(tag);
    salted.write(
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(smaller)
            .putLong(larger)
            .array());
    ByteBuffer key =
        ByteBuffer.wrap(sha.digest(salted.toByteArray())).order(ByteOrder.LITTLE_ENDIAN);
    long hash = SipKey.of(key.getLong(), key.getLong()).hash(wtxid);
    return new BigInteger(Long.toUnsignedString(hash))
            .mod(BigInteger.valueOf(0xffff_ffffL))
            .longValueExact()
        + 1;
  }

  @Test
  void of_anySaltsAndTransaction_isWhatTheBipSays() {
    SeededRun.of(300, 64)
        .check(
            (random, size) -> {
              long smaller = random.nextLong() >>> 1;
              long larger = random.nextLong() | Long.MIN_VALUE;
              byte[] wtxid = new byte[Hash256.BYTES];
              random.nextBytes(wtxid);
              assertThat(
                      Integer.toUnsignedLong(
                          ShortIds.of(larger, smaller).of(Hash256.ofWire(wtxid))))
                  .isEqualTo(naive(smaller, larger, wtxid));
            });
  }

  @Test
  void of_saltsInEitherOrder_isTheSame() {
    Hash256 wtxid = Hash256.ofWords(1, 2, 3, 4);
    assertThat(ShortIds.of(-1, 5).of(wtxid)).isEqualTo(ShortIds.of(5, -1).of(wtxid));
    assertThat(ShortIds.of(-1, 5).of(wtxid)).isNotEqualTo(ShortIds.of(-1, 6).of(wtxid));
  }
}
