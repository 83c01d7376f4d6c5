package org.chaincore.net.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.chaincore.net.config.ConfigurationException.Place;
import org.chaincore.net.config.ConfigurationException.Reason;
import org.chaincore.net.config.JsonTree.JsonNumber;
import org.jspecify.annotations.Nullable;

/**
 * One object of a configuration, read field by field. Whatever is not as it should be is refused
 * with its place, and so are fields that nobody asked for. Not thread-safe.
 */
final class Section {
  private final Place place;
  private final Map<String, Object> members;
  private final Set<String> known = new TreeSet<>();

  Section(Place place, Map<String, Object> members) {
    this.place = place;
    this.members = members;
  }

  private @Nullable Object member(String name) {
    known.add(name);
    return members.get(name);
  }

  boolean has(String name) {
    return member(name) != null;
  }

  /** The names of all fields, of a section whose fields are not known beforehand. */
  Collection<String> names() {
    return List.copyOf(members.keySet());
  }

  ConfigurationException wrong(String name, Object value, String allowed) {
    return ConfigurationException.of(
        Reason.OUT_OF_RANGE, place.in(name), String.valueOf(value), allowed);
  }

  ConfigurationException missing(String name, String allowed) {
    return ConfigurationException.of(Reason.MISSING_FIELD, place.in(name), "", allowed);
  }

  private static ConfigurationException otherType(Place at, Object value, String allowed) {
    String shown = value instanceof Map ? "an object" : value instanceof List ? "a list" : "";
    return ConfigurationException.of(
        Reason.WRONG_TYPE, at, shown.isEmpty() ? String.valueOf(value) : shown, allowed);
  }

  private static String range(long least, long most) {
    return least + ".." + most;
  }

  /** A whole number, which must be there. */
  long number(String name, long least, long most) {
    Object value = member(name);
    if (value == null) {
      throw missing(name, range(least, most));
    }
    if (!(value instanceof JsonNumber number) || !number.text().matches("-?[0-9]+")) {
      throw otherType(place.in(name), value, "a whole number of " + range(least, most));
    }
    try {
      long whole = Long.parseLong(number.text());
      if (whole >= least && whole <= most) {
        return whole;
      }
    } catch (NumberFormatException tooLong) {
      // It has only digits, so it is out of range.
    }
    throw wrong(name, value, range(least, most));
  }

  long number(String name, long least, long most, long otherwise) {
    return has(name) ? number(name, least, most) : otherwise;
  }

  int integer(String name, int least, int most) {
    return (int) number(name, least, most);
  }

  int integer(String name, int least, int most, int otherwise) {
    return (int) number(name, least, most, otherwise);
  }

  boolean flag(String name, boolean otherwise) {
    Object value = member(name);
    if (value == null) {
      return otherwise;
    }
    if (!(value instanceof Boolean flag)) {
      throw otherType(place.in(name), value, "true or false");
    }
    return flag;
  }

  /**
   * A string that means something, if it is there.
   *
   * @param allowed what may stand there, in words
   * @param parse throws {@link IllegalArgumentException} for anything else
   */
  <T> Optional<T> text(String name, String allowed, Function<String, T> parse) {
    Object value = member(name);
    return value == null
        ? Optional.empty()
        : Optional.of(parsed(place.in(name), value, allowed, parse));
  }

  /** The same, which must be there. */
  <T> T requiredText(String name, String allowed, Function<String, T> parse) {
    return text(name, allowed, parse).orElseThrow(() -> missing(name, allowed));
  }

  private static <T> T parsed(Place at, Object value, String allowed, Function<String, T> parse) {
    if (!(value instanceof String text)) {
      throw otherType(at, value, "a string: " + allowed);
    }
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException malformed) {
      throw ConfigurationException.of(Reason.OUT_OF_RANGE, at, text, allowed);
    }
  }

  /** One of an enum's constants in lower case. */
  <E extends Enum<E>> Optional<E> choice(String name, Class<E> type) {
    List<String> words = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      words.add(word(constant));
    }
    return text(
        name,
        "one of " + String.join(", ", words),
        text -> {
          int found = words.indexOf(text);
          if (found < 0) {
            throw new IllegalArgumentException("none of them");
          }
          return type.getEnumConstants()[found];
        });
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** A list of strings that mean something, in their order; empty if there is none. */
  <T> List<T> texts(String name, int most, String allowed, Function<String, T> parse) {
    List<T> read = new ArrayList<>();
    for (Object element : elements(name, most, allowed)) {
      read.add(parsed(place.in(name).at(read.size()), element, allowed, parse));
    }
    return read;
  }

  private List<?> elements(String name, int most, String allowed) {
    Object value = member(name);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> elements)) {
      throw otherType(place.in(name), value, "a list, each element " + allowed);
    }
    if (elements.size() > most) {
      throw wrong(name, elements.size() + " elements", "at most " + most);
    }
    return elements;
  }

  /** An object within this one, if it is there. */
  Optional<Section> section(String name) {
    Object value = member(name);
    return value == null ? Optional.empty() : Optional.of(section(place.in(name), value));
  }

  private static Section section(Place at, Object value) {
    if (!(value instanceof Map<?, ?> members)) {
      throw otherType(at, value, "an object");
    }
    Map<String, Object> copy = new LinkedHashMap<>();
    members.forEach((name, member) -> copy.put((String) name, member));
    return new Section(at, copy);
  }

  /** A string, a number or a flag as text. */
  String scalar(String name) {
    Object value = member(name);
    if (value == null || value instanceof Map || value instanceof List) {
      throw otherType(place.in(name), value == null ? "" : value, "a string, a number or a flag");
    }
    return value.toString();
  }

  ConfigurationException unknown(String name, String allowed) {
    return ConfigurationException.of(Reason.UNKNOWN_FIELD, place.in(name), "", allowed);
  }

  /** A field that may be a string or an object, of which the caller tells one from the other. */
  boolean isText(String name) {
    return member(name) instanceof String;
  }

  /** What is in an object, which is read whole; what it says if it is not there. */
  <T> T section(String name, T otherwise, Function<Section, T> read) {
    Optional<Section> found = section(name);
    return found.isPresent() ? found.get().whole(read) : otherwise;
  }

  /** Reads the section, and refuses what nobody asked for. */
  <T> T whole(Function<Section, T> read) {
    T value = read.apply(this);
    for (String name : members.keySet()) {
      if (!known.contains(name)) {
        throw ConfigurationException.of(
            Reason.UNKNOWN_FIELD, place.in(name), "", String.join(", ", known));
      }
    }
    return value;
  }

  /** Makes something of values that are good each. */
  <T> T together(Supplier<T> make) {
    try {
      return make.get();
    } catch (IllegalArgumentException contradiction) {
      throw ConfigurationException.of(
          Reason.CONTRADICTION, place, "", String.valueOf(contradiction.getMessage()));
    }
  }
}
