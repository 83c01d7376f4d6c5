package org.chaincore.sync.peer;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.chaincore.core.block.ByteReader;
import org.chaincore.core.block.ByteWriter;
import org.chaincore.core.block.MalformedBytesException;

/**
 * Hosts that are not welcome, by what they own ({@link GroupingRule#ownerOf}), not by their port.
 *
 * <p><b>Two degrees.</b> A <i>ban</i> is the host application's word: no connection either way
 * until its time is over. <i>Discouragement</i> is this node's own judgement of a peer that
 * misbehaved: it is not dialled, its addresses are not passed on, and it is the first to go when
 * slots are short, but while there is room it may come; for an address may have many users, and a
 * judgement may be wrong.
 *
 * <p><b>Attack and answer.</b> Whoever has many addresses can have many discouraged: they are kept
 * in a set that rolls over, bounded in number and time, and never cost a ban. Bans are bounded too;
 * the one that ends first goes.
 *
 * <p>Times are Unix seconds. Not thread-safe; confined to the protocol's thread.
 */
public final class BanList {
  /** Bans at a time. */
  public static final int MAX_BANS = 10_000;

  /** Discouraged owners at a time, in two generations. */
  public static final int MAX_DISCOURAGED = 20_000;

  /** An owner is discouraged for one to two of these. */
  public static final long DISCOURAGED_SECONDS = 24 * 60 * 60;

  private static final CheckedSnapshot FRAME = new CheckedSnapshot(0x4e42_4343, 1);
  private static final int BAN_BYTES = AddressBytes.MIN_BYTES + 8;

  private final GroupingRule rule;
  private final Map<NetworkAddress, Long> untilByOwner = new TreeMap<>();
  private final RollingOwners discouraged = new RollingOwners(MAX_DISCOURAGED, DISCOURAGED_SECONDS);

  private BanList(GroupingRule rule) {
    this.rule = rule;
  }

  /** An empty list. */
  public static BanList of(GroupingRule rule) {
    return new BanList(rule);
  }

  /** Bans the owner of an address, or lets its ban end at another time. */
  public void ban(NetworkAddress address, long untilSeconds, long nowSeconds) {
    NetworkAddress owner = rule.ownerOf(address);
    if (untilSeconds <= nowSeconds) {
      untilByOwner.remove(owner);
      return;
    }
    if (untilByOwner.size() >= MAX_BANS && !untilByOwner.containsKey(owner)) {
      makeRoom(nowSeconds);
    }
    untilByOwner.put(owner, untilSeconds);
  }

  /** Ends the ban and the discouragement of the owner of an address. */
  public void forgive(NetworkAddress address) {
    NetworkAddress owner = rule.ownerOf(address);
    untilByOwner.remove(owner);
    discouraged.remove(owner);
  }

  public boolean isBanned(NetworkAddress address, long nowSeconds) {
    Long until = untilByOwner.get(rule.ownerOf(address));
    return until != null && nowSeconds < until;
  }

  /** Discourages the owner of an address. */
  public void discourage(NetworkAddress address, long nowSeconds) {
    discouraged.add(rule.ownerOf(address), nowSeconds);
  }

  public boolean isDiscouraged(NetworkAddress address, long nowSeconds) {
    return discouraged.contains(rule.ownerOf(address), nowSeconds);
  }

  /** The bans that hold, by owner. */
  public List<Ban> bans(long nowSeconds) {
    return untilByOwner.entrySet().stream()
        .filter(ban -> nowSeconds < ban.getValue())
        .map(ban -> new Ban(ban.getKey(), ban.getValue()))
        .toList();
  }

  /** Discouraged owners, some of whose time may be over. */
  public int discouragedSize() {
    return discouraged.size();
  }

  /** Writes all of it. */
  public void write(ByteWriter out) {
    ByteWriter content = ByteWriter.create();
    content.compactSize(untilByOwner.size());
    untilByOwner.forEach(
        (owner, until) -> {
          AddressBytes.write(owner, content);
          content.int64(until);
        });
    content.int64(discouraged.youngSinceSeconds());
    write(discouraged.old(), content);
    write(discouraged.young(), content);
    FRAME.write(out, content);
  }

  /**
   * Reads what {@link #write} wrote. Under another rule, what was written under the old one simply
   * applies to no one any more.
   *
   * @param nowSeconds discouragement that began after this, by a clock that was wrong then, began
   *     now
   * @throws MalformedBytesException if it is nothing that was written
   */
  public static BanList read(ByteReader in, GroupingRule rule, long nowSeconds) {
    ByteReader content = FRAME.read(in);
    BanList list = new BanList(rule);
    int bans = bounded(content, "bans", BAN_BYTES, MAX_BANS);
    for (int i = 0; i < bans; i++) {
      list.untilByOwner.put(AddressBytes.read(content), content.int64("ban.until"));
    }
    long since = content.int64("discouraged.since");
    List<NetworkAddress> old = readOwners(content);
    List<NetworkAddress> young = readOwners(content);
    content.expectEnd("bans");
    list.discouraged.restore(old, young, Math.max(0, Math.min(since, nowSeconds)));
    return list;
  }

  private void makeRoom(long nowSeconds) {
    untilByOwner.values().removeIf(until -> until <= nowSeconds);
    if (untilByOwner.size() >= MAX_BANS) {
      untilByOwner.entrySet().stream()
          .min(Comparator.comparingLong(Map.Entry::getValue))
          .map(Map.Entry::getKey)
          .ifPresent(untilByOwner::remove);
    }
  }

  private static void write(Collection<NetworkAddress> owners, ByteWriter out) {
    out.compactSize(owners.size());
    owners.forEach(owner -> AddressBytes.write(owner, out));
  }

  private static List<NetworkAddress> readOwners(ByteReader in) {
    int at = in.position();
    List<NetworkAddress> owners =
        in.list("discouraged", AddressBytes.MIN_BYTES, AddressBytes::read);
    if (owners.size() > MAX_DISCOURAGED / 2) {
      throw new MalformedBytesException(at, "discouraged", owners.size() + " are too many");
    }
    return owners;
  }

  private static int bounded(ByteReader in, String field, int minBytesEach, int most) {
    int at = in.position();
    int count = in.count(field, minBytesEach);
    if (count > most) {
      throw new MalformedBytesException(at, field, count + " are too many");
    }
    return count;
  }
}
