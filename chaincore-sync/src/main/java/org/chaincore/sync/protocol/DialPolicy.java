package org.chaincore.sync.protocol;

import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.chaincore.sync.peer.AddressBook;
import org.chaincore.sync.peer.AddressBook.Choice;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.ConnectionSlots;
import org.chaincore.sync.peer.KnownAddress;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerMemory;

/**
 * Which addresses may be dialled: none of our own, none that is banned, discouraged or resting,
 * none that did not answer a moment ago, and none that the slots would not take, for they see to it
 * that peers differ.
 *
 * <p>Not thread-safe; confined to the protocol.
 */
final class DialPolicy {
  private static final int MAX_DOUBLINGS = 7;

  private final MachineContext context;
  private final PeerMemory memory;
  private final ConnectionSlots slots;
  private final OwnAddresses own;
  private final RestingAddresses resting = new RestingAddresses();
  private final SplittableRandom random;

  DialPolicy(
      MachineContext context, ConnectionSlots slots, OwnAddresses own, SplittableRandom random) {
    this.context = context;
    this.memory = context.memory();
    this.slots = slots;
    this.own = own;
    this.random = random;
  }

  RestingAddresses resting() {
    return resting;
  }

  /**
   * An address to dial, from the book.
   *
   * @param restSeconds how long it has not been dialled at least, doubled with each failure
   */
  Optional<NetworkAddress> choose(ConnectionKind kind, long restSeconds, long nowMillis) {
    AddressBook book = memory.book();
    if (book.size() == 0) {
      return Optional.empty();
    }
    Choice choice = kind == ConnectionKind.FEELER ? Choice.NEW : Choice.EITHER;
    long nowSeconds = context.seconds(nowMillis);
    // A small book is asked for the same addresses thousands of times when none of them will do.
    Map<NetworkAddress, Boolean> asked = new TreeMap<>();
    return book.select(
            choice,
            known ->
                mayServe(known, kind)
                    && isRested(known, restSeconds, nowSeconds)
                    && asked.computeIfAbsent(
                        known.address(), address -> mayDial(address, kind, nowMillis)),
            nowSeconds,
            random)
        .map(KnownAddress::address);
  }

  /** Whether an address may be dialled that this node chose. */
  boolean mayDial(NetworkAddress address, ConnectionKind kind, long nowMillis) {
    long nowSeconds = context.seconds(nowMillis);
    return !own.contains(address)
        && !memory.bans().isBanned(address, nowSeconds)
        && !memory.bans().isDiscouraged(address, nowSeconds)
        && !resting.contains(address, nowMillis)
        && slots.mayDial(address, kind);
  }

  /** A feeler finds out for itself; of an address without any services nothing is known yet. */
  private boolean mayServe(KnownAddress known, ConnectionKind kind) {
    return kind == ConnectionKind.FEELER
        || known.services() == 0
        || LimitedService.suits(known.services(), kind, context);
  }

  private static boolean isRested(KnownAddress known, long restSeconds, long nowSeconds) {
    long attempt = known.history().attemptSeconds();
    long rest = restSeconds << Math.min(known.history().failures(), MAX_DOUBLINGS);
    return attempt == 0 || nowSeconds - attempt >= rest || nowSeconds < attempt;
  }
}
