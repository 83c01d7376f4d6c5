package org.chaincore.net.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * An object of JSON that a client sent, read member by member. Whatever is missing, of another type
 * or out of range is the client's fault, told with the place where it stands.
 */
final class JsonBody {
  /** Each level costs a stack frame; nothing that is asked for here has more than five. */
  static final int MAX_DEPTH = 16;

  private static final int MAX_NAME = 128;

  /** Digits of a number: the largest that is asked for has 19. More would only cost time. */
  private static final int MAX_NUMBER = 40;

  /** A number such as 1e999999999 is short, and takes gigabytes when written out. */
  private static final int MAX_SCALE = 20;

  /**
   * Names, values and brackets. A full block has some 800,000 at most; a body of nothing but empty
   * lists would have millions, each of which costs fifty times its bytes when it is read.
   */
  private static final long MAX_TOKENS = 1_000_000;

  private static final int COIN_PLACES = 8;

  private static final ObjectReader READER = reader();

  private final JsonNode node;
  private final String place;

  private JsonBody(JsonNode node, String place) {
    this.node = node;
    this.place = place;
  }

  private static ObjectReader reader() {
    JsonFactory factory =
        JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER)
                    .maxNameLength(MAX_NAME)
                    .maxTokenCount(MAX_TOKENS)
                    .maxStringLength(Route.MAX_BODY_BYTES)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .build()
        .reader();
  }

  /** Reads a body that must be an object. */
  static JsonBody parse(Bytes body) {
    JsonNode node;
    try {
      node = READER.readTree(body.toArray());
    } catch (JsonProcessingException malformed) {
      throw ApiFault.badRequest("the body is no JSON that is read here" + where(malformed));
    } catch (IOException impossible) {
      throw ApiFault.badRequest("the body cannot be read");
    }
    if (node == null || !node.isObject()) {
      throw ApiFault.badRequest("the body is not a JSON object");
    }
    return new JsonBody(node, "");
  }

  /** The same, where no body at all means an object without members. */
  static JsonBody parseOrEmpty(Bytes body) {
    return parse(body.isEmpty() ? Bytes.of((byte) '{', (byte) '}') : body);
  }

  private static String where(JsonProcessingException malformed) {
    return malformed.getLocation() == null
        ? ""
        : ": line "
            + malformed.getLocation().getLineNr()
            + ", column "
            + malformed.getLocation().getColumnNr();
  }

  boolean has(String name) {
    return node.hasNonNull(name);
  }

  private String at(String name) {
    return place.isEmpty() ? name : place + "." + name;
  }

  private JsonNode member(String name) {
    JsonNode member = node.get(name);
    if (member == null || member.isNull()) {
      throw ApiFault.badRequest(at(name) + " is missing");
    }
    return member;
  }

  String text(String name) {
    JsonNode member = member(name);
    if (!member.isTextual()) {
      throw ApiFault.badRequest(at(name) + " is not a string");
    }
    return member.textValue();
  }

  /** A whole number; one that is written with a point but has nothing behind it is one too. */
  long number(String name, long least, long most) {
    JsonNode member = member(name);
    BigDecimal value = decimal(member, at(name)).stripTrailingZeros();
    if (value.scale() > 0) {
      throw ApiFault.badRequest(at(name) + " is not a whole number");
    }
    if (value.compareTo(BigDecimal.valueOf(least)) < 0
        || value.compareTo(BigDecimal.valueOf(most)) > 0) {
      throw ApiFault.badRequest(at(name) + " is outside " + least + ".." + most);
    }
    return value.longValueExact();
  }

  long number(String name, long least, long most, long otherwise) {
    return has(name) ? number(name, least, most) : otherwise;
  }

  /** Coins, as a number or as a string of digits, in base units. */
  long coins(String name) {
    JsonNode member = member(name);
    BigDecimal value = decimal(member, at(name)).stripTrailingZeros();
    if (value.scale() > COIN_PLACES) {
      throw ApiFault.badRequest(at(name) + " has more than " + COIN_PLACES + " decimal places");
    }
    BigDecimal units = value.movePointRight(COIN_PLACES);
    if (units.signum() < 0 || units.precision() - units.scale() > 18) {
      throw ApiFault.badRequest(at(name) + " is no amount of coins");
    }
    return units.longValueExact();
  }

  private static BigDecimal decimal(JsonNode member, String where) {
    BigDecimal value;
    if (member.isNumber()) {
      value = member.decimalValue();
    } else if (member.isTextual() && member.textValue().matches("[0-9]{1,20}(\\.[0-9]{1,20})?")) {
      value = new BigDecimal(member.textValue());
    } else {
      throw ApiFault.badRequest(where + " is not a number");
    }
    if (Math.abs(value.scale()) > MAX_SCALE || value.precision() > MAX_NUMBER) {
      throw ApiFault.badRequest(where + " is out of range");
    }
    return value;
  }

  Hash256 hash(String name) {
    try {
      return Hash256.parse(text(name));
    } catch (IllegalArgumentException malformed) {
      throw ApiFault.badRequest(at(name) + " is not 64 hex digits");
    }
  }

  Bytes hex(String name) {
    return hex(text(name), at(name));
  }

  private static Bytes hex(String text, String where) {
    try {
      return Bytes.parse(text);
    } catch (IllegalArgumentException malformed) {
      throw ApiFault.badRequest(where + " is not hex");
    }
  }

  /** A list of byte strings in hex; empty if there is none. */
  List<Bytes> hexList(String name) {
    List<Bytes> list = new ArrayList<>();
    if (has(name)) {
      for (JsonNode element : array(name)) {
        String where = at(name) + "[" + list.size() + "]";
        if (!element.isTextual()) {
          throw ApiFault.badRequest(where + " is not a string");
        }
        list.add(hex(element.textValue(), where));
      }
    }
    return list;
  }

  JsonBody object(String name) {
    JsonNode member = member(name);
    if (!member.isObject()) {
      throw ApiFault.badRequest(at(name) + " is not an object");
    }
    return new JsonBody(member, at(name));
  }

  List<JsonBody> objects(String name) {
    List<JsonBody> list = new ArrayList<>();
    for (JsonNode element : array(name)) {
      String where = at(name) + "[" + list.size() + "]";
      if (!element.isObject()) {
        throw ApiFault.badRequest(where + " is not an object");
      }
      list.add(new JsonBody(element, where));
    }
    return list;
  }

  private JsonNode array(String name) {
    JsonNode member = member(name);
    if (!member.isArray()) {
      throw ApiFault.badRequest(at(name) + " is not an array");
    }
    return member;
  }

  /** The names of all members, in their order. */
  Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** All members as text, if they are strings, numbers or flags. */
  Map<String, String> scalars() {
    Map<String, String> values = new TreeMap<>();
    Iterator<Map.Entry<String, JsonNode>> members = node.properties().iterator();
    while (members.hasNext()) {
      Map.Entry<String, JsonNode> member = members.next();
      @Nullable JsonNode value = member.getValue();
      if (value == null || !value.isValueNode() || value.isNull()) {
        throw ApiFault.badRequest(
            at(member.getKey()) + " is neither a string nor a number nor a flag");
      }
      if (value.isNumber()) {
        decimal(value, at(member.getKey()));
      }
      values.put(member.getKey(), value.asText());
    }
    return values;
  }
}
