package org.chaincore.net.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.chaincore.sync.identity.NodeKey;

/** Keys and certificates for tests: an authority, and those that it vouches for. */
public final class Certificates {
  /** What the stores of these tests are closed with. */
  public static final char[] PASSWORD = "secret".toCharArray();

  private final KeyPair authorityKeys = newKeys();
  private final X509Certificate authority;

  private Certificates() throws Exception {
    authority =
        certificate("CN=authority", authorityKeys, "CN=authority", authorityKeys, aDay(), true);
  }

  /** An authority of its own. */
  public static Certificates newAuthority() {
    try {
      return new Certificates();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** From an hour ago until tomorrow. */
  public static Instant[] aDay() {
    Instant now = Instant.now();
    return new Instant[] {now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(1))};
  }

  /** A node key, the same for the same number. */
  public static NodeKey nodeKey(int number) {
    byte[] seed = new byte[NodeKey.SEED_BYTES];
    Arrays.fill(seed, (byte) number);
    return NodeKey.ofSeed(seed);
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static X509Certificate certificate(
      String subject,
      KeyPair keys,
      String issuer,
      KeyPair issuerKeys,
      Instant[] validity,
      boolean isAuthority)
      throws Exception {
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Name(issuer),
            BigInteger.valueOf(subject.hashCode() & 0xffff),
            Date.from(validity[0]),
            Date.from(validity[1]),
            new X500Name(subject),
            keys.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
  }

  /** A store with a fresh key that this authority vouches for, in this time. */
  public KeyStore member(Instant... validity) {
    try {
      KeyPair keys = newKeys();
      X509Certificate own =
          certificate("CN=member", keys, "CN=authority", authorityKeys, validity, false);
      KeyStore store = empty();
      store.setKeyEntry("own", keys.getPrivate(), PASSWORD, new Certificate[] {own, authority});
      return store;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A store that trusts this authority. */
  public KeyStore trust() {
    try {
      KeyStore store = empty();
      store.setCertificateEntry("authority", authority);
      return store;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A store with nothing in it. */
  public static KeyStore empty() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      return store;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A member of this authority, who trusts it too. */
  public MutualTls tls() {
    return MutualTls.ofKeyStores(member(aDay()), PASSWORD, trust());
  }
}
