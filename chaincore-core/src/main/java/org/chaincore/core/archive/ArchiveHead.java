package org.chaincore.core.archive;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.store.ChainIdentity;
import org.chaincore.core.value.Bytes;

/**
 * The first bytes of an archive. Immutable.
 *
 * @param kind what is in it
 * @param network the network that it is of
 * @param firstHeight the height of the first header or block; of a snapshot that of its block
 * @param count how many headers, blocks or coins there are
 */
record ArchiveHead(Kind kind, ChainIdentity network, int firstHeight, long count) {
  /** Bytes of it. */
  static final int BYTES = 8 + 1 + 1 + 32 + 32 + 4 + 8 + 4;

  private static final Bytes MAGIC = Bytes.of("CHAINARC".getBytes(StandardCharsets.US_ASCII));
  private static final int VERSION = 1;
  private static final int CHECKSUM_BYTES = 4;

  /** What is in an archive. Never change a number: it is in files. */
  enum Kind {
    HEADERS(1),
    BLOCKS(2),
    SNAPSHOT(3);

    private final int number;

    Kind(int number) {
      this.number = number;
    }
  }

  byte[] toBytes() {
    ByteWriter out =
        ByteWriter.ofExpectedSize(BYTES)
            .bytes(MAGIC)
            .uint8(VERSION)
            .uint8(kind.number)
            .hash(network.genesis())
            .hash(network.fingerprint())
            .int32(firstHeight)
            .int64(count);
    byte[] bytes = out.toArray();
    return out.int32(checksum(bytes, bytes.length)).toArray();
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /**
   * Reads one.
   *
   * @throws ArchiveException if it is not the head of an archive of that kind and network
   */
  static ArchiveHead read(byte[] bytes, Kind kind, ChainIdentity network) {
    ByteReader in = ByteReader.of(bytes);
    if (!in.bytes("magic", MAGIC.length()).equals(MAGIC)) {
      throw new ArchiveException(ArchiveFault.NOT_AN_ARCHIVE, 0, "no archive of a chain");
    }
    int version = in.uint8("version");
    if (version != VERSION) {
      throw new ArchiveException(
          ArchiveFault.FORMAT_VERSION, 0, "format " + version + ", this release reads " + VERSION);
    }
    int number = in.uint8("kind");
    ChainIdentity found = new ChainIdentity(in.hash("genesis"), in.hash("fingerprint"));
    int firstHeight = in.int32("first height");
    long count = in.int64("count");
    if (in.int32("checksum") != checksum(bytes, BYTES - CHECKSUM_BYTES)) {
      throw new ArchiveException(ArchiveFault.DAMAGED, 0, "head is not what was written");
    }
    if (number != kind.number) {
      throw new ArchiveException(
          ArchiveFault.NOT_AN_ARCHIVE, 0, "kind " + number + ", not " + kind.number);
    }
    if (!found.equals(network)) {
      throw new ArchiveException(
          ArchiveFault.OTHER_NETWORK,
          0,
          "archive is of genesis " + found.genesis() + " and rules " + found.fingerprint());
    }
    return new ArchiveHead(kind, found, firstHeight, count);
  }
}
