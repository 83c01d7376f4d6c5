package org.chaincore.net.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.identity.NodeKey;

/**
 * A certificate that says nothing but which key a node has: X.509 version 3 around an Ed25519 key
 * (RFC 8410), signed by that key. The same key makes the same certificate each time; no clock and
 * no chance goes into it.
 *
 * @param certificate what is shown
 * @param privateKey what proves it
 */
record NodeCertificate(X509Certificate certificate, PrivateKey privateKey) {
  private static final String ALGORITHM = "Ed25519";

  /** What stands before the 32 bytes of the key (RFC 8410, section 4). */
  private static final byte[] KEY_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final Date VALID_FROM = Date.from(Instant.EPOCH);

  /** 31 December 9999: "no well-defined expiration date" (RFC 5280, section 4.1.2.5). */
  private static final Date VALID_TO = Date.from(Instant.ofEpochSecond(253_402_300_799L));

  static NodeCertificate make(NodeKey key) throws GeneralSecurityException {
    PrivateKey privateKey = privateKey(key);
    PublicKey publicKey = publicKey(key.id());
    X500Name name = new X500Name("CN=" + key.id());
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(
            name,
            BigInteger.ONE,
            VALID_FROM,
            VALID_TO,
            name,
            SubjectPublicKeyInfo.getInstance(publicKey.getEncoded()));
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      return new NodeCertificate(
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(new JcaContentSignerBuilder(ALGORITHM).build(privateKey))),
          privateKey);
    } catch (CertIOException | OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static PrivateKey privateKey(NodeKey key) throws GeneralSecurityException {
    byte[] seed = key.toSeedBytes();
    try {
      return KeyFactory.getInstance(ALGORITHM)
          .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
    } finally {
      Arrays.fill(seed, (byte) 0);
    }
  }

  private static PublicKey publicKey(NodeId id) throws GeneralSecurityException {
    byte[] encoded = Arrays.copyOf(KEY_PREFIX, KEY_PREFIX.length + NodeId.BYTES);
    System.arraycopy(id.toBytes().toArray(), 0, encoded, KEY_PREFIX.length, NodeId.BYTES);
    return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
  }

  /** The node whose key a certificate holds; empty if that is no Ed25519 key. */
  static Optional<NodeId> idOf(X509Certificate shown) {
    byte[] encoded = shown.getPublicKey().getEncoded();
    boolean isOfNode =
        encoded != null
            && encoded.length == KEY_PREFIX.length + NodeId.BYTES
            && Arrays.equals(KEY_PREFIX, Arrays.copyOf(encoded, KEY_PREFIX.length));
    return isOfNode
        ? Optional.of(
            NodeId.of(Bytes.of(Arrays.copyOfRange(encoded, KEY_PREFIX.length, encoded.length))))
        : Optional.empty();
  }
}
