package org.chaincore.sync.protocol;

import java.util.List;
import java.util.Map;
import org.chaincore.core.value.Hash256;
import org.chaincore.sync.message.Message;
import org.chaincore.sync.peer.ConnectionKind;
import org.chaincore.sync.peer.NetworkAddress;
import org.chaincore.sync.peer.PeerId;
import org.chaincore.sync.settings.OperationalSettings;
import org.chaincore.sync.settings.SettingsDocument;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.settings.TrustedSigners;

/** What can happen to the protocol. */
public sealed interface Input {
  /**
   * A connection stands; nothing has been said on it.
   *
   * @param peer its name from now on, never used before
   * @param address the other end
   * @param kind who made it, and what for
   */
  record Connected(PeerId peer, NetworkAddress address, ConnectionKind kind) implements Input {}

  /**
   * A connection that was asked for did not come about.
   *
   * @param address where to
   * @param kind what for
   */
  record ConnectFailed(NetworkAddress address, ConnectionKind kind) implements Input {}

  /**
   * A connection is gone. Every connection that stood ends with one of these, whoever ended it.
   *
   * @param peer which
   */
  record Disconnected(PeerId peer) implements Input {}

  /**
   * A peer said something.
   *
   * @param peer who
   * @param message what
   * @param bytes the size of its frame
   */
  record Received(PeerId peer, Message message, int bytes) implements Input {
    public Received {
      if (bytes < 0) {
        throw new IllegalArgumentException("a frame of " + bytes + " bytes");
      }
    }
  }

  /**
   * A peer sent bytes that are no message. Nothing that it sends after them is read.
   *
   * @param peer who
   * @param reason what kind of fault it is
   * @param detail what is wrong with them, for the log
   */
  record Malformed(PeerId peer, Reason reason, String detail) implements Input {
    /** Kinds of faults. */
    public enum Reason {
      /** They begin as no frame of this network does: one of another, or none at all. */
      OTHER_NETWORK,
      /** A frame that names no command, or whose payload is not the one that was sent. */
      NO_FRAME,
      /** A frame that declares more than it may hold. */
      OVERSIZE,
      /** A whole frame whose payload is no message of its kind. */
      NO_MESSAGE
    }
  }

  /**
   * A peer sent a message of a kind that this version does not know. It was skipped; reading it
   * cost something all the same.
   *
   * @param peer who
   * @param command what the peer calls it, printable
   * @param bytes the size of its frame
   */
  record Unknown(PeerId peer, String command, int bytes) implements Input {}

  /**
   * How much of what was sent to a peer has not left yet. To be told when it passes {@link
   * SyncProtocol#SEND_QUEUE_BYTES} and when it falls below it again.
   *
   * @param peer which
   * @param bytes how many wait
   */
  record SendQueue(PeerId peer, long bytes) implements Input {}

  /**
   * The wall clock differs by another amount from protocol time than before: it was set, or has
   * drifted. See {@link SyncProtocol} for what goes by which.
   *
   * @param aheadMillis what it shows, less protocol time
   */
  record ClockSet(long aheadMillis) implements Input {}

  /** Time has passed; or the chain or the mempool changed by another hand than the protocol's. */
  record Woken() implements Input {}

  /**
   * The host wants a task done now.
   *
   * @param task which
   * @param receipt how the host will know its result again, see {@link SyncEvent.TaskFinished}
   */
  record TaskRequested(SyncTask task, long receipt) implements Input {}

  /**
   * The host has measured how fast it mines. To be told when that changes; it goes into the
   * statistics of the network.
   *
   * @param hashesPerSecond its own rate, 0 when it does not mine
   */
  record OwnHashRate(long hashesPerSecond) implements Input {
    public OwnHashRate {
      if (hashesPerSecond < 0) {
        throw new IllegalArgumentException("a hash rate below 0: " + hashesPerSecond);
      }
    }
  }

  /**
   * The host wants to be connected to an address, whatever the address book says, and again
   * whenever the connection is lost. What cannot be done is told by {@link
   * SyncEvent.ConnectionRefused}. The wish ends when the host has the peer disconnected or banned.
   *
   * @param address where
   */
  record ConnectRequested(NetworkAddress address) implements Input {}

  /**
   * The host wants a connection ended.
   *
   * @param peer which
   */
  record DisconnectRequested(PeerId peer) implements Input {}

  /**
   * The host wants no connection with whoever owns an address, in either direction.
   *
   * @param address where
   * @param untilSeconds when the ban ends, Unix seconds; one that is over ends an earlier ban
   */
  record BanRequested(NetworkAddress address, long untilSeconds) implements Input {}

  /**
   * The host wants blocks for itself that the chain does not need, as those below a snapshot. They
   * are fetched from peers, in no order, and told by {@link SyncEvent.BlockFetched}. One that is
   * wanted again after it came is asked of another peer.
   *
   * @param blocks all that are wanted from now on, in the order in which they are asked for
   */
  record BlocksWanted(List<Hash256> blocks) implements Input {
    /** More at a time would only wait in memory. */
    public static final int MAX_BLOCKS = 128;

    public BlocksWanted {
      blocks = List.copyOf(blocks);
      if (blocks.size() > MAX_BLOCKS) {
        throw new IllegalArgumentException(blocks.size() + " blocks wanted at a time");
      }
    }
  }

  /**
   * The host wants what the node remembers of peers, to keep it over a restart. Told by {@link
   * SyncEvent.PeersToKeep}.
   */
  record PeersToKeepRequested() implements Input {}

  /**
   * The host wants what the node remembers of signed settings, to keep it over a restart: without
   * it a document that was replaced could be published again. Told by {@link
   * SyncEvent.SettingsToKeep}.
   */
  record SettingsToKeepRequested() implements Input {}

  /**
   * The host wants all forgotten that was held against the owner of an address.
   *
   * @param address where
   */
  record ForgiveRequested(NetworkAddress address) implements Input {}

  /**
   * The host publishes settings that it, or somebody else, signed for the network.
   *
   * @param document the settings
   */
  record SettingsPublished(SettingsDocument document) implements Input {}

  /**
   * The host changes its own settings, under those of the document in force.
   *
   * @param settings all of them
   */
  record OwnSettings(OperationalSettings settings) implements Input {}

  /**
   * The host changes some of its own settings, whatever they are when it is the input's turn: what
   * it changed before by other means stays.
   *
   * @param changes values by the names of settings
   */
  record OwnSettingsChanged(Map<String, String> changes) implements Input {
    public OwnSettingsChanged {
      changes = Map.copyOf(changes);
    }
  }

  /**
   * The host changes whose settings it obeys. Documents of others are neither obeyed nor passed on
   * from now on. If the document in force is by one of them the host's own settings hold again: one
   * that it had replaced does not come back, and neither does it when its signer is trusted again,
   * who has to publish a newer one. Peers are asked at once for what the new signers have
   * published.
   *
   * @param signers all of them
   */
  record SignersTrusted(TrustedSigners signers) implements Input {}
}
