package org.chaincore.net.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.chaincore.net.config.NodeConfiguration.Encryption;
import org.chaincore.net.config.NodeConfiguration.Greeting;
import org.chaincore.net.config.NodeConfiguration.Peering;
import org.chaincore.net.tls.MutualTls;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.protocol.Extension;

/** The node among its peers, as it stands in a file. */
final class PeeringSection {
  static final String IP_ADDRESS = "an IP address and a port, such as 127.0.0.1:17333";

  private static final String ANY_ADDRESS =
      "an address and a port, such as 192.0.2.1:17333 or [2001:db8::1]:17333";

  private static final String NODE_ID = "the 64 hex digits of a node's key";
  private static final int MAX_PASSWORD_BYTES = 1_024;

  private final Function<String, Path> paths;

  /** Paths in the file mean what this says. */
  PeeringSection(Function<String, Path> paths) {
    this.paths = paths;
  }

  static NetworkAddress ipAddress(String text) {
    NetworkAddress address = NetworkAddress.parse(text);
    NodeConfiguration.requireIp(text, address);
    return address;
  }

  Peering read(Section whole) {
    return whole.section("peers", Peering.ALONE, this::peering);
  }

  private Peering peering(Section in) {
    return new Peering(
        in.text("listen", IP_ADDRESS, PeeringSection::ipAddress).orElse(null),
        in.text("announce_as", ANY_ADDRESS, NetworkAddress::parse).orElse(null),
        in.texts("connect", Peering.MAX_CONNECT, ANY_ADDRESS, NetworkAddress::parse),
        encryption(in),
        greeting(in));
  }

  private Encryption encryption(Section in) {
    if (in.has("only_nodes") && in.has("tls")) {
      throw in.wrong("tls", "given beside only_nodes", "one of the two");
    }
    if (in.has("only_nodes")) {
      List<NodeId> nodes =
          in.texts("only_nodes", Encryption.OnlyNodes.MAX_NODES, NODE_ID, NodeId::parse);
      return new Encryption.OnlyNodes(new TreeSet<>(nodes));
    }
    return in.section("tls", new Encryption.Plain(), this::certificates);
  }

  /** Two PKCS #12 files, whose password is in a third: it has no place in a configuration. */
  private Encryption certificates(Section in) {
    Path password = in.requiredText("password_file", "a path", paths);
    Path own = in.requiredText("key_store", "a path", paths);
    Path trusted = in.requiredText("trust_store", "a path", paths);
    char[] secret = password(in, password);
    try {
      KeyStore keys = open(in, "key_store", own, secret);
      KeyStore trust = open(in, "trust_store", trusted, secret);
      return in.together(
          () -> new Encryption.Certificates(MutualTls.ofKeyStores(keys, secret, trust)));
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  private static char[] password(Section in, Path file) {
    try (InputStream bytes = Files.newInputStream(file)) {
      byte[] read = bytes.readNBytes(MAX_PASSWORD_BYTES);
      CharBuffer text = StandardCharsets.UTF_8.decode(java.nio.ByteBuffer.wrap(read));
      int end = text.length();
      while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
        end--;
      }
      char[] password = new char[end];
      text.get(password);
      Arrays.fill(text.array(), '\0');
      Arrays.fill(read, (byte) 0);
      return password;
    } catch (IOException unreadable) {
      throw in.wrong("password_file", file, "a file that this process may read");
    }
  }

  private static KeyStore open(Section in, String name, Path file, char[] password) {
    try (InputStream bytes = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(bytes, password);
      return store;
    } catch (IOException | GeneralSecurityException unusable) {
      throw in.wrong(name, file, "a PKCS #12 file that opens with the password");
    }
  }

  private static Greeting greeting(Section in) {
    String agent =
        in.text(
                "user_agent",
                "at most 256 printable ASCII characters",
                text -> new Greeting(text, Set.of(), false).userAgent())
            .orElse(Greeting.DEFAULT.userAgent());
    boolean filters = in.flag("serve_filters", Greeting.DEFAULT.servesFilters());
    if (!in.has("extensions")) {
      return new Greeting(agent, Greeting.DEFAULT.extensions(), filters);
    }
    Set<Extension> some = EnumSet.noneOf(Extension.class);
    some.addAll(
        in.texts("extensions", Extension.values().length, known(), PeeringSection::extension));
    return new Greeting(agent, some, filters);
  }

  private static Extension extension(String id) {
    return Extension.of(id).orElseThrow(() -> new IllegalArgumentException(id));
  }

  private static String known() {
    return "one of "
        + String.join(", ", Arrays.stream(Extension.values()).map(Extension::featureId).toList());
  }
}
