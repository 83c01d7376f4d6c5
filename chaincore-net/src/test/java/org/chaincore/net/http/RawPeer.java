package org.chaincore.net.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.config.ChainParams;
import org.chaincore.core.fixture.ChainFixture;
import org.chaincore.sync.codec.Frame;
import org.chaincore.sync.codec.FrameDecoder;
import org.chaincore.sync.codec.FrameEncoder;
import org.chaincore.sync.codec.FrameLimits;
import org.chaincore.sync.codec.MessageFrame;
import org.chaincore.sync.fixture.Conversation;
import org.chaincore.sync.fixture.Greeting;
import org.chaincore.sync.message.GetHeaders;
import org.chaincore.sync.message.Headers;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.message.Verack;
import org.chaincore.sync.message.Version;
import org.chaincore.sync.transport.Connection;
import org.chaincore.sync.transport.MemoryNetwork;
import org.chaincore.sync.transport.Receiver;
import org.chaincore.sync.transport.Transport;

/** A peer that greets, or does not, shows headers of blocks, and never gives a block. */
final class RawPeer implements Transport.Acceptor, AutoCloseable {
  private final Transport transport;
  private final ChainParams params;
  private final boolean isMute;
  private final List<BlockHeader> shown = new ArrayList<>();

  private RawPeer(Transport transport, ChainParams params, boolean isMute) {
    this.transport = transport;
    this.params = params;
    this.isMute = isMute;
    transport.start(this);
  }

  /** One that never says a word. */
  static RawPeer mute(MemoryNetwork network, int number, ChainParams params) {
    return new RawPeer(network.transportAt(Conversation.addressOf(number)), params, true);
  }

  /** One that shows the headers of a chain. */
  static RawPeer withChain(MemoryNetwork network, int number, ChainFixture chain) {
    RawPeer peer =
        new RawPeer(
            network.transportAt(Conversation.addressOf(number)), chain.engine().params(), false);
    for (int height = 1; height <= chain.engine().view().height(); height++) {
      peer.shown.add(chain.engine().view().at(height).orElseThrow().header());
    }
    return peer;
  }

  void connectTo(int number) {
    transport.connect(Conversation.addressOf(number), 1);
  }

  private final class Talk implements Receiver {
    private final Connection connection;
    private final FrameEncoder encoder = FrameEncoder.of(params.identity().magic());
    private final FrameDecoder decoder =
        FrameDecoder.of(params.identity().magic(), FrameLimits.of(params));

    Talk(Connection connection) {
      this.connection = connection;
    }

    void send(Message message) {
      connection.send(encoder.encode(message));
    }

    void greet() {
      if (!isMute) {
        Greeting greeting = Greeting.full(Set.of());
        send(greeting.version(params.genesis().header().time() + 3_600, 99));
      }
    }

    @Override
    public void received(byte[] bytes) {
      for (Frame frame : decoder.feed(bytes)) {
        if (!isMute && frame instanceof MessageFrame heard) {
          answer(heard.message());
        }
      }
    }

    private void answer(Message message) {
      if (message instanceof Version) {
        send(new Verack());
      } else if (message instanceof GetHeaders asked) {
        boolean isKnown =
            shown.isEmpty()
                || asked.locator().hashes().get(0).equals(shown.get(shown.size() - 1).hash());
        send(new Headers(isKnown ? List.of() : shown));
      }
    }

    @Override
    public void drained() {}

    @Override
    public void closed() {}
  }

  @Override
  public Receiver accepted(Connection connection) {
    Talk talk = new Talk(connection);
    talk.greet();
    return talk;
  }

  @Override
  public Receiver connected(Connection connection, long attempt) {
    return accepted(connection);
  }

  @Override
  public void connectFailed(long attempt) {}

  @Override
  public void close() {
    transport.close();
  }
}
