package org.chaincore.bench.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.chaincore.bench.workload.BareNetty;
import org.chaincore.core.config.Networks;
import org.chaincore.net.node.ChainNode;

/**
 * How soon a node without a data directory is ready, and what it takes at rest: each time in a JVM
 * of its own, beside one that starts a bare Netty server, and an empty one.
 *
 * <p>Arguments: how many of each, and options for the JVMs that are measured. Prints JSON objects
 * in the form of {@code SideBySide}; smaller is better.
 *
 * <p>{@code java -cp chaincore-bench/target/benchmarks.jar org.chaincore.bench.net.StartUp 7}
 *
 * <p>With an archive of classes, which the first of these lines makes (end it by SIGTERM):
 *
 * <pre>{@code
 * J="java -cp chaincore-bench/target/benchmarks.jar"
 * timeout 10 $J -XX:ArchiveClassesAtExit=node.jsa org.chaincore.bench.net.StartUp as NODE
 * $J org.chaincore.bench.net.StartUp 7 -XX:SharedArchiveFile=node.jsa
 * }</pre>
 */
public final class StartUp {
  private static final int REST_SECONDS = 20;
  private static final double START_GOAL_MILLIS = 700;
  private static final double PROCESS_GOAL = 0.67;
  private static final double RESIDENT_GOAL_MEGABYTES = 60;
  private static final double CPU_GOAL_PERCENT = 0.5;

  private StartUp() {}

  /** What runs in a JVM of its own. */
  private enum Kind {
    NODE,
    NETTY,
    EMPTY
  }

  /**
   * One JVM.
   *
   * @param readyMillis from the start of the process until it says that it is ready
   * @param startMillis what it says that its start took within the JVM
   * @param residentMegabytes at rest
   * @param cpuPercent of a core, at rest
   */
  private record Run(
      double readyMillis, double startMillis, double residentMegabytes, double cpuPercent) {}

  /** Measures, or is measured. */
  public static void main(String[] args) throws Exception {
    if (args.length > 1 && args[0].equals("as")) {
      serve(Kind.valueOf(args[1]));
      return;
    }
    int runs = args.length > 0 ? Integer.parseInt(args[0]) : 7;
    List<String> options = List.of(args).subList(Math.min(1, args.length), args.length);
    Run[] nodes = new Run[runs];
    Run[] netty = new Run[runs];
    Run[] empty = new Run[runs];
    for (int i = 0; i < runs; i++) {
      boolean isLast = i == runs - 1; // Rest takes long, and varies little.
      netty[i] = run(Kind.NETTY, false, options);
      nodes[i] = run(Kind.NODE, isLast, options);
      empty[i] = run(Kind.EMPTY, isLast, options);
    }
    double start = median(Arrays.stream(nodes).mapToDouble(Run::startMillis).toArray());
    double ready = median(Arrays.stream(nodes).mapToDouble(Run::readyMillis).toArray());
    double bare = median(Arrays.stream(netty).mapToDouble(Run::readyMillis).toArray());
    double none = median(Arrays.stream(empty).mapToDouble(Run::readyMillis).toArray());
    say("start_to_ready", start, START_GOAL_MILLIS, "aim", 1, "ms", runs);
    say("process_to_ready", ready, bare, "bare Netty server", PROCESS_GOAL, "ms", runs);
    say("empty_process", none, none, "itself", 1, "ms", runs);
    double resident = nodes[runs - 1].residentMegabytes - empty[runs - 1].residentMegabytes;
    say("idle_resident_above_empty", resident, RESIDENT_GOAL_MEGABYTES, "aim", 1, "MB", 1);
    say("idle_cpu", nodes[runs - 1].cpuPercent, CPU_GOAL_PERCENT, "aim", 1, "% of a core", 1);
  }

  private static void say(
      String metric, double ours, double beside, String name, double goal, String unit, int runs) {
    System.out.printf(
        Locale.ROOT,
        "{\"metric\":\"%s\",\"chaincore\":%.2f,\"peer\":%.2f,\"peer_name\":\"%s\",\"ratio\":%.3f,"
            + "\"goal\":%.2f,\"unit\":\"%s\",\"runs\":%d}%n",
        metric,
        ours,
        beside,
        name,
        beside / ours,
        goal,
        unit,
        runs);
  }

  private static void serve(Kind kind) throws Exception {
    long begun = System.nanoTime();
    switch (kind) {
      case NODE ->
          ChainNode.builder()
              .network(Networks.regtest())
              .listen("127.0.0.1:0")
              .http("127.0.0.1:0")
              .start();
      case NETTY -> BareNetty.start(2);
      case EMPTY -> {}
    }
    System.out.printf(Locale.ROOT, "ready %.3f%n", (System.nanoTime() - begun) / 1e6);
    new CountDownLatch(1).await();
  }

  private static Run run(Kind kind, boolean isToRest, List<String> options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            StartUp.class.getName(),
            "as",
            kind.name()));
    long begun = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      double readyMillis = (System.nanoTime() - begun) / 1e6;
      if (line == null || !line.startsWith("ready ")) {
        throw new IllegalStateException("it said " + line);
      }
      double startMillis = Double.parseDouble(line.substring("ready ".length()));
      if (!isToRest) {
        return new Run(readyMillis, startMillis, 0, 0);
      }
      rest();
      double cpuBefore = cpuMillis(process);
      rest();
      double cpuPercent = (cpuMillis(process) - cpuBefore) / (REST_SECONDS * 1_000.0) * 100;
      return new Run(readyMillis, startMillis, residentMegabytes(process), cpuPercent);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static void rest() throws InterruptedException {
    TimeUnit.SECONDS.sleep(REST_SECONDS);
  }

  private static double cpuMillis(Process process) {
    return process.info().totalCpuDuration().orElseThrow().toMillis();
  }

  private static double residentMegabytes(Process process) throws IOException {
    for (String line :
        Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Integer.parseInt(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IOException("no VmRSS");
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
