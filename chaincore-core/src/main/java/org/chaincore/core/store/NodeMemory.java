package org.chaincore.core.store;

import java.util.Optional;
import java.util.SortedSet;
import org.chaincore.core.value.Bytes;

/**
 * What a node remembers beside its chain: peers, bans, the mempool, documents. Named sections of
 * bytes, whose form is their writer's; each is replaced whole or not at all.
 *
 * <p>Every method may block for as long as a disk does, may be called by any thread, and throws
 * {@link StoreException} if the store is broken or closed. A section that {@link #replace} has
 * returned for survives what the store promises to survive.
 */
public interface NodeMemory {
  /**
   * The most bytes of one section. Stops a memory that grows without bound from being read back
   * whole.
   */
  int MAX_SECTION_BYTES = 64 << 20;

  /** The most characters of a section's name, which are a to z, 0 to 9, dot and hyphen. */
  int MAX_NAME_LENGTH = 64;

  /** A section as it was last written. */
  Optional<Bytes> section(String name);

  /**
   * Writes a section over what it was.
   *
   * @throws IllegalArgumentException if the name or the size is out of bounds
   */
  void replace(String name, Bytes content);

  /** Forgets a section, if there is one. */
  void remove(String name);

  /** The names of all sections. */
  SortedSet<String> sections();

  /**
   * The name, if it may be one.
   *
   * @throws IllegalArgumentException if it may not
   */
  static String requireName(String name) {
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH || !name.matches("[a-z0-9.-]+")) {
      throw new IllegalArgumentException("no name of a section: \"" + name + "\"");
    }
    return name;
  }

  /**
   * The content, if it may be one.
   *
   * @throws IllegalArgumentException if it may not
   */
  static Bytes requireContent(Bytes content) {
    if (content.length() > MAX_SECTION_BYTES) {
      throw new IllegalArgumentException(
          "section of " + content.length() + " bytes, the most are " + MAX_SECTION_BYTES);
    }
    return content;
  }
}
