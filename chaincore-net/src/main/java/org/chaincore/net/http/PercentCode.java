package org.chaincore.net.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the parts of a URI (RFC 3986, section 2.1), strictly: what is not well written is refused.
 */
final class PercentCode {
  private PercentCode() {}

  /** A part of a path. */
  static String decode(String part) {
    return decode(part, false);
  }

  /** A name or value of a query, in which a plus is a space. */
  static String decodeQuery(String part) {
    return decode(part, true);
  }

  private static String decode(String part, boolean isQuery) {
    if (part.indexOf('%') < 0 && (!isQuery || part.indexOf('+') < 0)) {
      return part;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(part.length());
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c == '%') {
        int high = i + 2 <= part.length() - 1 ? Character.digit(part.charAt(i + 1), 16) : -1;
        int low = i + 2 <= part.length() - 1 ? Character.digit(part.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw ApiFault.badRequest("the URI has a percent sign without two hex digits");
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else if (c == '+' && isQuery) {
        bytes.write(' ');
      } else if (c > 0x7f) {
        throw ApiFault.badRequest("the URI has a character that is not ASCII");
      } else {
        bytes.write(c);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException malformed) {
      throw ApiFault.badRequest("the URI is not UTF-8");
    }
  }
}
