package org.chaincore.core.script;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.junit.jupiter.api.Test;

/**
 * Signatures that were made to break verifiers: project Wycheproof's {@code
 * ecdsa_secp256k1_sha256_bitcoin_test.json}, which {@code -Dchaincore.wycheproof=FILE} names. Every
 * implementation judges all of them, and the reader of signatures those that are not in DER, or
 * have a high s. {@code .ci/run signatures} fetches the file and runs it.
 */
class WycheproofRun {
  private static final int CASES = 463;

  @Test
  void verifyEcdsa_wycheproof_allAnswerAsExpected() throws IOException {
    String file = System.getProperty("chaincore.wycheproof", "");
    assertThat(file).as("-Dchaincore.wycheproof=FILE").isNotEmpty();
    JsonNode all = new ObjectMapper().readTree(Path.of(file).toFile());
    int ran = 0;
    for (JsonNode group : all.get("testGroups")) {
      PublicKey key =
          PublicKey.of(Bytes.parse(group.get("publicKey").get("uncompressed").asText()));
      for (JsonNode test : group.get("tests")) {
        assertJudges(key, test);
        ran++;
      }
    }
    assertThat(ran).isEqualTo(CASES).isEqualTo(all.get("numberOfTests").asInt());
    System.out.println("Wycheproof's signatures judged by three implementations: " + ran);
  }

  private static void assertJudges(PublicKey key, JsonNode test) {
    boolean expected = test.get("result").asText().equals("valid");
    Hash256 digest = Hash256.ofWire(Sha256.hash(Bytes.parse(test.get("msg").asText()).toArray()));
    EcdsaSignature signature;
    try {
      signature = EcdsaSignature.parseDer(Bytes.parse(test.get("sig").asText()));
    } catch (MalformedBytesException refused) {
      assertThat(expected).as(test.toString()).isFalse();
      return;
    }
    for (SignatureVerifier verifier :
        new SignatureVerifier[] {
          SignatureVerifier.pureJava(),
          SignatureVerifier.bouncyCastle(),
          SignatureVerifier.libsecp256k1().orElseThrow()
        }) {
      boolean accepts = signature.isLowS() && verifier.verifyEcdsa(key, signature, digest);
      assertThat(accepts).as(verifier + ": " + test).isEqualTo(expected);
    }
  }
}
