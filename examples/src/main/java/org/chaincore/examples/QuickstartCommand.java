package org.chaincore.examples;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.chaincore.core.chain.HeaderNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Runs three full nodes in this process through everything that a chain goes through, checks that
 * what must hold holds, and draws a picture of it. The last line on standard output is for
 * machines.
 */
@Command(
    name = "quickstart",
    description = {
      "Three full nodes in one process mine with real proof of work, pay, are cut apart, mine on both"
          + " sides, heal, reorganise and recover orphans.",
      "Takes less than a minute. Ends with 0 if every invariant held, with 1 and the name of the"
          + " broken one if not, 2 if the command line is wrong, 3 if the page cannot be written."
    },
    mixinStandardHelpOptions = true)
final class QuickstartCommand implements Callable<Integer> {
  private static final int BROKEN = 1;
  private static final int MOST_THREADS = 256;
  private static final int SEEDS = 1_000_000;
  private static final String PAGE = "quickstart.html";

  private final Clock clock;

  @Spec private CommandSpec spec;

  @Option(
      names = "--seed",
      description =
          "Keys and who mines are drawn from this number; without it from the clock. It is"
              + " printed.")
  private @Nullable Long seed;

  @Option(
      names = "--threads",
      description = "Threads that search nonces; without it one for each processor.")
  private @Nullable Integer threads;

  @Option(
      names = "--out",
      description =
          "Where the page with the picture goes; without it "
              + PAGE
              + " in the directory target if"
              + " the current directory has one, else in the directory for temporary files.")
  private @Nullable Path out;

  /** A command whose nodes read this clock; picocli fills in the other fields. */
  @SuppressWarnings("NullAway.Init")
  QuickstartCommand(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    int workers = requireThreads();
    Path page = requirePage();
    long usedSeed = seed != null ? seed : Math.floorMod(clock.millis(), SEEDS);
    long startNanos = System.nanoTime();
    Journal journal = new Journal(spec.commandLine().getOut());
    journal.say(
        "quickstart: three full nodes in one process, seed %d, %d threads", usedSeed, workers);
    ExecutorService executor = Executors.newFixedThreadPool(workers, QuickstartCommand::daemon);
    Miner miner = new Miner(executor, workers, clock, journal);
    try (QuickstartStory story = new QuickstartStory(journal, miner, new Random(usedSeed), clock)) {
      QuickstartStory.Ending ending = story.tell();
      double seconds = (System.nanoTime() - startNanos) / 1e9;
      String html = new BlockTreePage(journal, ending.node(), usedSeed, seconds).html();
      Files.writeString(page, html, StandardCharsets.UTF_8);
      journal.scene(String.format(Locale.ROOT, "Done in %.1f s", seconds));
      journal.say("  the picture: %s", page.toAbsolutePath().normalize());
      HeaderNode tip = ending.node().engine().view().tip();
      return end(
          0,
          "ok height=%d tip=%s reorgs=%d orphans_recovered=%d",
          tip.height(),
          tip.hash(),
          journal.reorganisations().size(),
          journal.recoveries().size());
    } catch (BrokenInvariant broken) {
      return end(
          BROKEN,
          "failed invariant=%s detail=%s",
          broken.invariant(),
          String.valueOf(broken.getMessage()).replace('\n', ' '));
    } catch (RuntimeException bug) {
      return end(BROKEN, "failed invariant=none detail=%s", bug.getClass().getName());
    } finally {
      executor.shutdownNow();
    }
  }

  private int end(int exitCode, String format, Object... values) {
    PrintWriter writer = spec.commandLine().getOut();
    writer.println("quickstart: " + String.format(Locale.ROOT, format, values));
    writer.flush();
    return exitCode;
  }

  private int requireThreads() {
    int number = threads != null ? threads : Runtime.getRuntime().availableProcessors();
    if (number < 1 || (threads != null && number > MOST_THREADS)) {
      throw wrong("--threads is not in 1.." + MOST_THREADS + ": " + number);
    }
    return Math.min(number, MOST_THREADS);
  }

  private Path requirePage() {
    if (out == null) {
      Path target = Path.of("target");
      boolean hasTarget = Files.isDirectory(target) && Files.isWritable(target);
      return (hasTarget ? target : Path.of(System.getProperty("java.io.tmpdir"))).resolve(PAGE);
    }
    Path directory = out.toAbsolutePath().getParent();
    if (Files.isDirectory(out) || directory == null || !Files.isWritable(directory)) {
      throw wrong("--out cannot be written: " + out);
    }
    return out;
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "nonce-search");
    thread.setDaemon(true);
    return thread;
  }
}
