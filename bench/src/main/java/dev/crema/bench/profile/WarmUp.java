package dev.crema.bench.profile;

import dev.crema.bench.lab.JitWatch;

/**
 * Readies a step by running it under its profiler, as it will be measured: until the best time of a
 * step has not improved for some rounds and the JIT compiler rests.
 */
public final class WarmUp {
  /** As many steps as take this long are one round. */
  private static final long ROUND_NANOS = 20_000_000;

  /** An improvement below this share is noise. */
  private static final double IMPROVED = 0.97;

  private static final int STEADY_ROUNDS = 4;

  /** Of steps that take longer than {@link #LONG_NANOS}: fewer of them compile all of it. */
  private static final int STEADY_LONG_ROUNDS = 2;

  private static final double LONG_NANOS = 1e9;

  /** Then it ends, settled or not. */
  public static final long MOST_SECONDS = 20;

  private WarmUp() {}

  /** Whether times settled before it ended. */
  public static boolean of(Profiler profiler, Runnable step) {
    var jit = new JitWatch();
    long began = System.nanoTime();
    double best = Double.MAX_VALUE;
    int steady = 0;
    boolean settled = false;
    while (!settled && System.nanoTime() - began < MOST_SECONDS * 1e9) {
      double nanos = round(profiler, step);
      steady = nanos < best * IMPROVED ? 0 : steady + 1;
      best = Math.min(best, nanos);
      int enough = best > LONG_NANOS ? STEADY_LONG_ROUNDS : STEADY_ROUNDS;
      settled = jit.rests() && steady >= enough;
    }
    return settled;
  }

  /** Nanoseconds of a step. */
  private static double round(Profiler profiler, Runnable step) {
    profiler.start();
    long began = System.nanoTime();
    int steps = 0;
    do {
      step.run();
      profiler.step();
      steps++;
    } while (System.nanoTime() - began < ROUND_NANOS);
    return (double) profiler.stop().nanos() / steps;
  }
}
