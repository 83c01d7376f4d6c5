package org.chaincore.net.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.pow.FixedDifficulty;
import org.chaincore.core.script.Address;
import org.chaincore.core.script.InvalidAddressException;
import org.chaincore.core.script.SpendableTemplate;
import org.chaincore.net.config.ConfigurationException.Place;
import org.chaincore.net.config.ConfigurationException.Reason;
import org.chaincore.net.config.NodeConfiguration.Api;
import org.chaincore.net.config.NodeConfiguration.Mining;
import org.chaincore.net.config.NodeConfiguration.Operation;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.SettingsChange;
import org.chaincore.sync.settings.TrustedSigners;

/** A node's configuration as it stands in a file. */
final class ConfigurationFile {
  /** A file that is longer is no configuration, but a mistake that would fill the memory. */
  static final int MAX_BYTES = 1 << 20;

  private static final String NODE_ID = "the 64 hex digits of a node's key";

  private final Path file;

  private ConfigurationFile(Path file) {
    this.file = file;
  }

  static NodeConfiguration read(Path file) {
    Place whole = new Place(file, "");
    Section members = new Section(whole, JsonTree.read(bytes(whole), whole));
    return members.whole(new ConfigurationFile(file)::node);
  }

  static byte[] bytes(Place whole) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(whole.file())) {
      bytes = in.readNBytes(MAX_BYTES + 1);
    } catch (IOException unreadable) {
      throw ConfigurationException.of(
          Reason.UNREADABLE,
          whole,
          unreadable.getClass().getSimpleName(),
          "a file that this process may read");
    }
    if (bytes.length > MAX_BYTES) {
      throw ConfigurationException.of(
          Reason.UNREADABLE, whole, "it has more bytes", "at most " + MAX_BYTES + " bytes");
    }
    return bytes;
  }

  private NodeConfiguration node(Section in) {
    ChainParams network = NetworkSection.read(in, "network");
    Operation operation = new Operation(settings(in), signers(in));
    StorageSection storage = new StorageSection(this::resolve, operation.settings());
    return new NodeConfiguration(
        network,
        storage.read(in),
        new PeeringSection(this::resolve).read(in),
        in.section("http").map(section -> section.whole(this::api)).orElse(null),
        in.section("mining")
            .map(section -> section.whole(mining -> mining(mining, network)))
            .orElse(null),
        operation);
  }

  /** A path beside the file, or an absolute one. */
  private Path resolve(String path) {
    // Also refuses what the file system cannot have as a name.
    return path.isEmpty() ? refuseEmpty() : file.toAbsolutePath().resolveSibling(path).normalize();
  }

  private static Path refuseEmpty() {
    throw new IllegalArgumentException("an empty path");
  }

  private Api api(Section in) {
    return new Api(
        in.requiredText("listen", PeeringSection.IP_ADDRESS, PeeringSection::ipAddress),
        in.text("token_file", "a path", this::resolve).orElse(null));
  }

  private static Mining mining(Section in, ChainParams network) {
    SpendableTemplate payout =
        in.requiredText(
            "pay_to",
            "an address of the network " + network.name(),
            text -> template(text, network));
    long most =
        network.work().difficulty() instanceof FixedDifficulty ? Mining.MAX_INTERVAL_SECONDS : 0;
    if (most == 0 && in.number("block_interval_seconds", 0, Mining.MAX_INTERVAL_SECONDS, 0) > 0) {
      throw in.wrong(
          "block_interval_seconds",
          in.scalar("block_interval_seconds"),
          "0: the network " + network.name() + " adjusts its difficulty");
    }
    return new Mining(payout, in.number("block_interval_seconds", 0, most, 0));
  }

  private static SpendableTemplate template(String text, ChainParams network) {
    try {
      return Address.parse(text, network.addresses()).template();
    } catch (InvalidAddressException other) {
      throw new IllegalArgumentException(text, other);
    }
  }

  private static OperationalSettings settings(Section whole) {
    return whole.section("settings", OperationalSettings.DEFAULT, ConfigurationFile::changed);
  }

  private static OperationalSettings changed(Section in) {
    Map<String, String> values = new TreeMap<>();
    for (String name : in.names()) {
      values.put(name, in.scalar(name));
    }
    SettingsChange change = OperationalSettings.DEFAULT.with(values);
    if (change instanceof SettingsChange.Refused refused) {
      throw switch (refused.reason()) {
        case CONSENSUS_KEY ->
            in.wrong(refused.key(), refused.value(), "nothing: it is consensus, under network");
        case UNKNOWN_KEY ->
            in.unknown(refused.key(), String.join(", ", OperationalSettings.ranges().keySet()));
        default -> in.wrong(refused.key(), refused.value(), refused.allowed());
      };
    }
    return ((SettingsChange.Applied) change).settings();
  }

  private static TrustedSigners signers(Section in) {
    Collection<NodeId> signers =
        in.texts("trusted_signers", TrustedSigners.MAX, NODE_ID, NodeId::parse);
    return TrustedSigners.of(signers);
  }
}
