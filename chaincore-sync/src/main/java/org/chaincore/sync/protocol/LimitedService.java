package org.chaincore.sync.protocol;

import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.config.BodyRules;
import org.chaincore.core.engine.ChainEngine;
import org.chaincore.core.store.BodyRetention;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.Services;

/**
 * What nodes that forget old blocks offer, are asked for and give: the last {@link
 * BodyRetention#LIMITED_PEER_BLOCKS} blocks, and no older one even if it is there still, as the
 * depth to which a node has pruned would tell it apart from others.
 *
 * <p>Whoever has a chain to download is of no use to such a node's slots, so we choose one
 * ourselves only when we have caught up, or to have anybody at all. Source: BIP159.
 *
 * <p>Stateless.
 */
final class LimitedService {
  /** So many blocks may come while a request is on its way. Source: Bitcoin Core. */
  static final int RACE_BLOCKS = 2;

  private LimitedService() {}

  /**
   * What a node offers now: the whole chain no longer when its store forgets blocks or lacks old
   * ones, and the last blocks only if it has so many and keeps them.
   *
   * @param configured what it would offer if it had everything
   */
  static long offered(long configured, ChainEngine engine) {
    BodyRetention retention = engine.retention();
    if (!Services.hasAll(configured, Services.NETWORK) || !retention.isLimited()) {
      return configured;
    }
    long rest = configured & ~Services.NETWORK;
    return keepsItsPromise(retention, engine.view().height())
        ? rest | Services.NETWORK_LIMITED
        : rest;
  }

  private static boolean keepsItsPromise(BodyRetention retention, int height) {
    int promised = BodyRetention.LIMITED_PEER_BLOCKS;
    return retention.keptBlocks() >= promised
        && (retention.prunedHeight() == 0 || retention.depthBelow(height) >= promised);
  }

  /** Whether a node that offers this gives away a block. */
  static boolean gives(long offered, ChainView view, HeaderNode block) {
    return Services.hasAll(offered, Services.NETWORK)
        || view.height() - block.height() <= BodyRetention.LIMITED_PEER_BLOCKS + RACE_BLOCKS;
  }

  /** Whether a peer can be expected to have the body of a block of its chain. */
  static boolean mayHave(Peer peer, HeaderNode block) {
    if (peer.facts().servesAllBlocks()) {
      return true;
    }
    HeaderNode best = peer.bestKnown();
    int depth = best == null ? 0 : best.height() - block.height();
    return depth < BodyRetention.LIMITED_PEER_BLOCKS - RACE_BLOCKS;
  }

  /** Whether somebody who offers this is worth a connection that we make. */
  static boolean suits(long services, ConnectionKind kind, MachineContext context) {
    if (!Services.hasAll(services, Services.WITNESS)) {
      return false;
    }
    return Services.hasAll(services, Services.NETWORK)
        || (Services.hasAll(services, Services.NETWORK_LIMITED) && isLimitedEnough(kind, context));
  }

  private static boolean isLimitedEnough(ConnectionKind kind, MachineContext context) {
    return !kind.isChosen() // A feeler only looks; and the host knows what it wants.
        || context.isCaughtUp()
        || context.engine().params().bodyRules() == BodyRules.HEADERS_ONLY
        || context.peers().established().isEmpty();
  }
}
