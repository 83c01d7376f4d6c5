package org.chaincore.net.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import org.chaincore.core.chain.ChainView;
import org.chaincore.core.chain.HeaderNode;
import org.chaincore.core.mempool.MempoolStats;
import org.chaincore.core.value.Sha256;
import org.chaincore.sync.protocol.PeerStatus;
import org.chaincore.sync.protocol.SyncStatus;

/** Pages for people: a dashboard that asks the interface itself, and a plain page. Thread-safe. */
final class HumanPages {
  private static final String HTML = "text/html; charset=utf-8";
  private static final int RECENT_BLOCKS = 10;

  private final NodeDesk node;
  private final Once<ApiResponse> dashboard = new Once<>(HumanPages::readDashboard);

  HumanPages(NodeDesk node) {
    this.node = node;
  }

  private static ApiResponse readDashboard() {
    String page = resource("dashboard.html");
    return guarded(
        ApiResponse.text(200, HTML, page), hashOf(page, "script"), hashOf(page, "style"));
  }

  private static String resource(String name) {
    try (InputStream in = HumanPages.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Names the one script or style of a page, so that a browser runs no other. */
  private static String hashOf(String page, String tag) {
    int from = page.indexOf("<" + tag + ">") + tag.length() + 2;
    int to = page.indexOf("</" + tag + ">");
    byte[] digest = Sha256.hash(page.substring(from, to).getBytes(StandardCharsets.UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
  }

  private static ApiResponse guarded(ApiResponse page, String scripts, String styles) {
    return page.with(
            "Content-Security-Policy",
            "default-src 'none'; script-src "
                + scripts
                + "; style-src "
                + styles
                + "; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'")
        .with("X-Frame-Options", "DENY")
        .with("Referrer-Policy", "no-referrer");
  }

  ApiResponse dashboard(Call call) {
    return dashboard.get();
  }

  /** A page without script, for terminals and for browsers that run none. */
  ApiResponse status(Call call) {
    SyncStatus status = node.status();
    ChainView view = node.view();
    MempoolStats mempool = node.engine().mempoolStats(node.sources().nowSeconds());
    StringBuilder out = new StringBuilder(4_096);
    String style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
            + "color-scheme:light dark}th{text-align:left;padding-right:2rem;font-weight:500}"
            + "td{font-variant-numeric:tabular-nums}code{font-size:.9em;word-break:break-all}";
    out.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n");
    out.append("<meta http-equiv=\"refresh\" content=\"30\">\n<title>ChainCore node</title>\n");
    out.append("<style>").append(style).append("</style>\n</head>\n<body>\n");
    out.append("<h1>ChainCore node</h1>\n<p>").append(escape(sentence(status))).append("</p>\n");
    out.append("<table>\n");
    row(out, "Node", node.nodeId());
    row(out, "Software", node.sources().self().software());
    row(out, "Network", node.params().name());
    row(out, "Blocks", String.format(Locale.ROOT, "%,d", view.height() + 1));
    row(out, "Latest block", view.tip().hash().toString());
    row(out, "Its time", Instant.ofEpochSecond(view.tip().header().time()).toString());
    row(out, "Difficulty", "level " + BlockJson.level(view.tip().header().bits()));
    row(
        out,
        "Waiting transactions",
        mempool.transactions() + ", " + mempool.virtualBytes() + " vbytes");
    row(out, "Peers", peers(status));
    row(out, "Running for", duration(node.uptimeMillis() / 1_000));
    out.append("</table>\n<h2>Latest blocks</h2>\n<table>\n");
    HeaderNode at = view.tip();
    for (int i = 0; i < RECENT_BLOCKS && at != null; i++) {
      row(out, Integer.toString(at.height()), at.hash().toString());
      at = at.parent();
    }
    out.append("</table>\n<h2>Peers</h2>\n<table>\n");
    for (PeerStatus peer : status.connections().peers()) {
      PeerStatus.Introduction said = peer.introduction();
      row(out, peer.end().address().toString(), said == null ? "greeting" : said.userAgent());
    }
    out.append("</table>\n</body>\n</html>\n");
    return guarded(
        ApiResponse.text(200, HTML, out.toString()), "'none'", hashOf(out.toString(), "style"));
  }

  private static String sentence(SyncStatus status) {
    String why = status.why();
    return why.isEmpty() ? "" : Character.toUpperCase(why.charAt(0)) + why.substring(1) + ".";
  }

  private static String peers(SyncStatus status) {
    return status.connections().stats().connected()
        + " ("
        + status.connections().stats().inbound()
        + " dialled us), "
        + status.connections().stats().status();
  }

  private static String duration(long seconds) {
    return seconds / 86_400
        + " d "
        + seconds % 86_400 / 3_600
        + " h "
        + seconds % 3_600 / 60
        + " min "
        + seconds % 60
        + " s";
  }

  private static void row(StringBuilder out, String name, String value) {
    out.append("<tr><th>").append(escape(name)).append("</th><td><code>");
    out.append(escape(value)).append("</code></td></tr>\n");
  }

  /** What a peer says of itself is shown, and is not to be read as markup. */
  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
