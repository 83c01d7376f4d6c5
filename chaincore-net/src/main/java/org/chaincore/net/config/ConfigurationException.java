package org.chaincore.net.config;

import java.nio.file.Path;

/**
 * A configuration file that is not taken: which file, which field, what stands there, and what may.
 * Nothing of the file has been applied.
 */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** So much of a value is shown: it comes from a file that may be anything. */
  private static final int MAX_SHOWN_CHARS = 80;

  /** What is wrong. */
  public enum Reason {
    /** There is no such file, it cannot be read, or it is too long to be a configuration. */
    UNREADABLE,
    /** It is no JSON, or no object. */
    MALFORMED,
    /** A name stands twice in one object. */
    DUPLICATE_FIELD,
    /** A name that means nothing here. */
    UNKNOWN_FIELD,
    /** What must be said is not. */
    MISSING_FIELD,
    /** A value of another type. */
    WRONG_TYPE,
    /** A value that is not allowed. */
    OUT_OF_RANGE,
    /** Values that are allowed each, but not together. */
    CONTRADICTION
  }

  private final Reason reason;
  private final transient Path file;
  private final String field;
  private final String value;
  private final String allowed;

  private ConfigurationException(Reason reason, Place place, String value, String allowed) {
    super(place.file + ": " + sentence(reason, place.field, value, allowed));
    this.reason = reason;
    this.file = place.file;
    this.field = place.field;
    this.value = value;
    this.allowed = allowed;
  }

  /**
   * Where in which file.
   *
   * @param file the file
   * @param field names of objects and fields with dots between them, numbers of list elements in
   *     brackets; empty for the whole
   */
  record Place(Path file, String field) {
    Place in(String name) {
      return new Place(file, field.isEmpty() ? name : field + "." + name);
    }

    Place at(int index) {
      return new Place(file, field + "[" + index + "]");
    }
  }

  static ConfigurationException of(Reason reason, Place place, String value, String allowed) {
    return new ConfigurationException(reason, place, shown(value), allowed);
  }

  private static String shown(String value) {
    String cut =
        value.length() <= MAX_SHOWN_CHARS ? value : value.substring(0, MAX_SHOWN_CHARS) + "...";
    return cut.replaceAll("\\p{Cntrl}", "?");
  }

  private static String sentence(Reason reason, String field, String value, String allowed) {
    return switch (reason) {
      case UNREADABLE -> "cannot be read: " + value + ", allowed is " + allowed;
      case MALFORMED -> at(field) + "is no JSON at " + value + ", allowed is " + allowed;
      case DUPLICATE_FIELD -> field + " stands there twice, allowed is once";
      case UNKNOWN_FIELD -> field + " is no field, allowed are " + allowed;
      case MISSING_FIELD -> field + " is missing, allowed is " + allowed;
      case WRONG_TYPE, OUT_OF_RANGE -> at(field) + "is " + value + ", allowed is " + allowed;
      case CONTRADICTION -> at(field) + "contradicts itself: " + allowed;
    };
  }

  private static String at(String field) {
    return field.isEmpty() ? "" : field + " ";
  }

  public Reason reason() {
    return reason;
  }

  /** The file as it was named. */
  public Path file() {
    return file;
  }

  /** Such as {@code network.time.target_block_seconds}; empty if it is the file as a whole. */
  public String field() {
    return field;
  }

  /** What stands there, the beginning of it if it is long; empty if it is not about one value. */
  public String value() {
    return value;
  }

  /** What may stand there, in words. */
  public String allowed() {
    return allowed;
  }
}
