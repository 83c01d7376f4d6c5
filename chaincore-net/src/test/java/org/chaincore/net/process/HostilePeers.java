package org.chaincore.net.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.chaincore.core.block.Block;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.block.OutPoint;
import org.chaincore.core.block.Transaction;
import org.chaincore.core.block.TransactionInput;
import org.chaincore.core.chain.Locator;
import org.chaincore.core.config.Networks;
import org.chaincore.core.pow.NonceRange;
import org.chaincore.core.pow.NonceSearch;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.codec.FrameEncoder;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.message.Addresses;
import org.chaincore.sync.message.BlockMessage;
import org.chaincore.sync.message.GetData;
import org.chaincore.sync.message.GetHeaders;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Inventory;
import org.chaincore.sync.message.InventoryItem;
import org.chaincore.sync.message.InventoryType;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.Ping;
import org.chaincore.sync.message.TimestampedAddress;
import org.chaincore.sync.message.TransactionMessage;
import org.chaincore.sync.message.Verack;
import org.chaincore.sync.peer.AddressNetwork;
import org.chaincore.sync.peer.NetworkAddress;

/** What no peer should say, and how none should behave. */
final class HostilePeers {
  private static final int VARIANTS = 6;
  private static final int ROUNDS = 400;
  private static final int STALLED = 20;
  private static final int SILENT = 150;
  private static final int FRAME_BYTES = 3_900_000;
  private static final long HOLD_MILLIS = 8_000;
  private static final long NOW = System.currentTimeMillis() / 1_000;

  private final Premined chain;

  HostilePeers(Premined chain) {
    this.chain = chain;
  }

  /** Begins all of it. */
  void begin(HostileSockets sockets, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    sockets.begin("garbage", seed + 1, HostilePeers::garbage);
    sockets.begin("oversize", seed + 2, this::oversize);
    sockets.begin("slow", seed + 3, this::slow);
    sockets.begin("silent", seed + 4, HostilePeers::silent);
    sockets.begin("stalled frames", seed + 5, this::stalled);
    sockets.begin("inv", seed + 6, flood(variants(random, this::inventory)));
    sockets.begin("addr", seed + 7, flood(variants(random, this::addresses)));
    sockets.begin("headers", seed + 8, flood(variants(random, of -> headers(of, false))));
    sockets.begin("mined headers", seed + 9, flood(variants(random, of -> headers(of, true))));
    sockets.begin("orphan blocks", seed + 10, flood(orphanBlocks(random)));
    sockets.begin("orphan payments", seed + 11, flood(variants(random, this::orphanPayments)));
    sockets.begin("greedy", seed + 12, this::greedy);
    sockets.begin("unknown", seed + 13, flood(List.of(unknown())));
    sockets.begin("pings", seed + 14, flood(List.of(frame(new Ping(1)))));
  }

  private static List<byte[]> variants(
      SplittableRandom random, Function<SplittableRandom, byte[]> make) {
    List<byte[]> variants = new ArrayList<>();
    for (int i = 0; i < VARIANTS; i++) {
      variants.add(make.apply(random));
    }
    return variants;
  }

  /** An encoder is one thread's. */
  private static byte[] frame(Message message) {
    return FrameEncoder.of(Networks.regtest().identity().magic()).encode(message);
  }

  private static Hash256 hash(SplittableRandom random) {
    return Hash256.ofWords(
        random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  private static byte[] join(List<byte[]> frames) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    frames.forEach(out::writeBytes);
    return out.toByteArray();
  }

  private byte[] inventory(SplittableRandom random) {
    List<InventoryItem> items =
        IntStream.range(0, InventoryItem.MAX_IN_MESSAGE)
            .mapToObj(
                i ->
                    new InventoryItem(
                        i % 2 == 0 ? InventoryType.TRANSACTION : InventoryType.BLOCK, hash(random)))
            .toList();
    return frame(new Inventory(items));
  }

  private byte[] addresses(SplittableRandom random) {
    List<TimestampedAddress> addresses =
        IntStream.range(0, Addresses.MAX_ADDRESSES)
            .mapToObj(
                i -> {
                  byte[] host = {(byte) (1 + random.nextInt(120)), 0, 0, 1};
                  host[1] = (byte) random.nextInt(256);
                  host[2] = (byte) random.nextInt(256);
                  return new TimestampedAddress(
                      NOW, 9, new NetworkAddress(AddressNetwork.IPV4, Bytes.of(host), 8_333));
                })
            .toList();
    return frame(new Addresses(addresses));
  }

  private static BlockHeader mined(BlockHeader header) {
    NonceSearch.Result result = NonceSearch.search(header, NonceRange.ALL, () -> false);
    return ((NonceSearch.Found) result).header();
  }

  /** A chain that hangs in the air. */
  private byte[] headers(SplittableRandom random, boolean isMined) {
    List<BlockHeader> headers = new ArrayList<>();
    BlockHeader like = chain.blocks().get(0).header();
    Hash256 previous = hash(random);
    for (int i = 0; i < Headers.MAX_HEADERS; i++) {
      BlockHeader header =
          BlockHeader.of(like.version(), previous, hash(random), like.time() + i, like.bits(), i);
      header = isMined ? mined(header) : header;
      headers.add(header);
      previous = header.hash();
    }
    return frame(new Headers(headers));
  }

  private List<byte[]> orphanBlocks(SplittableRandom random) {
    Block like = chain.blocks().get(0);
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      BlockHeader header = like.header();
      BlockHeader orphan =
          mined(
              BlockHeader.of(
                  header.version(),
                  hash(random),
                  header.merkleRoot(),
                  header.time() + i,
                  header.bits(),
                  0));
      frames.add(frame(new BlockMessage(new Block(orphan, like.transactions()))));
    }
    return List.of(join(frames));
  }

  private byte[] orphanPayments(SplittableRandom random) {
    Transaction like = chain.payment(0);
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Message orphan =
          new TransactionMessage(
              like.withInputs(List.of(TransactionInput.spending(new OutPoint(hash(random), 0)))));
      frames.add(frame(orphan));
    }
    return join(frames);
  }

  private byte[] unknown() {
    byte[] frame = frame(new Ping(1));
    frame[4] = 'x';
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      frames.add(frame);
    }
    return join(frames);
  }

  /** A connection whose handshake is done. */
  private Socket greeted(HostileSockets sockets, SplittableRandom random) throws IOException {
    Socket socket = sockets.connect(random);
    try {
      OutputStream out = socket.getOutputStream();
      out.write(frame(Greeting.plain().version(NOW, random.nextLong())));
      out.write(frame(new Verack()));
      byte[] heard = new byte[24];
      if (socket.getInputStream().readNBytes(heard, 0, heard.length) < heard.length) {
        throw new IOException("not let in");
      }
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static void garbage(HostileSockets sockets, SplittableRandom random) throws IOException {
    try (Socket socket = sockets.connect(random)) {
      byte[] garbage = new byte[64 * 1024];
      random.nextBytes(garbage);
      for (int i = 0; i < ROUNDS && sockets.isOn(); i++) {
        socket.getOutputStream().write(garbage);
      }
    }
  }

  private byte[] header(String command, int length) {
    byte[] frame = frame(new Ping(1));
    byte[] header = Arrays.copyOf(frame, 24);
    for (int i = 0; i < 12; i++) {
      header[4 + i] = i < command.length() ? (byte) command.charAt(i) : 0;
    }
    for (int i = 0; i < 4; i++) {
      header[16 + i] = (byte) (length >>> (8 * i));
    }
    return header;
  }

  private void oversize(HostileSockets sockets, SplittableRandom random) throws IOException {
    try (Socket socket = greeted(sockets, random)) {
      OutputStream out = socket.getOutputStream();
      out.write(header("block", random.nextBoolean() ? -1 : 40_000_000));
      for (int i = 0; i < ROUNDS && sockets.isOn(); i++) {
        out.write(new byte[64 * 1024]);
      }
    }
  }

  private void slow(HostileSockets sockets, SplittableRandom random) throws IOException {
    try (Socket socket = sockets.connect(random)) {
      for (byte next : frame(Greeting.plain().version(NOW, 1))) {
        socket.getOutputStream().write(next);
        sockets.pause(100);
      }
    }
  }

  private static void silent(HostileSockets sockets, SplittableRandom random) throws IOException {
    List<Socket> all = new ArrayList<>();
    try {
      for (int i = 0; i < SILENT; i++) {
        all.add(sockets.connect(random));
      }
      sockets.pause(HOLD_MILLIS);
    } finally {
      close(all);
    }
  }

  /** Frames of megabytes that are never whole. */
  private void stalled(HostileSockets sockets, SplittableRandom random) throws IOException {
    List<Socket> all = new ArrayList<>();
    try {
      for (int i = 0; i < STALLED && sockets.isOn(); i++) {
        Socket socket = greeted(sockets, random);
        all.add(socket);
        socket.getOutputStream().write(header("block", FRAME_BYTES));
        socket.getOutputStream().write(new byte[FRAME_BYTES - 1]);
      }
      sockets.pause(HOLD_MILLIS);
    } finally {
      close(all);
    }
  }

  private static void close(List<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private HostileSockets.Attack flood(List<byte[]> frames) {
    return (sockets, random) -> {
      try (Socket socket = greeted(sockets, random)) {
        for (int i = 0; i < ROUNDS && sockets.isOn(); i++) {
          socket.getOutputStream().write(frames.get(i % frames.size()));
        }
      }
    };
  }

  /** Asks for the whole chain again and again, and reads nothing of it. */
  private void greedy(HostileSockets sockets, SplittableRandom random) throws IOException {
    List<InventoryItem> items =
        chain.blocks().stream()
            .map(block -> new InventoryItem(InventoryType.WITNESS_BLOCK, block.hash()))
            .toList();
    byte[] blocks = frame(new GetData(items));
    byte[] headers =
        frame(
            new GetHeaders(
                new Locator(List.of(Networks.regtest().genesis().hash())), Hash256.ZERO));
    try (Socket socket = greeted(sockets, random)) {
      for (int i = 0; i < ROUNDS && sockets.isOn(); i++) {
        socket.getOutputStream().write(blocks);
        socket.getOutputStream().write(headers);
      }
      sockets.pause(HOLD_MILLIS);
    }
  }
}
