package org.chaincore.sync.codec;

import java.util.function.BiConsumer;
import java.util.function.Function;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.Sha256;
import org.chaincore.sync.message.Message;

/**
 * How one kind of message is written as a payload and read from one. Stateless.
 *
 * @param type of the message
 * @param command its name in the frame
 * @param maxBytes what no payload of it exceeds; checked before anything of it is taken
 * @param reader from bytes; throws as {@link ByteReader} and the record do
 * @param writer to bytes
 */
record PayloadFormat<M extends Message>(
    Class<M> type,
    String command,
    int maxBytes,
    Reader<M> reader,
    BiConsumer<M, ByteWriter> writer) {
  /** Stands for what {@link FrameLimits#maxBlockBytes} says. */
  private static final int AS_BLOCKS = -1;

  /** Reads a message whose parts are hashed on the way. */
  @FunctionalInterface
  interface Reader<M> {
    M read(ByteReader in, Sha256 hasher);
  }

  static <M extends Message> PayloadFormat<M> format(
      Class<M> type,
      String command,
      int maxBytes,
      Function<ByteReader, M> reader,
      BiConsumer<M, ByteWriter> writer) {
    return new PayloadFormat<>(type, command, maxBytes, (in, hasher) -> reader.apply(in), writer);
  }

  /** The format of a message that is all in its name. */
  static <M extends Message> PayloadFormat<M> ofEmpty(M message) {
    @SuppressWarnings("unchecked") // The class of an M.
    Class<M> type = (Class<M>) message.getClass();
    return format(type, message.command(), 0, in -> message, (same, out) -> {});
  }

  /** The format of a message that carries blocks or transactions, as large as the network's are. */
  static <M extends Message> PayloadFormat<M> ofBlocks(
      Class<M> type, String command, Reader<M> reader, BiConsumer<M, ByteWriter> writer) {
    return new PayloadFormat<>(type, command, AS_BLOCKS, reader, writer);
  }

  int maxBytes(FrameLimits limits) {
    int own = maxBytes == AS_BLOCKS ? limits.maxBlockBytes() : maxBytes;
    return Math.min(own, limits.maxPayloadBytes());
  }

  M read(ByteReader in, Sha256 hasher) {
    return reader.read(in, hasher);
  }

  void write(Message message, ByteWriter out) {
    writer.accept(type.cast(message), out);
  }
}
