package org.chaincore.net.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Optional;
import java.util.function.Predicate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.identity.NodeKey;
import org.jspecify.annotations.Nullable;

/**
 * TLS in which both ends show a certificate, so that a stranger is cut before a byte of the
 * protocol is looked at. TLS 1.3 and nothing older (RFC 8446).
 *
 * <p><b>Pinned node keys.</b> {@link #ofNode} needs no authority: a node makes itself a certificate
 * from its Ed25519 key, and admits the nodes whose ids a host names. The key is what counts. The
 * certificate's own signature and its dates are not looked at: whoever holds the key could make
 * another one at any time, so a date would protect nobody, and a network would fall apart with its
 * clocks. A node that is to be shut out is taken from the list.
 *
 * <p><b>Keystores.</b> {@link #ofKeyStores} leaves the judgement to the JDK: a chain of
 * certificates from one that is trusted, valid by the machine's clock (RFC 5280), so that what has
 * expired or is not valid yet is refused. Names in it are not compared with addresses: all that
 * hold a trusted certificate are members.
 *
 * <p>In TLS 1.3 the end that connects is done before the other has judged its certificate. A
 * stranger that connects may so believe for a moment that it got in, until its connection ends.
 *
 * <p>Sessions are never resumed, as that would let in again who was shut out meanwhile.
 *
 * <p>Immutable and thread-safe.
 */
public final class MutualTls {
  private static final String PROTOCOL = "TLSv1.3";

  /** Those that RFC 8446 section 9.1 asks for. */
  private static final String[] CIPHER_SUITES = {
    "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"
  };

  /** More than the week that a session ticket may live (RFC 8446, 4.6.1): so none is ever sent. */
  private static final int NO_TICKETS_SECONDS = 604_801;

  private final SSLContext context;
  private final @Nullable PinnedNodes pinned;

  private MutualTls(SSLContext context, @Nullable PinnedNodes pinned) {
    this.context = context;
    this.pinned = pinned;
  }

  /**
   * Certificates from a host's own authority.
   *
   * @param own holds the private key of this node and its certificates
   * @param password of the key; the caller may clear it afterwards
   * @param trusted holds the certificates of those whose word is taken
   * @throws IllegalArgumentException if one of the stores lacks what it is for, or cannot be read
   */
  public static MutualTls ofKeyStores(KeyStore own, char[] password, KeyStore trusted) {
    try {
      if (!hasKey(own, password)) {
        throw new IllegalArgumentException("the keystore holds no private key with a certificate");
      }
      if (!hasCertificate(trusted)) {
        throw new IllegalArgumentException("the truststore holds no certificate");
      }
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(own, password);
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      return new MutualTls(context(keys.getKeyManagers(), trust.getTrustManagers()), null);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the keystores cannot be used", e);
    }
  }

  /**
   * A certificate made from the node's own key, and a list of nodes.
   *
   * @param key the node's identity; copied into the JDK's own form, so that destroying it later
   *     does not reach this
   * @param allowed whether a node may connect, or be connected to; asked at each handshake, from
   *     any thread, so that a host may change its list while it runs. Returns at once; if it
   *     throws, the node is not allowed
   */
  public static MutualTls ofNode(NodeKey key, Predicate<NodeId> allowed) {
    PinnedNodes pinned = new PinnedNodes(allowed);
    try {
      KeyManager own = new OwnCertificate(NodeCertificate.make(key));
      return new MutualTls(context(new KeyManager[] {own}, new TrustManager[] {pinned}), pinned);
    } catch (GeneralSecurityException e) {
      // Ed25519, X.509 and TLS are parts that every JDK from 17 on has.
      throw new IllegalStateException("this JVM cannot make an Ed25519 certificate", e);
    }
  }

  private static SSLContext context(KeyManager[] own, TrustManager[] trust)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance(PROTOCOL);
    context.init(own, trust, null);
    context.getServerSessionContext().setSessionTimeout(NO_TICKETS_SECONDS);
    return context;
  }

  /** Reads the key, too, as a wrong password would otherwise only show at the first handshake. */
  private static boolean hasKey(KeyStore store, char[] password) throws GeneralSecurityException {
    for (String alias : Collections.list(store.aliases())) {
      if (store.getCertificate(alias) instanceof X509Certificate
          && store.getKey(alias, password) != null) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasCertificate(KeyStore store) throws KeyStoreException {
    for (String alias : Collections.list(store.aliases())) {
      if (store.isCertificateEntry(alias)) {
        return true;
      }
    }
    return false;
  }

  /**
   * What the JDK makes connections of, for a host's own server or transport. Whoever uses it sees
   * to client certificates and {@link #admit} itself; {@link #newEngine} does the former.
   */
  public SSLContext context() {
    return context;
  }

  /**
   * One end of a connection, which demands a certificate of the other.
   *
   * @param isClient whether this end has connected
   */
  public SSLEngine newEngine(boolean isClient) {
    SSLEngine engine = context.createSSLEngine();
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(new String[] {PROTOCOL});
    parameters.setCipherSuites(CIPHER_SUITES.clone());
    parameters.setNeedClientAuth(true);
    engine.setSSLParameters(parameters);
    engine.setUseClientMode(isClient);
    return engine;
  }

  /**
   * Judges the other end once more when the handshake is done. The list may have changed since, and
   * only a certificate that was seen in this handshake or one before it counts.
   *
   * @return the node whose key the other end has proved to hold; empty if its certificate is not of
   *     a node's key, which only keystores allow
   * @throws SSLPeerUnverifiedException if it may not come in
   */
  public Optional<NodeId> admit(SSLSession session) throws SSLPeerUnverifiedException {
    Optional<NodeId> node =
        session.getPeerCertificates()[0] instanceof X509Certificate shown
            ? NodeCertificate.idOf(shown)
            : Optional.empty();
    if (pinned != null && !node.filter(pinned::isAllowed).isPresent()) {
      throw new SSLPeerUnverifiedException("the node is not on the list");
    }
    return node;
  }
}
