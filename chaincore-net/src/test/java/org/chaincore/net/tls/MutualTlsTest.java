package org.chaincore.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.identity.NodeKey;
import org.junit.jupiter.api.Test;

final class MutualTlsTest {
  private static final NodeKey ONE = Certificates.nodeKey(1);
  private static final NodeKey OTHER = Certificates.nodeKey(2);

  private static void shake(MutualTls client, MutualTls server) throws SSLException {
    Handshake.run(client.newEngine(true), server.newEngine(false));
  }

  @Test
  void nodes_thatAllowEachOther_knowWhoTheOtherIs() throws Exception {
    MutualTls one = MutualTls.ofNode(ONE, OTHER.id()::equals);
    MutualTls other = MutualTls.ofNode(OTHER, ONE.id()::equals);
    SSLEngine client = one.newEngine(true);
    SSLEngine server = other.newEngine(false);

    Handshake.run(client, server);

    assertThat(client.getSession().getProtocol()).isEqualTo("TLSv1.3");
    assertThat(one.admit(client.getSession())).contains(OTHER.id());
    assertThat(other.admit(server.getSession())).contains(ONE.id());
  }

  @Test
  void server_thatDoesNotKnowTheClient_refuses() {
    MutualTls server = MutualTls.ofNode(OTHER, id -> false);

    assertThatThrownBy(() -> shake(MutualTls.ofNode(ONE, id -> true), server))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void client_thatDoesNotKnowTheServer_refuses() {
    MutualTls client = MutualTls.ofNode(ONE, ONE.id()::equals);

    assertThatThrownBy(() -> shake(client, MutualTls.ofNode(OTHER, id -> true)))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void list_thatThrows_allowsNobody() {
    MutualTls server =
        MutualTls.ofNode(
            OTHER,
            id -> {
              throw new IllegalStateException("a bug of the host");
            });

    assertThatThrownBy(() -> shake(MutualTls.ofNode(ONE, id -> true), server))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void admit_afterTheNodeWasTakenFromTheList_refuses() throws Exception {
    Set<NodeId> allowed = ConcurrentHashMap.newKeySet();
    allowed.add(ONE.id());
    MutualTls tls = MutualTls.ofNode(OTHER, allowed::contains);
    SSLEngine server = tls.newEngine(false);
    Handshake.run(MutualTls.ofNode(ONE, id -> true).newEngine(true), server);

    allowed.clear();

    assertThatThrownBy(() -> tls.admit(server.getSession()))
        .isInstanceOf(SSLPeerUnverifiedException.class);
  }

  @Test
  void client_withoutACertificate_isRefused() throws Exception {
    SSLContext bare = SSLContext.getInstance("TLSv1.3");
    bare.init(null, new javax.net.ssl.TrustManager[] {new PinnedNodes(id -> true)}, null);
    SSLEngine client = bare.createSSLEngine();
    client.setUseClientMode(true);

    assertThatThrownBy(
            () -> Handshake.run(client, MutualTls.ofNode(OTHER, id -> true).newEngine(false)))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void client_ofAnOlderTls_isRefused() {
    SSLEngine client = MutualTls.ofNode(ONE, id -> true).newEngine(true);
    client.setEnabledCipherSuites(client.getSupportedCipherSuites());
    client.setEnabledProtocols(new String[] {"TLSv1.2"});

    assertThatThrownBy(
            () -> Handshake.run(client, MutualTls.ofNode(OTHER, id -> true).newEngine(false)))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void certificate_ofAnAuthority_isNoNode() {
    MutualTls stranger = Certificates.newAuthority().tls();

    assertThatThrownBy(() -> shake(stranger, MutualTls.ofNode(OTHER, id -> true)))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void certificate_ofANode_isTheSameEachTimeAndSignedByItself() throws Exception {
    NodeCertificate first = NodeCertificate.make(ONE);

    assertThat(NodeCertificate.make(ONE).certificate()).isEqualTo(first.certificate());
    assertThat(NodeCertificate.idOf(first.certificate())).contains(ONE.id());
    assertThatCode(() -> first.certificate().verify(first.certificate().getPublicKey()))
        .doesNotThrowAnyException();
    assertThat(first.certificate().getNotBefore()).isEqualTo(Instant.EPOCH);
    assertThat(first.certificate().getNotAfter()).isEqualTo(Instant.parse("9999-12-31T23:59:59Z"));
  }

  @Test
  void node_thatComesAgain_isJudgedAgain() throws Exception {
    AtomicInteger judged = new AtomicInteger();
    MutualTls server =
        MutualTls.ofNode(
            OTHER,
            id -> {
              judged.incrementAndGet();
              return true;
            });
    MutualTls client = MutualTls.ofNode(ONE, id -> true);

    for (int i = 0; i < 2; i++) {
      // With the name of the server the JDK's client takes up an old session if it can.
      SSLEngine again = client.context().createSSLEngine("node", 1);
      again.setUseClientMode(true);
      Handshake.run(again, server.newEngine(false));
    }

    assertThat(judged).hasValue(2);
  }

  @Test
  void members_ofOneAuthority_meet() throws Exception {
    Certificates authority = Certificates.newAuthority();
    MutualTls server = authority.tls();
    SSLEngine atServer = server.newEngine(false);

    Handshake.run(authority.tls().newEngine(true), atServer);

    assertThat(server.admit(atServer.getSession())).as("a node's own key").isEmpty();
  }

  @Test
  void members_ofAnotherAuthority_areRefused() {
    MutualTls here = Certificates.newAuthority().tls();
    MutualTls elsewhere = Certificates.newAuthority().tls();

    assertThatThrownBy(() -> shake(elsewhere, here)).isInstanceOf(SSLException.class);
  }

  @Test
  void member_whoseCertificateIsNotValidNow_isRefused() {
    Certificates authority = Certificates.newAuthority();
    Instant now = Instant.now();
    Duration day = Duration.ofDays(1);
    KeyStore expired = authority.member(now.minus(day.multipliedBy(2)), now.minus(day));
    KeyStore early = authority.member(now.plus(day), now.plus(day.multipliedBy(2)));

    for (KeyStore store : new KeyStore[] {expired, early}) {
      MutualTls member = MutualTls.ofKeyStores(store, Certificates.PASSWORD, authority.trust());
      assertThatThrownBy(() -> shake(member, authority.tls())).isInstanceOf(SSLException.class);
      assertThatThrownBy(() -> shake(authority.tls(), member)).isInstanceOf(SSLException.class);
    }
  }

  @Test
  void keyStores_thatLackSomething_areRefusedByName() {
    Certificates authority = Certificates.newAuthority();
    KeyStore member = authority.member(Certificates.aDay());
    char[] password = Certificates.PASSWORD;

    assertThatThrownBy(
            () -> MutualTls.ofKeyStores(Certificates.empty(), password, authority.trust()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("private key");
    assertThatThrownBy(() -> MutualTls.ofKeyStores(member, password, Certificates.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("truststore");
    assertThatThrownBy(
            () -> MutualTls.ofKeyStores(member, "wrong".toCharArray(), authority.trust()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keyStores_thatHoldWhatIsForTheOther_areRefusedByName() {
    Certificates authority = Certificates.newAuthority();
    KeyStore member = authority.member(Certificates.aDay());
    char[] password = Certificates.PASSWORD;

    assertThatThrownBy(() -> MutualTls.ofKeyStores(authority.trust(), password, authority.trust()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("private key");
    assertThatThrownBy(() -> MutualTls.ofKeyStores(member, password, member))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("truststore");
  }

  @Test
  void ownCertificate_isShownForKeysOfItsKindAndByItsNameOnly() throws Exception {
    NodeCertificate made = NodeCertificate.make(Certificates.nodeKey(1));
    OwnCertificate own = new OwnCertificate(made);

    String alias =
        Objects.requireNonNull(own.chooseClientAlias(new String[] {"RSA", "EdDSA"}, null, null));
    assertThat(own.chooseServerAlias("EdDSA", null, null)).isEqualTo(alias);
    assertThat(own.chooseEngineServerAlias("RSA", null, null)).isNull();
    assertThat(own.chooseEngineClientAlias(new String[] {"EC"}, null, null)).isNull();
    assertThat(own.getClientAliases("EdDSA", null)).containsExactly(alias);
    assertThat(own.getServerAliases("EC", null)).isNull();
    assertThat(own.getCertificateChain(alias)).containsExactly(made.certificate());
    assertThat(own.getCertificateChain("another")).isNull();
    assertThat(own.getPrivateKey(alias)).isEqualTo(made.privateKey());
    assertThat(own.getPrivateKey("another")).isNull();
  }

  @Test
  void pinned_byEachOfTheJdksQuestions_judgesTheSame() throws Exception {
    NodeKey allowed = Certificates.nodeKey(1);
    PinnedNodes pinned = new PinnedNodes(allowed.id()::equals);
    X509Certificate[] good = {NodeCertificate.make(allowed).certificate()};
    X509Certificate[] stranger = {NodeCertificate.make(Certificates.nodeKey(2)).certificate()};
    X509Certificate[] chain = {good[0], stranger[0]};
    X509Certificate[] ofAuthority = {
      (X509Certificate) Certificates.newAuthority().trust().getCertificate("authority")
    };
    SSLEngine engine = MutualTls.ofNode(allowed, id -> true).newEngine(true);
    Socket none = new Socket();

    pinned.checkClientTrusted(good, "EdDSA");
    pinned.checkServerTrusted(good, "EdDSA");
    pinned.checkClientTrusted(good, "EdDSA", engine);
    pinned.checkServerTrusted(good, "EdDSA", none);
    for (X509Certificate[] bad : List.of(stranger, chain, ofAuthority, new X509Certificate[0])) {
      assertThatThrownBy(() -> pinned.checkClientTrusted(bad, "EdDSA"))
          .isInstanceOf(CertificateException.class);
      assertThatThrownBy(() -> pinned.checkServerTrusted(bad, "EdDSA", engine))
          .isInstanceOf(CertificateException.class);
      assertThatThrownBy(() -> pinned.checkClientTrusted(bad, "EdDSA", none))
          .isInstanceOf(CertificateException.class);
    }
    assertThat(pinned.getAcceptedIssuers()).isEmpty();
  }
}
