package org.chaincore.net.http;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a JSON value looks like, written so that a person can read it in a table of routes: {@code
 * {length:int,chain:[Block],next:int?}}. Simple shapes are {@code string}, {@code int}, {@code
 * number}, {@code bool} and {@code any}; {@code map(int)} is an object with any names; a name with
 * a capital is a shape that is described elsewhere; a question mark means that it may be null.
 *
 * <p>Immutable.
 */
final class Shape {
  /** How far the parser is. */
  private static final class Cursor {
    final String text;
    int at;

    Cursor(String text) {
      this.text = text;
    }

    char peek() {
      return at < text.length() ? text.charAt(at) : '\0';
    }

    boolean skip(char c) {
      boolean isThere = peek() == c;
      at += isThere ? 1 : 0;
      return isThere;
    }

    void require(char c) {
      if (!skip(c)) {
        throw new IllegalArgumentException("no " + c + " at " + at + " of " + text);
      }
    }

    String word() {
      int from = at;
      while (Character.isLetterOrDigit(peek()) || peek() == '_') {
        at++;
      }
      if (from == at) {
        throw new IllegalArgumentException("no word at " + at + " of " + text);
      }
      return text.substring(from, at);
    }
  }

  private final String word;
  private final Map<String, Shape> members;
  private final boolean isNullable;

  private Shape(String word, Map<String, Shape> members, boolean isNullable) {
    this.word = word;
    this.members = members;
    this.isNullable = isNullable;
  }

  static Shape parse(String text) {
    Cursor cursor = new Cursor(text);
    Shape shape = shape(cursor);
    if (cursor.at != text.length()) {
      throw new IllegalArgumentException("more than a shape: " + text);
    }
    return shape;
  }

  private static Shape shape(Cursor cursor) {
    Map<String, Shape> members = new LinkedHashMap<>();
    String word;
    if (cursor.skip('{')) {
      word = "{";
      do {
        String name = cursor.word();
        cursor.require(':');
        members.put(name, shape(cursor));
      } while (cursor.skip(','));
      cursor.require('}');
    } else if (cursor.skip('[')) {
      word = "[";
      members.put("", shape(cursor));
      cursor.require(']');
    } else {
      word = cursor.word();
      if (word.equals("map")) {
        cursor.require('(');
        members.put("", shape(cursor));
        cursor.require(')');
      }
    }
    return new Shape(word, members, cursor.skip('?'));
  }

  /** Writes the members of a JSON schema (draft 2020-12) into an object that is open. */
  JsonWriter schema(JsonWriter out) {
    if (Character.isUpperCase(word.charAt(0))) {
      return out.put("$ref", "#/components/schemas/" + word);
    }
    type(out, simpleType());
    if (word.equals("{")) {
      out.object("properties");
      members.forEach((name, shape) -> shape.schema(out.object(name)).end());
      out.end().array("required");
      members.keySet().forEach(out::element);
      out.end();
    } else if (word.equals("[")) {
      element().schema(out.object("items")).end();
    } else if (word.equals("map")) {
      element().schema(out.object("additionalProperties")).end();
    }
    return out;
  }

  private Shape element() {
    return members.values().iterator().next();
  }

  private String simpleType() {
    return switch (word) {
      case "{", "map" -> "object";
      case "[" -> "array";
      case "int" -> "integer";
      case "bool" -> "boolean";
      case "string", "number" -> word;
      case "any" -> "";
      default -> throw new IllegalArgumentException("no such shape: " + word);
    };
  }

  private void type(JsonWriter out, String type) {
    if (isNullable && !type.isEmpty()) {
      out.array("type").element(type).element("null").end();
    } else if (!type.isEmpty()) {
      out.put("type", type);
    }
  }
}
