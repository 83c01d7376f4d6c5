package org.chaincore.sync.sim;

/** Temporary. */
final class ChaosMain {
  private ChaosMain() {}

  public static void main(String[] args) {
    long from = Long.parseLong(args[0]);
    long to = Long.parseLong(args[1]);
    int failed = 0;
    for (long seed = from; seed <= to; seed++) {
      long t = System.nanoTime();
      ChaosRun run = new ChaosRun(ChaosPlan.of(seed));
      String outcome = "ok";
      try {
        run.run();
      } catch (RuntimeException | AssertionError e) {
        failed++;
        java.io.StringWriter w = new java.io.StringWriter();
        e.printStackTrace(new java.io.PrintWriter(w));
        String all = w.toString();
        outcome = "FAILED " + all.substring(0, Math.min(args.length > 2 ? 6000 : 700, all.length()));
      }
      System.out.println(
          seed + " " + (System.nanoTime() - t) / 1_000_000 + " ms lines=" + run.traceLines() + " " + run.kinds()
              + " payments=" + run.payments() + " reorg=" + run.deepestReorg() + " " + outcome);
      if (args.length > 2 && !outcome.equals("ok")) {
        System.out.println(run.story());
      }
    }
    System.out.println("failed " + failed);
  }
}
