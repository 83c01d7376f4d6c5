package org.chaincore.core.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import org.chaincore.core.value.Bytes;
import org.junit.jupiter.api.Test;

class NativeSignaturesTest {
  private static final String LIBRARY = "fr.acinq.secp256k1.Secp256k1";

  @Test
  void best_libraryOnTheClassPath_isTheLibrary() {
    assertThat(SignatureVerifier.best()).isInstanceOf(NativeSignatures.class);
    assertThat(Signer.best()).isInstanceOf(NativeSignatures.class);
    assertThat(SignatureVerifier.bouncyCastle()).isInstanceOf(BouncyCastleSignatures.class);
    assertThat(Signer.bouncyCastle()).isInstanceOf(BouncyCastleSignatures.class);
  }

  @Test
  void knownAnswer_ofKeyOne_isThatOfBouncyCastle() {
    NativeSignatures.KnownAnswer known = NativeSignatures.KnownAnswer.OF_KEY_ONE;
    Signer pure = Signer.bouncyCastle();
    Bytes message = Bytes.of(known.digest().toWire());
    Bytes zeros = Bytes.of(new byte[Signer.AUX_RANDOMNESS_BYTES]);
    assertThat(known.key().publicKey()).isEqualTo(known.publicKey());
    assertThat(pure.signEcdsa(known.key(), known.digest())).isEqualTo(known.ecdsa());
    assertThat(pure.signSchnorr(known.key(), message, zeros)).isEqualTo(known.schnorr());
  }

  @Test
  void load_libraryMissing_isEmpty() {
    assertThat(NativeSignatures.load(ClassLoader.getPlatformClassLoader())).isEmpty();
  }

  @Test
  void load_nativePartMissing_isEmpty() throws Exception {
    // The jar with the interface, but not the one that loads the native library.
    URL api = Class.forName(LIBRARY).getProtectionDomain().getCodeSource().getLocation();
    URL kotlin = Class.forName("kotlin.Unit").getProtectionDomain().getCodeSource().getLocation();
    ClassLoader parent = ClassLoader.getPlatformClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {api, kotlin}, parent)) {
      assertThat(Class.forName(LIBRARY, false, loader).getClassLoader()).isSameAs(loader);
      assertThat(NativeSignatures.load(loader)).isEmpty();
    }
  }

  @Test
  void load_nativeLibraryDoesNotLink_isEmpty() {
    ClassLoader loader =
        new ClassLoader(ClassLoader.getPlatformClassLoader()) {
          @Override
          protected Class<?> findClass(String name) {
            throw new UnsatisfiedLinkError(name);
          }
        };
    assertThat(NativeSignatures.load(loader)).isEmpty();
  }
}
