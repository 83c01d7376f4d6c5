package org.chaincore.sync.peer;

import java.util.Arrays;
import java.util.Optional;
import org.chaincore.core.value.Bytes;

/**
 * IPv4 and IPv6 hosts as text: reads literals only and only their plain forms, since a text that
 * two programs read differently is a way round a ban. Never looks a name up. Sources: RFC 4291 §2.2
 * for what is read, RFC 5952 for what is written.
 */
final class IpText {
  private static final int IPV4_PARTS = 4;
  private static final int IPV6_BYTES = 16;
  private static final int IPV6_GROUPS = 8;

  /** The longest literal: eight groups whose last two are an IPv4 address. */
  private static final int MAX_CHARS = 45;

  private IpText() {}

  /** A literal of either kind. */
  static Optional<Bytes> parse(String text) {
    Optional<Bytes> ipv4 = parseIpv4(text);
    return ipv4.isPresent() ? ipv4 : parseIpv6(text);
  }

  /** Four decimal numbers without leading zeros, which some programs take for octal ones. */
  static Optional<Bytes> parseIpv4(String text) {
    String[] parts = text.length() > MAX_CHARS ? new String[0] : text.split("\\.", -1);
    if (parts.length != IPV4_PARTS) {
      return Optional.empty();
    }
    byte[] host = new byte[IPV4_PARTS];
    for (int i = 0; i < IPV4_PARTS; i++) {
      int value = decimal(parts[i], 0xff);
      if (value < 0) {
        return Optional.empty();
      }
      host[i] = (byte) value;
    }
    return Optional.of(Bytes.of(host));
  }

  /** Eight groups, of which one run of zeros may be left out; no zone, no brackets. */
  static Optional<Bytes> parseIpv6(String text) {
    if (text.length() > MAX_CHARS) {
      return Optional.empty();
    }
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text, true).filter(host -> host.length() == IPV6_BYTES);
    }
    Optional<Bytes> head = groups(text.substring(0, gap), false);
    Optional<Bytes> tail = groups(text.substring(gap + 2), true);
    if (head.isEmpty() || tail.isEmpty()) {
      return Optional.empty();
    }
    int left = IPV6_BYTES - head.get().length() - tail.get().length();
    if (left < 2) {
      return Optional.empty();
    }
    byte[] host = new byte[IPV6_BYTES];
    head.get().copyTo(host, 0);
    tail.get().copyTo(host, IPV6_BYTES - tail.get().length());
    return Optional.of(Bytes.of(host));
  }

  /** A number of at most {@code most} without sign and leading zeros; −1 if it is none. */
  static int decimal(String text, int most) {
    if (text.isEmpty() || text.length() > 5 || (text.length() > 1 && text.charAt(0) == '0')) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = 10 * value + digit;
    }
    return value > most ? -1 : value;
  }

  static String formatIpv4(Bytes host) {
    return host.unsignedAt(0)
        + "."
        + host.unsignedAt(1)
        + "."
        + host.unsignedAt(2)
        + "."
        + host.unsignedAt(3);
  }

  /** Lower case, the first of the longest runs of zero groups left out, without brackets. */
  static String formatIpv6(Bytes host) {
    int gapAt = -1;
    int gapLength = 1;
    for (int i = 0; i < IPV6_GROUPS; i++) {
      int length = zeroGroupsFrom(host, i);
      if (length > gapLength) {
        gapAt = i;
        gapLength = length;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < IPV6_GROUPS; i++) {
      if (i == gapAt) {
        text.append("::");
        i += gapLength - 1;
      } else {
        boolean afterGap = text.length() > 0 && text.charAt(text.length() - 1) == ':';
        text.append(i == 0 || afterGap ? "" : ":").append(Integer.toHexString(group(host, i)));
      }
    }
    return text.toString();
  }

  private static Optional<Bytes> groups(String text, boolean mayEndAsIpv4) {
    if (text.isEmpty()) {
      return Optional.of(Bytes.EMPTY);
    }
    String[] parts = text.split(":", -1);
    if (parts.length > IPV6_GROUPS) {
      return Optional.empty();
    }
    byte[] bytes = new byte[IPV6_BYTES + IPV4_PARTS];
    int size = 0;
    for (int i = 0; i < parts.length; i++) {
      Optional<Bytes> part =
          mayEndAsIpv4 && i == parts.length - 1 && parts[i].indexOf('.') >= 0
              ? parseIpv4(parts[i])
              : hexGroup(parts[i]);
      if (part.isEmpty()) {
        return Optional.empty();
      }
      part.get().copyTo(bytes, size);
      size += part.get().length();
    }
    return size > IPV6_BYTES ? Optional.empty() : Optional.of(Bytes.of(Arrays.copyOf(bytes, size)));
  }

  private static Optional<Bytes> hexGroup(String text) {
    if (text.isEmpty() || text.length() > 4) {
      return Optional.empty();
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return Optional.empty();
      }
      value = 16 * value + digit;
    }
    return Optional.of(Bytes.of((byte) (value >> 8), (byte) value));
  }

  private static int zeroGroupsFrom(Bytes host, int first) {
    int end = first;
    while (end < IPV6_GROUPS && group(host, end) == 0) {
      end++;
    }
    return end - first;
  }

  private static int group(Bytes host, int index) {
    return (host.unsignedAt(2 * index) << 8) | host.unsignedAt(2 * index + 1);
  }
}
