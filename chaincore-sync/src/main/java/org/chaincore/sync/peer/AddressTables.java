package org.chaincore.sync.peer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The two tables of an address book and the list of all that is in them. Keeps what must always
 * hold: an address is in one tried slot or in one to {@value #MAX_NEW_PLACES} new ones, each the
 * one that its hash names, and is listed as long as it is in any.
 *
 * <p>Not thread-safe; confined to its book.
 */
final class AddressTables {
  /** New buckets that one address may be in at a time. Stops the one who tells it the loudest. */
  static final int MAX_NEW_PLACES = 8;

  private final BucketPlaces places;
  private final TriedContests contests;
  private final BucketTable fresh = new BucketTable(BucketPlaces.NEW_BUCKETS);
  private final BucketTable tried = new BucketTable(BucketPlaces.TRIED_BUCKETS);

  /** A tree, since peers choose the keys and could make those of a hash table collide. */
  private final TreeMap<NetworkAddress, AddressEntry> byAddress = new TreeMap<>();

  /** All, in an order that a sample may change. */
  private final List<AddressEntry> entries = new ArrayList<>();

  AddressTables(BucketPlaces places, TriedContests contests) {
    this.places = places;
    this.contests = contests;
  }

  BucketTable fresh() {
    return fresh;
  }

  BucketTable tried() {
    return tried;
  }

  int size() {
    return entries.size();
  }

  /** All, in their order. */
  List<AddressEntry> entries() {
    return Collections.unmodifiableList(entries);
  }

  Optional<AddressEntry> find(NetworkAddress address) {
    return Optional.ofNullable(byAddress.get(address));
  }

  /**
   * Gives an address the slot that it has in a new bucket, if that is free, its holder is worthless
   * or its holder has others and the address none.
   */
  void offerNew(AddressEntry entry, int bucket, long nowSeconds) {
    @Nullable AddressEntry holder = fresh.at(bucket, places.newSlot(entry.address(), bucket));
    if (holder == entry) {
      return;
    }
    boolean canSpareIt = holder != null && holder.placesInNew() > 1 && entry.placesInNew() == 0;
    if (holder == null || canSpareIt || holder.isTerrible(nowSeconds)) {
      takeNew(entry, bucket);
    }
  }

  /** Gives an address its slot in a new bucket, whoever holds it. */
  void takeNew(AddressEntry entry, int bucket) {
    int slot = places.newSlot(entry.address(), bucket);
    @Nullable AddressEntry holder = fresh.at(bucket, slot);
    if (holder != null) {
      leaveNew(holder, bucket);
      if (holder.isHomeless()) {
        drop(holder);
      }
    }
    fresh.fill(bucket, slot, entry);
    entry.enteredNew(bucket);
    list(entry);
  }

  boolean isNewSlotFree(NetworkAddress address, int bucket) {
    return fresh.at(bucket, places.newSlot(address, bucket)) == null;
  }

  /** Who holds the one slot in tried that an address could have. */
  Optional<AddressEntry> triedHolder(NetworkAddress address) {
    int bucket = places.triedBucket(address);
    return Optional.ofNullable(tried.at(bucket, places.triedSlot(address, bucket)));
  }

  /** Moves an address to its slot in tried, which is free. */
  void takeTried(AddressEntry entry) {
    int bucket = places.triedBucket(entry.address());
    tried.fill(bucket, places.triedSlot(entry.address(), bucket), entry);
    entry.setTried(true);
    leaveAllNew(entry);
    list(entry);
  }

  /**
   * Gives the slot of a tried address to one that could have the same, and moves the former back to
   * where it was first told of, whoever is there now.
   */
  void replaceTried(AddressEntry holder, AddressEntry successor) {
    leaveTried(holder);
    takeTried(successor);
    takeNew(holder, holder.homeBucket());
  }

  void forget(AddressEntry entry) {
    if (entry.isTried()) {
      leaveTried(entry);
    }
    leaveAllNew(entry);
    drop(entry);
  }

  /** Exchanges two addresses in the order of all. */
  void swap(int one, int other) {
    Collections.swap(entries, one, other);
    entries.get(one).index = one;
    entries.get(other).index = other;
  }

  private void leaveTried(AddressEntry entry) {
    int bucket = places.triedBucket(entry.address());
    tried.empty(bucket, places.triedSlot(entry.address(), bucket));
    entry.setTried(false);
  }

  private void leaveAllNew(AddressEntry entry) {
    for (int bucket : entry.newBuckets()) {
      leaveNew(entry, bucket);
    }
  }

  private void leaveNew(AddressEntry entry, int bucket) {
    fresh.empty(bucket, places.newSlot(entry.address(), bucket));
    entry.leftNew(bucket);
  }

  private void list(AddressEntry entry) {
    if (byAddress.putIfAbsent(entry.address(), entry) == null) {
      entry.index = entries.size();
      entries.add(entry);
    }
  }

  private void drop(AddressEntry entry) {
    contests.forget(entry);
    byAddress.remove(entry.address());
    swap(entry.index, entries.size() - 1);
    entries.remove(entries.size() - 1);
  }
}
