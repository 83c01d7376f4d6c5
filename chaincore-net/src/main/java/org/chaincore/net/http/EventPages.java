package org.chaincore.net.http;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.chaincore.core.event.ChainEvent;
import org.chaincore.core.event.EventReader;
import org.chaincore.core.value.Bytes;

/**
 * What happens to chain and mempool, as server-sent events. Each has as its id the cursor from
 * which to read on after it, which a client gives back as {@code Last-Event-ID} or as {@code from}.
 *
 * <p>Nothing is kept for a client: it reads from the engine's log at its own pace, and one that is
 * too slow is told from where it can go on. Thread-safe.
 */
final class EventPages {
  /** Events that are taken at once. */
  private static final int EVENTS_AT_ONCE = 100;

  private static final Bytes HEARTBEAT = text(": still here\n\n");

  private final NodeDesk node;

  EventPages(NodeDesk node) {
    this.node = node;
  }

  private static Bytes text(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  ApiResponse events(Call call) {
    EventReader events = node.engine().events();
    Optional<String> last = call.request().header("last-event-id");
    long from = call.number("from", 0, Long.MAX_VALUE, events.cursor());
    if (last.isPresent() && !last.get().isEmpty()) {
      if (!last.get().matches("[0-9]{1,18}")) {
        throw ApiFault.badRequest("Last-Event-ID is no cursor");
      }
      from = Long.parseLong(last.get());
    }
    return ApiResponse.streaming(new Stream(from));
  }

  /** One client. */
  private final class Stream implements ApiStream {
    private long cursor;
    private boolean hasBegun;

    Stream(long from) {
      this.cursor = from;
    }

    @Override
    public Optional<Bytes> next() {
      StringBuilder out = new StringBuilder();
      if (!hasBegun) {
        hasBegun = true;
        hello(out);
      }
      EventReader.Page page = node.engine().events().read(cursor, EVENTS_AT_ONCE);
      if (page instanceof EventReader.Page.Lagged lagged) {
        cursor = lagged.oldest();
        event(
            out,
            "lagged",
            JsonWriter.object().put("cursor", cursor).put("oldest", lagged.oldest()).end());
      } else if (page instanceof EventReader.Page.Events read) {
        for (ChainEvent event : read.events()) {
          cursor++;
          write(event, out);
        }
        cursor = read.cursor();
      }
      return out.isEmpty() ? Optional.empty() : Optional.of(text(out.toString()));
    }

    /** By the time of the start a client sees that its cursor is of another run of the node. */
    private void hello(StringBuilder out) {
      out.append("retry: 2000\n");
      event(
          out,
          "hello",
          JsonWriter.object()
              .put("cursor", cursor)
              .put("node_id", node.nodeId())
              .seconds("started_at", node.startedMillis())
              .put("blockchain_length", node.view().height() + 1)
              .put("latest_hash", node.view().tip().hash().toString())
              .end());
    }

    private void event(StringBuilder out, String name, JsonWriter data) {
      out.append("id: ").append(cursor).append('\n');
      out.append("event: ").append(name).append('\n');
      out.append("data: ").append(data).append("\n\n");
    }

    private void write(ChainEvent event, StringBuilder out) {
      String name = EventJson.name(event);
      JsonWriter data = JsonWriter.object().put("cursor", cursor).put("type", name);
      event(out, name, EventJson.write(event, data).end());
    }

    @Override
    public Bytes heartbeat() {
      return HEARTBEAT;
    }

    @Override
    public EventReader.Subscription whenMore(Runnable wake) {
      return node.engine().events().subscribe(wake);
    }
  }
}
