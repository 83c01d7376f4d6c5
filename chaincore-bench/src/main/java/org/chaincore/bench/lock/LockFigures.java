package org.chaincore.bench.lock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Makes the tables and the picture of docs/bench/locks.md from JMH's results: writes the picture to
 * the file that its first argument names and the tables to the standard output. The other arguments
 * are {@code LABEL=FILE}, a JDK and results written by {@code -rf csv}. Of several results of one
 * JDK the median is taken, figure by figure.
 */
public final class LockFigures {
  private static final String WRITER = "WriterAmongReadersBenchmark.writerAmongReaders";
  private static final String MIX = "LockMixBenchmark.threads";
  private static final List<Integer> THREADS = List.of(1, 2, 8);
  private static final List<Integer> READ_PERCENTS = List.of(100, 99, 90, 50);

  private final Map<String, List<Double>> values = new LinkedHashMap<>();

  private LockFigures() {}

  /** Reads the results, writes the figures. */
  public static void main(String[] args) throws IOException {
    if (args.length < 2) {
      throw new IllegalArgumentException("wanted: PICTURE.svg LABEL=RESULTS.csv...");
    }
    Map<String, LockFigures> byJdk = new LinkedHashMap<>();
    for (int i = 1; i < args.length; i++) {
      int sign = args[i].indexOf('=');
      String jdk = args[i].substring(0, sign);
      byJdk
          .computeIfAbsent(jdk, any -> new LockFigures())
          .read(Path.of(args[i].substring(sign + 1)));
    }
    StringBuilder text = new StringBuilder();
    byJdk.forEach((jdk, figures) -> text.append(figures.writerTable(jdk)));
    byJdk.forEach((jdk, figures) -> text.append(figures.hasMix() ? figures.mixTable(jdk) : ""));
    System.out.print(text);
    List<String> names = List.of(LockKind.values()).stream().map(LockFigures::name).toList();
    LockPlot plot = new LockPlot(List.copyOf(byJdk.keySet()), names);
    plot.bars("Write wait p99, ms (log scale, lower is better)", true, each(byJdk, "p0.99"));
    plot.bars("Reads, thousands a second (higher is better)", false, each(byJdk, "reads"));
    Files.writeString(Path.of(args[0]), plot.toString());
  }

  /** One figure of every lock and JDK, the locks of one JDK side by side. */
  private static List<List<Double>> each(Map<String, LockFigures> byJdk, String what) {
    List<List<Double>> all = new ArrayList<>();
    for (LockFigures figures : byJdk.values()) {
      all.add(
          figures.ofEach(
              kind -> what.equals("reads") ? figures.reads(kind) : figures.wait(kind, what)));
    }
    return all;
  }

  private List<Double> ofEach(Function<LockKind, Double> figure) {
    return List.of(LockKind.values()).stream().map(figure).toList();
  }

  /** Adds the rows of a file. JMH quotes names and puts no comma into them. */
  private void read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<String> header = cells(lines.get(0));
    for (String line : lines.subList(1, lines.size())) {
      Map<String, String> row = new LinkedHashMap<>();
      List<String> cells = cells(line);
      for (int i = 0; i < cells.size(); i++) {
        row.put(header.get(i), cells.get(i));
      }
      String name = cell(row, "Benchmark").replaceAll("^.*\\.(\\w+\\.\\w+)", "$1");
      String key = key(name, cell(row, "Mode"), cell(row, "Param: kind"), percent(row));
      values
          .computeIfAbsent(key, any -> new ArrayList<>())
          .add(Double.parseDouble(cell(row, "Score")));
    }
  }

  private static List<String> cells(String line) {
    return List.of(line.replace("\"", "").split(",", -1));
  }

  private static String cell(Map<String, String> row, String column) {
    return row.getOrDefault(column, "");
  }

  private static String percent(Map<String, String> row) {
    return cell(row, "Param: readPercent");
  }

  private static String key(String name, String mode, String kind, String percent) {
    return String.join(" ", name, mode, kind, percent).strip();
  }

  private double median(String key) {
    List<Double> sorted = values.getOrDefault(key, List.of()).stream().sorted().toList();
    if (sorted.isEmpty()) {
      throw new IllegalArgumentException("the results lack " + key);
    }
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private double reads(LockKind kind) {
    return median(key(WRITER + ":read", "thrpt", kind.name(), ""));
  }

  private double wait(LockKind kind, String percentile) {
    return median(key(WRITER + ":write:" + percentile, "sample", kind.name(), ""));
  }

  private double mix(LockKind kind, int threads, int readPercent) {
    return median(key(MIX + threads, "thrpt", kind.name(), String.valueOf(readPercent)));
  }

  /** Results of the writer among readers alone make its table and the picture. */
  private boolean hasMix() {
    return values.keySet().stream().anyMatch(key -> key.startsWith(MIX));
  }

  private String writerTable(String jdk) {
    StringBuilder text = new StringBuilder("### " + jdk + "\n\n");
    text.append("| lock | reads, k/s | of unfair | write wait p50, ms | p90 | p99 | max |\n");
    text.append("|---|---|---|---|---|---|---|\n");
    for (LockKind kind : LockKind.values()) {
      String share =
          String.format(Locale.ROOT, "%.0f %%", 100 * reads(kind) / reads(LockKind.UNFAIR));
      List<String> waits =
          List.of("p0.50", "p0.90", "p0.99", "p1.00").stream()
              .map(percentile -> number(wait(kind, percentile)))
              .toList();
      text.append(line(name(kind), String.format(Locale.ROOT, "%.0f", reads(kind)), share))
          .append(' ')
          .append(String.join(" | ", waits))
          .append(" |\n");
    }
    return text.append('\n').toString();
  }

  private String mixTable(String jdk) {
    StringBuilder text = new StringBuilder("### " + jdk + "\n\n");
    text.append("| threads | reads | ranked | unfair | fair | stamped | ranked : unfair |\n");
    text.append("|---|---|---|---|---|---|---|\n");
    for (int threads : THREADS) {
      for (int percent : READ_PERCENTS) {
        List<Double> rates = ofEach(kind -> mix(kind, threads, percent));
        double ratio =
            mix(LockKind.RANKED, threads, percent) / mix(LockKind.UNFAIR, threads, percent);
        text.append(line(String.valueOf(threads), percent + " %"))
            .append(' ')
            .append(String.join(" | ", rates.stream().map(LockFigures::number).toList()))
            .append(String.format(Locale.ROOT, " | %.2f |\n", ratio));
      }
    }
    return text.append('\n').toString();
  }

  private static String line(String... cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  private static String name(LockKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** A figure with as many places as mean something. */
  static String number(double value) {
    String form = value >= 1000 ? "%.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, form, value);
  }
}
