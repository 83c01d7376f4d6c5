package org.chaincore.sync.protocol;

import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.value.SipKey;
import org.chaincore.sync.message.TimestampedAddress;
import org.chaincore.sync.peer.AddressNetwork;
import org.chaincore.sync.peer.NetworkAddress;

/**
 * Chooses to whom an address is passed on: to one or two peers, the same ones for a day, whoever
 * tells it. So an address that somebody repeats goes round no faster, and nobody can have his
 * passed to whom he likes. The shape and the numbers are Bitcoin Core's.
 *
 * <p>Immutable and thread-safe.
 */
final class AddressRelay {
  /** Longer messages are answers to a question, not news. */
  static final int MAX_NEWS = 10;

  /** What was seen longer ago is no news; also how far clocks may differ. */
  static final long FRESH_SECONDS = 10 * 60;

  private static final long DAY_SECONDS = 24 * 60 * 60;

  private record Ranked(Peer peer, long rank) {}

  private final SipKey secret;

  AddressRelay(SplittableRandom random) {
    this.secret = SipKey.of(random.nextLong(), random.nextLong());
  }

  /** Whether an address was seen lately enough to be passed on. */
  static boolean isFresh(TimestampedAddress told, long nowSeconds) {
    return Math.abs(nowSeconds - told.timeSeconds()) <= FRESH_SECONDS;
  }

  /** Of these peers those that are told of an address. */
  List<Peer> choose(NetworkAddress address, List<Peer> peers, long nowSeconds) {
    long day = Long.divideUnsigned(nowSeconds + (hash(address) >>> 40), DAY_SECONDS);
    boolean isOverlay =
        address.network() != AddressNetwork.IPV4 && address.network() != AddressNetwork.IPV6;
    return peers.stream()
        .map(peer -> new Ranked(peer, rank(address, day, peer)))
        .sorted(Comparator.comparingLong(Ranked::rank))
        .limit(isOverlay ? 1 : 2)
        .map(Ranked::peer)
        .toList();
  }

  /** A number that names an address and that nobody outside can aim at. */
  long hash(NetworkAddress address) {
    return secret.hash(bytes(address).toArray());
  }

  private long rank(NetworkAddress address, long day, Peer peer) {
    return secret.hash(bytes(address).int64(day).int64(peer.id().value()).toArray());
  }

  private static ByteWriter bytes(NetworkAddress address) {
    return ByteWriter.ofExpectedSize(56)
        .uint8(address.network().id())
        .bytes(address.host())
        .uint16(address.port());
  }
}
