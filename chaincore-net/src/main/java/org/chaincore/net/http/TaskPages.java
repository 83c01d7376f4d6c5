package org.chaincore.net.http;

import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.chaincore.core.event.ChainEvent.BlockRef;
import org.chaincore.sync.protocol.PeerStatus;
import org.chaincore.sync.protocol.SyncEvent.TaskFinished;
import org.chaincore.sync.protocol.SyncStatus;
import org.chaincore.sync.protocol.TaskFigures;
import org.chaincore.sync.settings.SyncTask;

/** Tasks of the node that are done now since somebody wants it. Thread-safe. */
final class TaskPages {
  /** A client waits no longer for what comes of a task; the task goes on. */
  private static final long WAIT_SECONDS = 10;

  private final NodeDesk node;

  TaskPages(NodeDesk node) {
    this.node = node;
  }

  /** What came of a task, empty if that is not known in time. */
  static CompletableFuture<Optional<TaskFinished>> within(CompletableFuture<TaskFinished> task) {
    return task.thenApply(Optional::of)
        .completeOnTimeout(Optional.empty(), WAIT_SECONDS, TimeUnit.SECONDS);
  }

  CompletableFuture<ApiResponse> mempool(Call call) {
    return triggered(SyncTask.MEMPOOL, "Mempool synchronization initiated");
  }

  CompletableFuture<ApiResponse> statistics(Call call) {
    return triggered(SyncTask.STATISTICS, "Network statistics synchronization initiated");
  }

  private CompletableFuture<ApiResponse> triggered(SyncTask task, String message) {
    return within(node.request(task))
        .thenApply(
            done -> {
              TaskFigures figures = done.map(TaskFinished::figures).orElse(TaskFigures.NONE);
              return ApiResponse.ok(
                  JsonWriter.object()
                      .put("status", "sync_triggered")
                      .put("message", message)
                      .put("finished", done.isPresent())
                      .object("receipt")
                      .put("peers_asked", figures.peersAsked())
                      .put("offered", figures.offered())
                      .put("wanted", figures.wanted())
                      .put("received", figures.received())
                      .put("duplicates", figures.duplicates())
                      .put("bytes", figures.bytes())
                      .end()
                      .end());
            });
  }

  CompletableFuture<ApiResponse> chain(Call call) {
    int before = node.view().height() + 1;
    return within(node.request(SyncTask.CHAIN))
        .thenCompose(done -> node.sources().driver().currentStatus())
        .thenApply(status -> chain(before, status));
  }

  private ApiResponse chain(int before, SyncStatus status) {
    int now = node.view().height() + 1;
    Optional<PeerStatus> best =
        status.connections().peers().stream()
            .filter(PeerStatus::isEstablished)
            .max(Comparator.comparingInt(TaskPages::lengthOf));
    if (now != before && best.isPresent()) {
      return ApiResponse.ok(
          JsonWriter.object()
              .put("status", "synced")
              .put("peer", best.get().end().address().toString())
              .put("old_length", before)
              .put("new_length", now)
              .end());
    }
    return ApiResponse.ok(
        JsonWriter.object()
            .put("status", "no_sync_needed")
            .put("current_length", now)
            .put("peer_length", best.map(TaskPages::lengthOf).orElse(0))
            .put("why", status.why())
            .end());
  }

  private static int lengthOf(PeerStatus peer) {
    BlockRef best = peer.best();
    PeerStatus.Introduction said = peer.introduction();
    if (best != null) {
      return best.height() + 1;
    }
    return said == null ? 0 : said.startHeight() + 1;
  }
}
