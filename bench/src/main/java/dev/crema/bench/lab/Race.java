package dev.crema.bench.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * Times contenders in turns, A B A B and so on, so that what else the machine does falls on all of
 * them. First all run until the JIT compiler has done its work: until the best of each has not
 * improved for some rounds and the compiler rests. Only then is anything counted.
 */
final class Race {
  /** The shortest sample: as many calls as take this long are timed together. */
  private static final double SAMPLE_MS = 1;

  private static final double WARM_UP_SAMPLE_MS = 15;

  /** An improvement below this share is noise. */
  private static final double IMPROVED = 0.97;

  private static final int STEADY_ROUNDS = 4;

  /** Warming up ends after so long per contender, settled or not; where there is but one, later. */
  private static final double MAX_WARM_UP_MS = 6000;

  private static final double MAX_WARM_UP_ALONE_MS = 30_000;

  private static final int LEAST_SAMPLES = 3;

  private final double budgetMs;
  private final Runnable beforeSample;
  private final boolean singly;
  private double maxWarmUpMs;

  /**
   * @param budgetMs how long each contender is timed
   */
  Race(double budgetMs) {
    this(budgetMs, () -> {}, false);
  }

  private Race(double budgetMs, Runnable beforeSample, boolean singly) {
    this.budgetMs = budgetMs;
    this.beforeSample = beforeSample;
    this.singly = singly;
  }

  /** Single calls, and this before each of them. */
  static Race cold(double budgetMs, Runnable beforeCall) {
    return new Race(budgetMs, beforeCall, true);
  }

  /**
   * What came out.
   *
   * @param settled whether times had stopped falling before they were counted
   */
  record Times(double minMs, double medianMs, int samples, boolean settled) {}

  List<Times> run(List<Runnable> calls) {
    maxWarmUpMs = calls.size() == 1 ? MAX_WARM_UP_ALONE_MS : MAX_WARM_UP_MS;
    List<Contender> all = calls.stream().map(Contender::new).toList();
    warmUp(all);
    while (!all.stream().allMatch(Contender::isTimed)) {
      all.stream().filter(c -> !c.isTimed()).forEach(Contender::time);
    }
    return all.stream().map(Contender::times).toList();
  }

  private void warmUp(List<Contender> all) {
    var jit = new JitWatch();
    boolean done = all.isEmpty();
    while (!done) {
      all.stream().filter(c -> !c.isTiredOfWarmUp()).forEach(Contender::warmUp);
      boolean rests = jit.rests();
      all.forEach(c -> c.settled = rests && c.isSteady());
      done =
          all.stream().allMatch(c -> c.settled)
              || all.stream().allMatch(Contender::isTiredOfWarmUp);
    }
  }

  private final class Contender {
    private final Runnable call;
    private final List<Double> samples = new ArrayList<>();
    private double best = Double.MAX_VALUE;
    private double warmUpMs;
    private double timedMs;
    private int steadyRounds;
    private boolean settled;

    Contender(Runnable call) {
      this.call = call;
    }

    void warmUp() {
      long start = System.nanoTime();
      double ms = sample(WARM_UP_SAMPLE_MS);
      warmUpMs += (System.nanoTime() - start) * 1e-6;
      steadyRounds = ms < best * IMPROVED ? 0 : steadyRounds + 1;
      best = Math.min(best, ms);
    }

    /** The longer a call takes, the fewer it takes to compile all of it. */
    boolean isSteady() {
      int enough = best >= maxWarmUpMs ? 1 : best >= budgetMs ? 2 : STEADY_ROUNDS;
      return steadyRounds >= enough;
    }

    boolean isTiredOfWarmUp() {
      return warmUpMs >= maxWarmUpMs && steadyRounds >= 1;
    }

    void time() {
      long start = System.nanoTime();
      double ms = sample(SAMPLE_MS);
      timedMs += (System.nanoTime() - start) * 1e-6;
      samples.add(ms);
    }

    boolean isTimed() {
      return timedMs >= budgetMs && (samples.size() >= LEAST_SAMPLES || best >= budgetMs);
    }

    /** Milliseconds of one call, the mean of as many as take this long together. */
    double sample(double leastMs) {
      beforeSample.run();
      long start = System.nanoTime();
      int calls = 0;
      long now;
      do {
        call.run();
        calls++;
        now = System.nanoTime();
      } while (!singly && now - start < leastMs * 1e6);
      return (now - start) * 1e-6 / calls;
    }

    Times times() {
      double[] sorted = samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      int half = sorted.length / 2;
      double median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
      return new Times(sorted[0], median, sorted.length, settled);
    }
  }
}
