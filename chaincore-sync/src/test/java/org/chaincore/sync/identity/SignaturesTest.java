package org.chaincore.sync.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HexFormat;
import java.util.List;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.fixture.SeededRun;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;

final class SignaturesTest {
  private static final Signatures ED25519 = Signatures.ed25519();

  /** A line of RFC 8032, section 7.1. */
  private record Rfc8032(String seed, String publicKey, String message, String signature) {}

  private static final List<Rfc8032> RFC_8032 =
      List.of(
          new Rfc8032(
              "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
              "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
              "",
              "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
                  + "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
          new Rfc8032(
              "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
              "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
              "72",
              "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                  + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
          new Rfc8032(
              "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
              "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
              "af82",
              "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                  + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"));

  private static NodeKey key(int number) {
    byte[] seed = new byte[NodeKey.SEED_BYTES];
    seed[0] = (byte) number;
    return NodeKey.ofSeed(seed);
  }

  @Test
  void sign_vectorsOfRfc8032_giveTheirKeysAndSignatures() {
    assertThat(RFC_8032)
        .allSatisfy(
            vector -> {
              NodeKey key = NodeKey.ofSeed(HexFormat.of().parseHex(vector.seed));
              Bytes message = Bytes.parse(vector.message);
              NodeSignature signature = ED25519.sign(key, message);

              assertThat(key.id()).hasToString(vector.publicKey);
              assertThat(signature).hasToString(vector.signature);
              assertThat(ED25519.verify(key.id(), message, signature)).isTrue();
            });
  }

  @Test
  void verify_anyBitChanged_isFalse() {
    for (Signatures signatures : List.of(ED25519, Signatures.forSimulation())) {
      SeededRun.of(20, 100)
          .check(
              (random, size) -> {
                byte[] text = new byte[size];
                random.nextBytes(text);
                Bytes message = Bytes.of(text);
                NodeSignature signature = signatures.sign(key(1), message);
                NodeSignature bent =
                    new NodeSignature(flipped(signature.bytes(), random.nextInt(512)));
                Bytes bentMessage = flipped(message, random.nextInt(8 * size));

                assertThat(signatures.verify(key(1).id(), message, signature)).isTrue();
                assertThat(signatures.verify(key(1).id(), message, bent)).isFalse();
                assertThat(signatures.verify(key(1).id(), bentMessage, signature)).isFalse();
                assertThat(signatures.verify(key(2).id(), message, signature)).isFalse();
              });
    }
  }

  @Test
  void verify_idsAndSignaturesOfRandomBytes_isFalse() {
    SeededRun.of(100, 100)
        .check(
            (random, size) -> {
              byte[] id = new byte[NodeId.BYTES];
              byte[] signature = new byte[NodeSignature.BYTES];
              random.nextBytes(id);
              random.nextBytes(signature);

              assertThat(
                      ED25519.verify(
                          NodeId.of(Bytes.of(id)),
                          Bytes.EMPTY,
                          new NodeSignature(Bytes.of(signature))))
                  .isFalse();
            });
  }

  @Test
  void sign_destroyedKey_throws() {
    for (Signatures signatures : List.of(ED25519, Signatures.forSimulation())) {
      NodeKey key = key(3);
      assertThat(key.isDestroyed()).isFalse();
      key.destroy();

      assertThat(key.isDestroyed()).isTrue();
      assertThatIllegalStateException().isThrownBy(() -> signatures.sign(key, Bytes.EMPTY));
    }
  }

  @Test
  void destroy_beforeTheIdWasAskedFor_keepsTheId() {
    NodeKey key = key(3);

    key.destroy();

    assertThat(key.id()).isEqualTo(key(3).id());
  }

  @Test
  void ofSeed_otherThan32Bytes_isRefusedWithoutShowingThem() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NodeKey.ofSeed(new byte[] {0x5a, 0x5b}))
        .withMessage("a seed has 32 bytes, got 2");
  }

  @Test
  void toString_ofAKey_showsThePublicPartOnly() {
    assertThat(key(4)).hasToString("key of node " + key(4).id());
    assertThat(key(4).toSeedBytes()).startsWith(4, 0, 0);
  }

  @Test
  void read_ofASignature_takes64Bytes() {
    NodeSignature signature = ED25519.sign(key(5), Bytes.EMPTY);
    ByteWriter out = ByteWriter.create();
    signature.write(out);

    assertThat(NodeSignature.read(ByteReader.of(out.toArray()))).isEqualTo(signature);
    assertThatExceptionOfType(MalformedBytesException.class)
        .isThrownBy(() -> NodeSignature.read(ByteReader.of(new byte[63])));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NodeSignature(Bytes.EMPTY))
        .withMessageContaining("got 0");
  }

  private static Bytes flipped(Bytes bytes, int bit) {
    byte[] changed = bytes.toArray();
    changed[bit / 8] ^= (byte) (1 << (bit % 8));
    return Bytes.of(changed);
  }
}
