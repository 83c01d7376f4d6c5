package org.chaincore.net.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.chaincore.sync.identity.NodeId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admits certificates of the keys of nodes that the host allows, and looks at nothing else in them:
 * that the other end holds the key is proved by the handshake itself. Thread-safe.
 */
final class PinnedNodes extends X509ExtendedTrustManager {
  private static final Logger LOG = LoggerFactory.getLogger(PinnedNodes.class);

  private final Predicate<NodeId> allowed;

  PinnedNodes(Predicate<NodeId> allowed) {
    this.allowed = allowed;
  }

  boolean isAllowed(NodeId id) {
    try {
      return allowed.test(id);
    } catch (RuntimeException broken) {
      LOG.error("the host's list of nodes threw", broken);
      return false;
    }
  }

  private void judge(X509Certificate[] chain) throws CertificateException {
    // A node's certificate stands alone; a chain would only be work that a stranger gives us.
    if (chain.length != 1 || !NodeCertificate.idOf(chain[0]).filter(this::isAllowed).isPresent()) {
      throw new CertificateException("no certificate of a node on the list");
    }
  }

  @Override
  public void checkClientTrusted(
      X509Certificate[] chain, String keyType, @Nullable SSLEngine engine)
      throws CertificateException {
    judge(chain);
  }

  @Override
  public void checkServerTrusted(
      X509Certificate[] chain, String keyType, @Nullable SSLEngine engine)
      throws CertificateException {
    judge(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keyType, @Nullable Socket socket)
      throws CertificateException {
    judge(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keyType, @Nullable Socket socket)
      throws CertificateException {
    judge(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String keyType)
      throws CertificateException {
    judge(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String keyType)
      throws CertificateException {
    judge(chain);
  }

  /** No issuer is asked for: nodes sign their own. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
