package org.chaincore.sync.codec;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.MalformedBytesException;
import org.chaincore.core.value.Hash256;
import org.chaincore.core.value.Sha256;
import org.chaincore.sync.codec.MalformedFrame.Reason;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.Verack;
import org.jspecify.annotations.Nullable;

/**
 * Finds the messages in the bytes of one connection, however the transport has cut them.
 *
 * <p><b>Hostile bytes.</b> The header is judged before anything of the payload is taken: magic,
 * command, and the declared length against the limit of its command and of the peer. What is held
 * grows with the bytes that came, never with those that were declared, and is given back with the
 * frame. Every fault is a {@link MalformedFrame}; none throws. Behind it the decoder takes no more
 * bytes, since where the next frame would begin is anybody's guess.
 *
 * <p><b>Strictness.</b> A checksum that does not match is a fault. A payload must be the canonical
 * encoding of its message and nothing after it; only {@code version} may go on, because that is how
 * it has been extended. Unknown commands are skipped, as later versions may have them. Source of
 * the frame: Bitcoin's.
 *
 * <p>Not thread-safe; confined to its connection.
 */
public final class FrameDecoder {
  private static final HexFormat HEX = HexFormat.of();

  private final int magic;
  private final FrameLimits afterVerack;
  private final Sha256 hasher = Sha256.create();
  private final byte[] header = new byte[FrameHeader.BYTES];
  private final byte[] scratch = new byte[Hash256.BYTES];
  private final FedBytes in = new FedBytes();
  private final Body body = new Body();
  private FrameLimits limits;
  private int headerBytes;
  private boolean isInBody;
  private boolean finished;

  private FrameDecoder(int magic, FrameLimits limits, FrameLimits afterVerack) {
    this.magic = magic;
    this.limits = limits;
    this.afterVerack = afterVerack;
  }

  /**
   * A decoder for the beginning of a connection: until the peer's verack it takes what {@link
   * FrameLimits#ofHandshake} allows, so that strangers in numbers hold little, and from then on
   * what {@code limits} allow.
   *
   * @param magic the network's, as a little-endian number
   */
  public static FrameDecoder ofConnection(int magic, FrameLimits limits) {
    return new FrameDecoder(magic, FrameLimits.ofHandshake(), limits);
  }

  /**
   * A decoder without a handshake.
   *
   * @param magic the network's, as a little-endian number
   */
  public static FrameDecoder of(int magic, FrameLimits limits) {
    return new FrameDecoder(magic, limits, limits);
  }

  /**
   * What follows a header: a payload to be read, or, without a format, bytes to be skipped. One
   * serves for all frames, one after another.
   */
  private static final class Body {
    private final IncomingPayload payload = new IncomingPayload();
    private String command = "";
    private int length;
    private @Nullable PayloadFormat<?> format;
    private int skipped;

    void begin(String itsCommand, int itsLength, @Nullable PayloadFormat<?> itsFormat) {
      command = itsCommand;
      length = itsLength;
      format = itsFormat;
      skipped = 0;
      payload.begin(itsLength);
    }

    /** Whether all of it has come. */
    boolean take(FedBytes in) {
      if (format != null) {
        return payload.take(in);
      }
      int taken = Math.min(in.remaining(), length - skipped);
      in.skip(taken);
      skipped += taken;
      return skipped == length;
    }
  }

  /** Whether the bytes were malformed, so that the connection is of no more use. */
  public boolean isFinished() {
    return finished;
  }

  /** Bytes held for a frame that has not come whole. */
  public int heldBytes() {
    return headerBytes + body.payload.heldBytes();
  }

  /** Takes all of {@code bytes}. */
  public List<Frame> feed(byte[] bytes) {
    return feed(bytes, 0, bytes.length);
  }

  /**
   * Takes the next bytes of the connection; the array is the caller's again after the call.
   *
   * @return the frames that end in these bytes, in order; none from a finished decoder
   * @throws IndexOutOfBoundsException if the range is not within the array
   */
  public List<Frame> feed(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    in.begin(bytes, offset, length);
    List<Frame> frames = new ArrayList<>(1);
    while (!finished && in.remaining() > 0) {
      Frame frame = next();
      if (frame != null) {
        frames.add(frame);
      }
    }
    in.letGo();
    return frames;
  }

  /** Goes on to the end of the frame or of the bytes, whichever is nearer; null at the latter. */
  private @Nullable Frame next() {
    if (isInBody) {
      return goOn();
    }
    int taken = Math.min(in.remaining(), FrameHeader.BYTES - headerBytes);
    in.take(header, headerBytes, taken);
    headerBytes += taken;
    return headerBytes < FrameHeader.BYTES ? null : begin();
  }

  /** Judges a header; a payload may be empty, so it may already be whole. */
  private @Nullable Frame begin() {
    if (FrameHeader.magic(header) != magic) {
      return malformed(Reason.WRONG_MAGIC, "", "magic " + HEX.formatHex(header, 0, Integer.BYTES));
    }
    PayloadFormat<?> format = PayloadFormats.find(header);
    String command = format == null ? FrameHeader.command(header).orElse("") : format.command();
    if (command.isEmpty()) {
      String bytes = HEX.formatHex(FrameHeader.commandBytes(header));
      return malformed(Reason.BAD_COMMAND, "", "command " + bytes);
    }
    int most = format == null ? limits.maxPayloadBytes() : format.maxBytes(limits);
    long length = FrameHeader.length(header);
    if (length > most) {
      return malformed(Reason.TOO_LONG, command, length + " bytes declared, at most " + most);
    }
    body.begin(command, (int) length, format);
    isInBody = true;
    return goOn();
  }

  private @Nullable Frame goOn() {
    if (!body.take(in)) {
      return null;
    }
    try {
      return end(body);
    } finally {
      forgetFrame();
    }
  }

  private void forgetFrame() {
    headerBytes = 0;
    isInBody = false;
    body.payload.letGo();
  }

  private Frame end(Body whole) {
    PayloadFormat<?> format = whole.format;
    if (format == null) {
      return new UnknownFrame(whole.command, whole.length);
    }
    if (whole.payload.checksum(hasher, scratch) != FrameHeader.checksum(header)) {
      return malformed(
          Reason.WRONG_CHECKSUM, whole.command, "checksum of " + whole.length + " bytes");
    }
    ByteReader payload = whole.payload.reader();
    try {
      return read(format.read(payload, hasher), payload.remaining(), whole);
    } catch (MalformedBytesException e) {
      String place = e.field() + " at offset " + whole.payload.offset(e.offset());
      return malformed(Reason.BAD_PAYLOAD, whole.command, place + ": " + e.reason());
    } catch (IllegalArgumentException e) {
      // The record refused a value; what a message may hold is said there and nowhere else.
      return malformed(Reason.BAD_PAYLOAD, whole.command, String.valueOf(e.getMessage()));
    }
  }

  private Frame read(Message message, int bytesLeft, Body whole) {
    if (bytesLeft > 0) {
      return malformed(Reason.EXTRA_BYTES, whole.command, bytesLeft + " bytes behind the message");
    }
    if (message instanceof Verack) {
      limits = afterVerack;
    }
    return new MessageFrame(message, FrameHeader.BYTES + whole.length);
  }

  private Frame malformed(Reason reason, String command, String detail) {
    finished = true;
    forgetFrame();
    return new MalformedFrame(reason, command, detail);
  }
}
