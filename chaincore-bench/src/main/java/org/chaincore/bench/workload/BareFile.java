package org.chaincore.bench.workload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The least that keeps anything: bytes at the end of a file, and a wait for the disk. */
public final class BareFile implements AutoCloseable {
  private final FileChannel channel;

  /** Creates the file, or empties it. */
  public BareFile(Path file) throws IOException {
    this.channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
  }

  /** Appends, and waits for the disk. */
  public void append(byte[] bytes) throws IOException {
    ByteBuffer out = ByteBuffer.allocate(bytes.length + 4).putInt(bytes.length).put(bytes).flip();
    while (out.hasRemaining()) {
      channel.write(out);
    }
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
