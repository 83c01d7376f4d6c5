package org.chaincore.sync.settings;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.config.Networks;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.Signatures;

/** Somebody who signs settings for one network, at a time of the test's choice. */
final class Publisher {
  static final Signatures SIGNATURES = Signatures.ed25519();
  static final Hash256 NETWORK = Networks.regtest().fingerprint();
  static final long NOW = 1_800_000_000L;
  static final long HOUR = 3_600;
  static final String INTERVAL = "sync.mempool.interval_seconds";

  private final NodeKey key;

  private Publisher(NodeKey key) {
    this.key = key;
  }

  static Publisher of(int number) {
    byte[] seed = new byte[NodeKey.SEED_BYTES];
    Arrays.fill(seed, (byte) number);
    return new Publisher(NodeKey.ofSeed(seed));
  }

  NodeId id() {
    return key.id();
  }

  static TrustedSigners trusting(Publisher... publishers) {
    Collection<NodeId> ids = Arrays.stream(publishers).map(Publisher::id).toList();
    return TrustedSigners.of(ids);
  }

  static SettingsDraft draft(long version, Map<String, String> settings) {
    return new SettingsDraft(NETWORK, version, NOW - HOUR, NOW + HOUR, new TreeMap<>(settings));
  }

  SettingsDocument sign(SettingsDraft draft) {
    return draft.sign(SIGNATURES, key);
  }

  /** Valid for an hour around {@link #NOW}. */
  SettingsDocument publish(long version, Map<String, String> settings) {
    return sign(draft(version, settings));
  }

  /** One that changes the interval of the mempool task. */
  SettingsDocument interval(long version, int seconds) {
    return publish(version, Map.of(INTERVAL, Integer.toString(seconds)));
  }

  static byte[] bytes(SettingsDocument document) {
    ByteWriter out = ByteWriter.create();
    document.write(out);
    return out.toArray();
  }

  static SettingsDocument read(byte[] bytes) {
    return ByteReader.readAll(bytes, "settings document", SettingsDocument::read);
  }

  static SettingsState state(Publisher... trusted) {
    return SettingsState.of(NETWORK, OperationalSettings.DEFAULT, trusting(trusted), SIGNATURES);
  }

  static RefusalReason reason(OfferOutcome outcome) {
    return ((OfferOutcome.Refused) outcome).reason();
  }

  static List<String> changed(OfferOutcome outcome) {
    return List.copyOf(((OfferOutcome.Applied) outcome).changed());
  }
}
