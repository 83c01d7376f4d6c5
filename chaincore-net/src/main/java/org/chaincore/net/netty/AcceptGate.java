package org.chaincore.net.netty;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.chaincore.core.value.Bytes;
import org.chaincore.sync.peer.AddressNetwork;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.Reach;

/**
 * Decides who may connect: so many at a time, of one host so many at a time, and of one host so
 * many in a while. Hosts of IPv6 count by their first eight bytes, as one customer usually gets 2⁶⁴
 * addresses.
 *
 * <p>The rate is a token bucket a host: it holds {@link Limits#burst} and gains {@link
 * Limits#perMinute} a minute. The last {@link #MAX_HOSTS} hosts are remembered; a flood from more
 * than that is held by the number of connections only.
 *
 * <p>Thread-safe.
 */
public final class AcceptGate {
  /** So many hosts are remembered: a flood from all of IPv6 must not fill memory. */
  static final int MAX_HOSTS = 4_096;

  private static final int IPV6_CUSTOMER_BYTES = 8;
  private static final double NANOS_A_MINUTE = 60e9;

  /**
   * What a gate allows.
   *
   * @param open connections at a time
   * @param openPerHost connections at a time of one host
   * @param perMinute connections a minute of one host, over a long time
   * @param burst connections of one host at once, if it made none for long
   * @param isLoopbackExempt whether the machine itself is bound by the first limit only
   */
  public record Limits(
      int open, int openPerHost, int perMinute, int burst, boolean isLoopbackExempt) {}

  private static final class Bucket {
    private double tokens;
    private long filledAtNanos;
  }

  private final Limits limits;
  private final LongSupplier nanoTime;

  // Guarded by this. Peers choose the keys, so a hash table would be theirs to slow down; the
  // linked
  // one is bounded, and turns crowded cells into trees, as its keys can be compared.
  private final Map<NetworkAddress, Integer> openByHost = new TreeMap<>();
  private final Map<NetworkAddress, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<NetworkAddress, Bucket> eldest) {
          return size() > MAX_HOSTS;
        }
      };
  private int open;

  /**
   * An open gate.
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  public AcceptGate(Limits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
  }

  /**
   * Asks for a place for somebody who has connected.
   *
   * @return the place, to be given back when the connection has ended; empty if there is none
   */
  public synchronized Optional<Place> enter(NetworkAddress from) {
    if (open >= limits.open) {
      return Optional.empty();
    }
    NetworkAddress host = hostOf(from);
    boolean isExempt = limits.isLoopbackExempt && from.reach() == Reach.LOOPBACK;
    int ofHost = openByHost.getOrDefault(host, 0);
    if (!isExempt && (ofHost >= limits.openPerHost || !takeToken(host))) {
      return Optional.empty();
    }
    open++;
    openByHost.put(host, ofHost + 1);
    return Optional.of(new Place(host));
  }

  private boolean takeToken(NetworkAddress host) {
    long now = nanoTime.getAsLong();
    Bucket bucket = buckets.get(host);
    if (bucket == null) {
      bucket = new Bucket();
      bucket.tokens = limits.burst;
      buckets.put(host, bucket);
    } else {
      double gained = (now - bucket.filledAtNanos) * (limits.perMinute / NANOS_A_MINUTE);
      bucket.tokens = Math.min(limits.burst, bucket.tokens + gained);
    }
    bucket.filledAtNanos = now;
    if (bucket.tokens < 1) {
      return false;
    }
    bucket.tokens -= 1;
    return true;
  }

  private static NetworkAddress hostOf(NetworkAddress from) {
    if (from.network() == AddressNetwork.IPV4) {
      return from.withPort(0);
    }
    byte[] host = from.host().toArray();
    Arrays.fill(host, IPV6_CUSTOMER_BYTES, host.length, (byte) 0);
    return new NetworkAddress(from.network(), Bytes.of(host), 0);
  }

  /** How many are in. */
  public synchronized int open() {
    return open;
  }

  /** How many hosts are remembered for their rate. */
  synchronized int rememberedHosts() {
    return buckets.size();
  }

  private synchronized void leave(Place place) {
    if (!place.isFree) {
      place.isFree = true;
      open--;
      openByHost.computeIfPresent(place.host, (host, count) -> count > 1 ? count - 1 : null);
    }
  }

  /** What somebody takes who was let in. */
  public final class Place {
    private final NetworkAddress host;
    private boolean isFree;

    private Place(NetworkAddress host) {
      this.host = host;
    }

    /** Gives the place back. Calling it again does nothing. */
    public void free() {
      leave(this);
    }
  }
}
