package org.chaincore.sync.protocol;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.sync.settings.SyncTask;
import org.chaincore.sync.settings.TaskCounters;
import org.chaincore.sync.statistics.NetworkStatistics;
import org.jspecify.annotations.Nullable;

/**
 * What a node knows of its network, its peers and its own progress at one moment, for people and
 * monitors to look at. What the chain and the mempool hold, the engine says.
 *
 * <p>Immutable and thread-safe.
 *
 * @param atMillis when it was taken; this and all other times of it are protocol time, see {@link
 *     SyncProtocol}
 * @param chain how far the chain is
 * @param connections who the node is connected to
 * @param tasks how its tasks went
 * @param messages what came and went since the node started, by command
 */
public record SyncStatus(
    long atMillis,
    ChainProgress chain,
    Connections connections,
    Tasks tasks,
    SortedMap<String, MessageCounts> messages) {
  /**
   * How far the chain is.
   *
   * @param tip its last block
   * @param bestHeader the header of most work that is not known to be invalid; bodies may be
   *     missing
   * @param state what the download is at, or waits for
   */
  public record ChainProgress(BlockRef tip, BlockRef bestHeader, FetchState state) {
    /** Whether all that peers are known to have is here. */
    public boolean isCaughtUp() {
      return state instanceof FetchState.CaughtUp;
    }
  }

  /**
   * Who the node is connected to.
   *
   * @param peers the connections, oldest first, those among them whose handshake is not done
   * @param stats how the node is connected, in numbers
   */
  public record Connections(List<PeerStatus> peers, PeerStats stats) {
    public Connections {
      peers = List.copyOf(peers);
    }
  }

  /**
   * How the tasks of the node went.
   *
   * @param counters of each task of the schedule; empty before the node has done anything
   * @param mempoolSync what reconciling mempools came to
   * @param network what the nodes of the network say of themselves; null before the first round
   */
  public record Tasks(
      Map<SyncTask, TaskCounters> counters,
      MempoolSyncCounters mempoolSync,
      @Nullable NetworkStatistics network) {
    public Tasks {
      Map<SyncTask, TaskCounters> copy = new EnumMap<>(SyncTask.class);
      copy.putAll(counters);
      counters = Collections.unmodifiableMap(copy);
    }
  }

  public SyncStatus {
    messages = Collections.unmodifiableSortedMap(new TreeMap<>(messages));
  }

  /** What the node is waiting for, in a sentence without its full stop. */
  public String why() {
    return chain.state().sentence();
  }

  /** What the nodes of the network say of themselves; nothing before the first round. */
  public Optional<NetworkStatistics> networkStatistics() {
    return Optional.ofNullable(tasks.network());
  }

  /** What came and went of one kind of message. */
  public MessageCounts messages(String command) {
    return messages.getOrDefault(command, MessageCounts.NONE);
  }
}
