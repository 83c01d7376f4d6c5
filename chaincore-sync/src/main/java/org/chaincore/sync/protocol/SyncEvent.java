package org.chaincore.sync.protocol;

import org.chaincore.core.block.Block;
import org.chaincore.core.rules.Rejection;
import org.chaincore.core.store.StoreException;
import org.chaincore.core.value.Bytes;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.peer.Misbehaviour;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.settings.RefusalReason;
import org.chaincore.sync.settings.SyncTask;

/** What the protocol tells its host. What happens to the chain the engine tells. */
public sealed interface SyncEvent {
  /**
   * The handshake with a peer is done.
   *
   * @param peer which
   * @param address where it is
   * @param userAgent its software, as it says
   */
  record PeerReady(PeerId peer, NetworkAddress address, String userAgent) implements SyncEvent {}

  /**
   * A connection is over.
   *
   * @param peer which
   */
  record PeerGone(PeerId peer) implements SyncEvent {}

  /**
   * A peer did something that an honest and healthy one does not.
   *
   * @param peer which
   * @param misbehaviour what
   * @param detail more about it
   */
  record PeerMisbehaved(PeerId peer, Misbehaviour misbehaviour, String detail)
      implements SyncEvent {}

  /**
   * A block that came from a peer was refused. No blame lies in it: a block that was put together
   * from a compact one may be passed on before it is judged (BIP152), and one from the future may
   * be good later. Where there is blame, {@link PeerMisbehaved} follows.
   *
   * @param peer who sent it
   * @param block its hash
   * @param rejection why
   */
  record BlockRefused(PeerId peer, Hash256 block, Rejection rejection) implements SyncEvent {}

  /**
   * A connection that the host asked for is not made, or was ended in the handshake as the peer
   * lives by other rules, whose field the reason names, or has not what a peer must have. The
   * latter is tried again, more and more seldom.
   *
   * @param address where to
   * @param reason why
   */
  record ConnectionRefused(NetworkAddress address, DisconnectReason reason) implements SyncEvent {}

  /**
   * What the node remembers of peers, as the host asked for it.
   *
   * @param memory what {@link org.chaincore.sync.peer.PeerMemory#restore} takes; with the secret of
   *     the address book, so for nobody else
   */
  record PeersToKeep(Bytes memory) implements SyncEvent {}

  /**
   * What the node remembers of signed settings, as the host asked for it.
   *
   * @param state what {@link org.chaincore.sync.settings.SettingsState#restore} reads
   */
  record SettingsToKeep(Bytes state) implements SyncEvent {}

  /**
   * A task that the host asked for is done, or can not be done.
   *
   * @param task which
   * @param receipt what the host called it
   * @param figures what came of it
   * @param succeeded whether it was done; not if nobody answered, or too many wishes for it wait
   */
  record TaskFinished(SyncTask task, long receipt, TaskFigures figures, boolean succeeded)
      implements SyncEvent {}

  /**
   * The chain has grown by as many blocks as the schedule says, or the host asked.
   *
   * @param height its height
   * @param bits the target of its last block, in compact form
   * @param isAdjusted whether it is another than was reported last
   */
  record DifficultyReported(int height, int bits, boolean isAdjusted) implements SyncEvent {}

  /**
   * Our chain has caught up with what peers have.
   *
   * @param height its height
   * @param tip its last block
   */
  record CaughtUp(int height, Hash256 tip) implements SyncEvent {}

  /**
   * A block that the host wanted has come, see {@link Input.BlocksWanted}. Nobody has looked at its
   * body yet.
   *
   * @param block the block, of the header that was named
   */
  record BlockFetched(Block block) implements SyncEvent {}

  /**
   * The store failed, as on a full disk. What needed it was not done, the rest goes on, and nobody
   * is blamed. Told once a minute while it fails; blocks are tried again every ten seconds.
   *
   * @param cause what the store threw
   */
  record StoreFailed(StoreException cause) implements SyncEvent {}

  /**
   * Other operational settings hold from now on.
   *
   * @param documentVersion the version of the document that brought them, 0 if the host did
   */
  record SettingsChanged(long documentVersion) implements SyncEvent {}

  /**
   * Settings that the host gave were refused, and nothing changed. What peers send and is refused
   * is counted only.
   *
   * @param reason why
   * @param detail the same in words
   */
  record SettingsRefused(RefusalReason reason, String detail) implements SyncEvent {}
}
