package org.chaincore.sync.settings;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.identity.NodeId;
import org.chaincore.sync.identity.NodeKey;
import org.chaincore.sync.identity.Signatures;
import org.jspecify.annotations.Nullable;

/**
 * What a document of settings says, before anybody signs it. Whether the settings exist and are in
 * range is for the node to judge that applies it. Immutable.
 *
 * @param network the consensus fingerprint of the network that it is for
 * @param version 1 or more; a node applies only what is newer than all it applied before
 * @param notBeforeSeconds Unix seconds from which it may be applied, 0 or more
 * @param expiresSeconds Unix seconds at which it ends, later by at most {@link
 *     #MAX_LIFETIME_SECONDS}
 * @param settings values by name, at most {@link #MAX_SETTINGS}; none takes back what the document
 *     before said
 */
public record SettingsDraft(
    Hash256 network,
    long version,
    long notBeforeSeconds,
    long expiresSeconds,
    SortedMap<String, String> settings) {
  /** A document that never ends would rule a network whose signer is long gone. */
  public static final long MAX_LIFETIME_SECONDS = 366L * 86_400;

  /** Bounds what a document costs to read. */
  public static final int MAX_SETTINGS = 64;

  /** Characters of a name, and with those of a value what a document costs to keep and pass on. */
  public static final int MAX_NAME = 64;

  public static final int MAX_VALUE = 48;

  /** What the signature is for, so that it is none of anything else that a node signs. */
  private static final String PURPOSE = "chaincore/netconfig/1";

  private static final int FORMAT = 1;

  /** A name and a value of one character, each behind its length. */
  private static final int LEAST_SETTING_BYTES = 4;

  public SettingsDraft {
    if (version < 1) {
      throw new IllegalArgumentException("versions begin at 1, got " + version);
    }
    if (notBeforeSeconds < 0 || expiresSeconds <= notBeforeSeconds) {
      throw new IllegalArgumentException(
          "no time of validity: " + notBeforeSeconds + " to " + expiresSeconds);
    }
    if (expiresSeconds - notBeforeSeconds > MAX_LIFETIME_SECONDS) {
      throw new IllegalArgumentException(
          "valid for more than "
              + MAX_LIFETIME_SECONDS
              + " seconds: "
              + (expiresSeconds - notBeforeSeconds));
    }
    if (settings.size() > MAX_SETTINGS) {
      throw new IllegalArgumentException(
          "more than " + MAX_SETTINGS + " settings: " + settings.size());
    }
    // As a map: a sorted one would bring its own order, and the encoding has names ascend.
    settings = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, String>) settings));
    settings.forEach(SettingsDraft::requireText);
  }

  private static void requireText(String name, String value) {
    if (name.length() > MAX_NAME || !name.matches("[a-z0-9_.]+")) {
      throw new IllegalArgumentException(
          "a name is 1 to " + MAX_NAME + " of a-z, 0-9, underscore and dot, not: " + shown(name));
    }
    if (value.length() > MAX_VALUE || !value.matches("[!-~]+")) {
      throw new IllegalArgumentException(
          "a value is 1 to " + MAX_VALUE + " visible ASCII characters, not: " + shown(value));
    }
  }

  /** What a peer sent may be logged, and is not to look like anything else there. */
  private static String shown(String text) {
    return text.replaceAll("[^ -~]", "?");
  }

  /** The document that this becomes with a signature. */
  public SettingsDocument sign(Signatures signatures, NodeKey key) {
    return new SettingsDocument(this, key.id(), signatures.sign(key, signedBytes(key.id())));
  }

  /** What is signed. */
  Bytes signedBytes(NodeId signer) {
    ByteWriter out = ByteWriter.create();
    out.varBytes(text(PURPOSE));
    write(out);
    signer.write(out);
    return out.toBytes();
  }

  /**
   * Reads what {@link #write} wrote, in its one form: names ascend.
   *
   * @throws MalformedBytesException for anything else
   */
  static SettingsDraft read(ByteReader in) {
    int at = in.position();
    int format = in.uint8("settings format");
    if (format != FORMAT) {
      throw new MalformedBytesException(at, "settings format", format + " is not known");
    }
    Hash256 network = in.hash("settings network");
    long version = in.int64("settings version");
    long notBeforeSeconds = in.int64("settings not before");
    long expiresSeconds = in.int64("settings expiry");
    SortedMap<String, String> settings = readSettings(in);
    try {
      return new SettingsDraft(network, version, notBeforeSeconds, expiresSeconds, settings);
    } catch (IllegalArgumentException e) {
      throw new MalformedBytesException(at, "settings document", String.valueOf(e.getMessage()));
    }
  }

  private static SortedMap<String, String> readSettings(ByteReader in) {
    int at = in.position();
    int count = in.count("settings count", LEAST_SETTING_BYTES);
    if (count > MAX_SETTINGS) {
      throw new MalformedBytesException(
          at, "settings count", count + " declared, at most " + MAX_SETTINGS);
    }
    SortedMap<String, String> settings = new TreeMap<>();
    @Nullable String last = null;
    for (int i = 0; i < count; i++) {
      int nameAt = in.position();
      String name = readText(in, "setting name", MAX_NAME);
      if (last != null && last.compareTo(name) >= 0) {
        throw new MalformedBytesException(nameAt, "setting name", "does not ascend");
      }
      settings.put(name, readText(in, "setting value", MAX_VALUE));
      last = name;
    }
    return settings;
  }

  private static String readText(ByteReader in, String field, int most) {
    int at = in.position();
    int length = in.count(field, 1);
    if (length > most) {
      throw new MalformedBytesException(at, field, "has " + length + " bytes, at most " + most);
    }
    return new String(in.bytes(field, length).toArray(), StandardCharsets.ISO_8859_1);
  }

  void write(ByteWriter out) {
    out.uint8(FORMAT).hash(network).int64(version).int64(notBeforeSeconds).int64(expiresSeconds);
    out.compactSize(settings.size());
    settings.forEach((name, value) -> out.varBytes(text(name)).varBytes(text(value)));
  }

  private static Bytes text(String ascii) {
    return Bytes.of(ascii.getBytes(StandardCharsets.US_ASCII));
  }
}
