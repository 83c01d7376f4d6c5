package org.chaincore.net.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chaincore.net.config.ConfigurationException.Place;
import org.chaincore.net.config.ConfigurationException.Reason;

/**
 * The objects of a JSON file, read to the end before anything is made of them. Values are maps,
 * lists, strings, {@link Boolean}s and {@link JsonNumber}s. Not thread-safe.
 */
final class JsonTree {
  /** Nothing that means something has more than six; each level is a stack frame. */
  private static final int MAX_DEPTH = 16;

  private static final int MAX_NAME = 128;

  /** The longest number that means something has 19 digits. */
  private static final int MAX_NUMBER = 40;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNameLength(MAX_NAME)
                  .maxNumberLength(MAX_NUMBER)
                  .maxStringLength(ConfigurationFile.MAX_BYTES)
                  .build())
          .build();

  private final JsonParser parser;

  private JsonTree(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * A number as it is written.
   *
   * @param text digits, perhaps with a sign, a point and an exponent
   */
  record JsonNumber(String text) {
    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * Reads one object and nothing behind it.
   *
   * @throws ConfigurationException if the bytes are something else, or a name stands twice
   */
  static Map<String, Object> read(byte[] bytes, Place whole) {
    try (JsonParser parser = FACTORY.createParser(bytes)) {
      JsonTree tree = new JsonTree(parser);
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw tree.malformed(whole, "an object");
      }
      Map<String, Object> read = tree.object(whole);
      if (parser.nextToken() != null) {
        throw tree.malformed(whole, "one object and nothing behind it");
      }
      return read;
    } catch (JsonProcessingException broken) {
      String at =
          broken.getLocation() == null
              ? "some place"
              : at(broken.getLocation().getLineNr(), broken.getLocation().getColumnNr());
      throw ConfigurationException.of(Reason.MALFORMED, whole, at, "JSON (RFC 8259)");
    } catch (IOException impossible) {
      throw ConfigurationException.of(Reason.MALFORMED, whole, "some place", "JSON (RFC 8259)");
    }
  }

  private static String at(int line, int column) {
    return "line " + line + ", column " + column;
  }

  private ConfigurationException malformed(Place place, String allowed) {
    var here = parser.currentLocation();
    return ConfigurationException.of(
        Reason.MALFORMED, place, at(here.getLineNr(), here.getColumnNr()), allowed);
  }

  private Map<String, Object> object(Place place) throws IOException {
    Map<String, Object> members = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      if (members.put(name, value(place.in(name))) != null) {
        throw ConfigurationException.of(Reason.DUPLICATE_FIELD, place.in(name), "", "once");
      }
    }
    return members;
  }

  private List<Object> list(Place place) throws IOException {
    List<Object> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(value(place.at(elements.size())));
    }
    return elements;
  }

  private Object value(Place place) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(place);
      case START_ARRAY -> list(place);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNumber(parser.getText());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default ->
          throw ConfigurationException.of(
              Reason.WRONG_TYPE, place, "null", "a value; a field without one is left out");
    };
  }
}
