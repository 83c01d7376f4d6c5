package org.chaincore.net.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code node} command of the examples' jar in a process of its own. It was built before: the
 * system property {@code chaincore.jar} says where it is, if not beside this module.
 */
final class NodeProcess implements AutoCloseable {
  /** Small, and quick to start: many run at a time on one machine. */
  static final List<String> SMALL_JVM =
      List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final Path JAR =
      Path.of(System.getProperty("chaincore.jar", "../examples/target/chaincore.jar"))
          .toAbsolutePath();

  private static final Pattern READY =
      Pattern.compile("ready node=\\S+ p2p=\\S+:(\\d+) http=(\\S+:\\d+) height=(\\d+) .*");
  private static final Pattern KILOBYTES = Pattern.compile("(VmRSS|VmHWM):\\s+(\\d+) kB");
  private static final int READY_SECONDS = 90;

  private final Process process;
  private final CompletableFuture<Matcher> ready = new CompletableFuture<>();
  private final Path log;

  private NodeProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a node on free ports of the loopback address.
   *
   * @param log where what it writes to its error stream is kept
   * @param arguments beside the ports
   */
  static NodeProcess start(Path log, List<String> jvmOptions, List<String> arguments) {
    if (!Files.isRegularFile(JAR)) {
      throw new IllegalStateException("no " + JAR + "; it is made by mvn package");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-jar", JAR.toString(), "node", "--p2p-port", "0", "--http-port", "0"));
    command.addAll(arguments);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      NodeProcess node = new NodeProcess(process, log);
      Thread reading = new Thread(node::read, "output of " + log.getFileName());
      reading.setDaemon(true);
      reading.start();
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        Matcher matcher = READY.matcher(line);
        if (matcher.matches()) {
          ready.complete(matcher);
        }
      }
    } catch (IOException ended) {
      // It was killed.
    }
    ready.completeExceptionally(new IllegalStateException("it ended, see " + log));
  }

  private Matcher ready() {
    return ready.orTimeout(READY_SECONDS, TimeUnit.SECONDS).join();
  }

  /** Where peers connect; waits until it serves, as the next two do. */
  int p2pPort() {
    return Integer.parseInt(ready().group(1));
  }

  /** Host and port of the HTTP interface. */
  String httpAddress() {
    return ready().group(2);
  }

  HttpCalls http() {
    return new HttpCalls(httpAddress());
  }

  /** The height of the chain with which it began. */
  int firstHeight() {
    return Integer.parseInt(ready().group(3));
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it takes of memory, in kilobytes, as the system sees it; -1 once it has ended. */
  long residentKilobytes() {
    return kilobytes("VmRSS");
  }

  /** The most that it ever took. */
  long mostResidentKilobytes() {
    return kilobytes("VmHWM");
  }

  private long kilobytes(String which) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", process.pid() + "", "status"))) {
        Matcher matcher = KILOBYTES.matcher(line);
        if (matcher.matches() && matcher.group(1).equals(which)) {
          return Long.parseLong(matcher.group(2));
        }
      }
      return -1;
    } catch (IOException ended) {
      return -1;
    }
  }

  /** Processor time that it has taken, in milliseconds. */
  long cpuMillis() {
    return process.info().totalCpuDuration().orElseThrow().toMillis();
  }

  /** Ends it as a failing machine would. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Tells it to end. */
  void terminate() {
    process.destroy();
  }

  /** The code with which it ended; -1 if it goes on for longer than this. */
  int exitCode(long seconds) throws InterruptedException {
    return process.waitFor(seconds, TimeUnit.SECONDS) ? process.exitValue() : -1;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
