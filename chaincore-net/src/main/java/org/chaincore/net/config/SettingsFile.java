package org.chaincore.net.config;

import java.nio.file.Path;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.value.Bytes;
import org.chaincore.net.config.ConfigurationException.Place;
import org.chaincore.sync.settings.SettingsDocument;

/**
 * A signed document of settings as a file: a JSON object whose one member, {@code document}, is the
 * document as it is on the wire, in hex. The same text is a body of {@code POST /config/refresh}.
 * Stateless.
 */
public final class SettingsFile {
  private SettingsFile() {}

  /** What to write into the file. */
  public static String format(SettingsDocument document) {
    ByteWriter out = ByteWriter.create();
    document.write(out);
    return "{\"document\":\"" + out.toBytes().toHex() + "\"}\n";
  }

  /**
   * Reads what {@link #format} wrote. Whether the signature is good is for the node to judge that
   * the document is published on.
   *
   * @throws ConfigurationException if it cannot be read, or is something else
   */
  public static SettingsDocument read(Path file) {
    Place whole = new Place(file, "");
    Section members = new Section(whole, JsonTree.read(ConfigurationFile.bytes(whole), whole));
    return members.whole(
        in -> in.requiredText("document", "a signed document in hex", SettingsFile::parse));
  }

  private static SettingsDocument parse(String hex) {
    if (hex.length() > 2 * SettingsDocument.MAX_BYTES) {
      throw new IllegalArgumentException("longer than a document");
    }
    try {
      return ByteReader.readAll(Bytes.parse(hex).toArray(), "document", SettingsDocument::read);
    } catch (MalformedBytesException malformed) {
      throw new IllegalArgumentException(malformed);
    }
  }
}
