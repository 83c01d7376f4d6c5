package org.chaincore.sync.codec;

import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.message.Feature;
import org.chaincore.sync.message.NodeDescription;
import org.chaincore.sync.message.Params;
import org.chaincore.sync.message.Version;
import org.chaincore.sync.peer.NetworkAddress;

/** What is said before verack. Stateless. */
final class HandshakeFormats {
  /** With room for the fields that later versions append. */
  static final int MAX_VERSION_BYTES = 1_024;

  static final int MAX_FEATURE_BYTES = 1 + Feature.MAX_ID_BYTES + 3 + Feature.MAX_DATA_BYTES;

  private static final int SERVICES_BYTES = 8;
  private static final Bytes NOBODY =
      Bytes.of(new byte[SERVICES_BYTES + AddressFormats.PLACE_BYTES]);

  private HandshakeFormats() {}

  static Version readVersion(ByteReader in) {
    int protocolVersion = in.int32("protocol version");
    long services = in.int64("services");
    long timeSeconds = in.int64("version time");
    in.int64("receiver services");
    NetworkAddress receiver = AddressFormats.readPlace(in, "receiver");
    in.bytes("sender", NOBODY.length());
    long nonce = in.int64("version nonce");
    String userAgent = printable(in.varBytes("user agent"));
    int startHeight = in.int32("start height");
    // Absent in versions before BIP37, and then true.
    boolean relay = in.remaining() == 0 || in.uint8("relay") != 0;
    in.bytes("fields of later versions", in.remaining());
    NodeDescription node = new NodeDescription(protocolVersion, services, userAgent);
    return new Version(node, timeSeconds, receiver, nonce, startHeight, relay);
  }

  static void writeVersion(Version version, ByteWriter out) {
    NodeDescription node = version.node();
    out.int32(node.protocolVersion()).int64(node.services()).int64(version.timeSeconds()).int64(0);
    AddressFormats.writePlace(version.receiver(), out);
    out.bytes(NOBODY)
        .int64(version.nonce())
        .varBytes(text(node.userAgent()))
        .int32(version.startHeight())
        .uint8(version.relay() ? 1 : 0);
  }

  static Feature readFeature(ByteReader in) {
    return new Feature(printable(in.varBytes("feature id")), in.varBytes("feature data"));
  }

  static void writeFeature(Feature feature, ByteWriter out) {
    out.varBytes(text(feature.id())).varBytes(feature.data());
  }

  /** Lines {@code name=value}, each ended by a newline, names ascending. */
  static Params readParams(ByteReader in) {
    int at = in.position();
    String lines = text(in.bytes("parameters", in.remaining()));
    SortedMap<String, String> fields = new TreeMap<>();
    int begin = 0;
    while (begin < lines.length()) {
      int end = lines.indexOf('\n', begin);
      int equals = lines.indexOf('=', begin);
      if (equals < 0 || end < equals) {
        throw new MalformedBytesException(at + begin, "parameter", "not a line name=value");
      }
      String name = lines.substring(begin, equals);
      if (!fields.isEmpty() && name.compareTo(fields.lastKey()) <= 0) {
        throw new MalformedBytesException(at + begin, "parameter", "not in order");
      }
      fields.put(name, lines.substring(equals + 1, end));
      begin = end + 1;
    }
    return new Params(fields);
  }

  static void writeParams(Params params, ByteWriter out) {
    params
        .fields()
        .forEach((name, value) -> out.bytes(text(name)).uint8('=').bytes(text(value)).uint8('\n'));
  }

  private static Bytes text(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** One character a byte; what is not ASCII is refused by the records. */
  private static String text(Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.ISO_8859_1);
  }

  /**
   * Nobody is refused for an odd name, but nobody gets to write control characters into a log. A
   * feature that is changed by this was none that we know, and is ignored as such (BIP434).
   */
  private static String printable(Bytes bytes) {
    return text(bytes).replaceAll("[^ -~]", "?");
  }
}
