package org.chaincore.sync.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.value.Hash256;
import org.jspecify.annotations.Nullable;

/**
 * Which blocks are asked for, of whom, and which are to be asked for again because whoever was
 * asked did not deliver.
 *
 * <p>Both are bounded by what all peers together may be asked for, {@link
 * PeerDownloads#MAX_IN_FLIGHT} each, and by what may wait in {@link WaitingBlocks}.
 *
 * <p>Not thread-safe; confined to {@link BlockFetch}.
 */
final class BlockRequests {
  /** More peers than this are never asked for one block at a time: each costs its bytes again. */
  static final int MAX_HOLDERS = 2;

  private record Request(HeaderNode block, List<PeerDownloads> holders) {}

  /** Only looked up in, never walked: the order does not matter. */
  private final Map<Hash256, Request> open = new HashMap<>();

  private final NavigableSet<HeaderNode> again = new TreeSet<>(HeaderNode.LOWEST_FIRST);

  private long changesOfAgain;

  /** A peer is asked for a block. */
  void ask(PeerDownloads peer, HeaderNode block) {
    Request request =
        open.computeIfAbsent(block.hash(), hash -> new Request(block, new ArrayList<>(1)));
    request.holders.add(peer);
    peer.asked(block);
    again.remove(block);
  }

  boolean isOpen(Hash256 block) {
    return open.containsKey(block);
  }

  /** The peers that are asked for a block, first asked first. */
  List<PeerDownloads> holders(Hash256 block) {
    Request request = open.get(block);
    return request == null ? List.of() : request.holders;
  }

  /** Nobody need deliver the block any more. */
  void finish(HeaderNode block) {
    Request request = open.remove(block.hash());
    if (request != null) {
      request.holders.forEach(holder -> holder.done(block.hash()));
    }
    again.remove(block);
  }

  /** The peer will not deliver the block. If nobody else will, it is to be asked for again. */
  void giveUp(PeerDownloads peer, HeaderNode block) {
    peer.done(block.hash());
    Request request = open.get(block.hash());
    if (request != null) {
      request.holders.remove(peer);
      if (request.holders.isEmpty()) {
        open.remove(block.hash());
      }
    }
    askAgain(block);
  }

  /** The block may be asked for, of one peer more if somebody is asked already. */
  void askAgain(HeaderNode block) {
    if (holders(block.hash()).size() < MAX_HOLDERS) {
      again.add(block);
      // Also if it was there: whoever owed it until now may be asked for it from now on.
      changesOfAgain++;
    }
  }

  /** Forgets what is not to be asked for again. */
  void forgetAgain(Predicate<HeaderNode> isVain) {
    again.removeIf(isVain);
  }

  /**
   * The lowest block to be asked for again that a peer may be asked for.
   *
   * @param isVain what need not be asked for any more, and is forgotten
   */
  @Nullable HeaderNode nextAgain(Predicate<HeaderNode> isVain, Predicate<HeaderNode> mayBeAsked) {
    for (Iterator<HeaderNode> blocks = again.iterator(); blocks.hasNext(); ) {
      HeaderNode block = blocks.next();
      if (isVain.test(block)) {
        blocks.remove();
      } else if (mayBeAsked.test(block)) {
        return block;
      }
    }
    return null;
  }

  /** Grows whenever a peer may be asked for a block again that it could not be asked for before. */
  long changesOfAgain() {
    return changesOfAgain;
  }

  int openCount() {
    return open.size();
  }

  int againCount() {
    return again.size();
  }
}
