package org.chaincore.net.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes a JSON document member by member. Amounts of money and times are decimals made from whole
 * numbers, never from floating-point ones. Not thread-safe.
 */
final class JsonWriter {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .build();

  private static final int COIN_PLACES = 8;
  private static final int MILLI_PLACES = 3;

  /** Something that can fail only as far as writing to memory can. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
  private final JsonGenerator out;

  private JsonWriter() {
    try {
      this.out = FACTORY.createGenerator(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** A document that is an object; it is open. */
  static JsonWriter object() {
    JsonWriter writer = new JsonWriter();
    return writer.step(writer.out::writeStartObject);
  }

  /** Amounts in coins, as clients read them. */
  static BigDecimal coins(long units) {
    return shortest(BigDecimal.valueOf(units, COIN_PLACES));
  }

  /** Unix milliseconds as seconds. */
  static BigDecimal seconds(long millis) {
    return shortest(BigDecimal.valueOf(millis, MILLI_PLACES));
  }

  /**
   * One place at least, so that readers that tell whole numbers from others always see the same.
   */
  private static BigDecimal shortest(BigDecimal decimal) {
    BigDecimal stripped = decimal.stripTrailingZeros();
    return stripped.scale() < 1 ? stripped.setScale(1) : stripped;
  }

  JsonWriter put(String name, @Nullable String value) {
    return step(() -> out.writeStringField(name, value));
  }

  JsonWriter put(String name, long value) {
    return step(() -> out.writeNumberField(name, value));
  }

  JsonWriter put(String name, boolean value) {
    return step(() -> out.writeBooleanField(name, value));
  }

  /** A figure that is not exact, with six places at most; what is no number becomes null. */
  JsonWriter put(String name, double value) {
    if (!Double.isFinite(value)) {
      return nothing(name);
    }
    double rounded = Math.abs(value) < 1e9 ? Math.rint(value * 1e6) / 1e6 : value;
    return step(() -> out.writeNumberField(name, shortest(BigDecimal.valueOf(rounded))));
  }

  JsonWriter put(String name, BigDecimal value) {
    return step(() -> out.writeNumberField(name, value));
  }

  JsonWriter put(String name, Optional<String> value) {
    return put(name, value.orElse(null));
  }

  JsonWriter coins(String name, long units) {
    return put(name, coins(units));
  }

  JsonWriter seconds(String name, long millis) {
    return put(name, seconds(millis));
  }

  JsonWriter nothing(String name) {
    return step(() -> out.writeNullField(name));
  }

  /** Opens an object that is a member. */
  JsonWriter object(String name) {
    return step(() -> out.writeObjectFieldStart(name));
  }

  /** Opens an object that is an element. */
  JsonWriter element() {
    return step(out::writeStartObject);
  }

  /** An element. */
  JsonWriter element(String value) {
    return step(() -> out.writeString(value));
  }

  JsonWriter element(long value) {
    return step(() -> out.writeNumber(value));
  }

  JsonWriter array(String name) {
    return step(() -> out.writeArrayFieldStart(name));
  }

  /** Closes the object or array that was opened last. */
  JsonWriter end() {
    return step(
        () -> {
          if (out.getOutputContext().inArray()) {
            out.writeEndArray();
          } else {
            out.writeEndObject();
          }
        });
  }

  byte[] toBytes() {
    step(out::close);
    return bytes.toByteArray();
  }

  @Override
  public String toString() {
    return new String(toBytes(), StandardCharsets.UTF_8);
  }

  private JsonWriter step(Step step) {
    try {
      step.run();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return this;
  }
}
