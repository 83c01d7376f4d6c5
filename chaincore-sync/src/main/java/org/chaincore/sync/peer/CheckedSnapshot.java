package org.chaincore.sync.peer;

import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;

/**
 * The frame of what is kept on disk of peers: what it is, its version, the bytes behind their
 * length, and their double SHA-256. A flipped bit is found before anything is believed; what
 * someone wrote on purpose is for the reader of the bytes to check.
 *
 * @param magic what it is, four letters
 * @param version of the bytes
 */
record CheckedSnapshot(int magic, int version) {
  void write(ByteWriter out, ByteWriter content) {
    Bytes bytes = content.toBytes();
    out.int32(magic).uint16(version).varBytes(bytes).hash(Sha256.doubleHash(bytes.toArray()));
  }

  /** A reader of the content, which is whole. */
  ByteReader read(ByteReader in) {
    int at = in.position();
    int foundMagic = in.int32("snapshot.magic");
    if (foundMagic != magic) {
      throw new MalformedBytesException(
          at, "snapshot.magic", Integer.toHexString(foundMagic) + " is something else");
    }
    int foundVersion = in.uint16("snapshot.version");
    if (foundVersion != version) {
      throw new MalformedBytesException(
          at, "snapshot.version", foundVersion + " is not known, only " + version);
    }
    byte[] content = in.varBytes("snapshot.content").toArray();
    Hash256 hash = in.hash("snapshot.hash");
    if (!hash.equals(Sha256.doubleHash(content))) {
      throw new MalformedBytesException(at, "snapshot.hash", "the content was changed");
    }
    return ByteReader.of(content);
  }
}
