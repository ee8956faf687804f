package dev.crema.bench.peers;

import com.sun.management.OperatingSystemMXBean;
import dev.crema.bench.lab.JitWatch;
import dev.crema.bench.peers.lib.Contender;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Times contenders in turns, A B A B and so on, so that what else the machine does falls on all of
 * them. First each runs alone until its times have stopped falling and the JIT compiler rests. A
 * turn is one call to have the caches filled again, not counted, and then as many as fill {@link
 * #TURN_MS}; of long calls it is one, and counted. On several threads, what is not counted is a
 * turn's length: an operating system needs some ticks of its clock to give threads that slept a
 * core each.
 */
final class Race {
  private static final double TURN_MS = 20;
  private static final double LONG_MS = 60;

  /** An improvement below this share is noise. */
  private static final double IMPROVED = 0.97;

  private static final int TURNS_TO_SETTLE = 3;
  private static final double LONGEST_WARM_UP_MS = 6_000;

  /** A contender this many times slower than the first gets few turns. */
  private static final double HOPELESS = 6;

  /**
   * Native worker threads spin for a while after a call before they sleep, some for a fifth of a
   * second, on processors that the next contender needs: it waits until the process rests.
   */
  private static final int LONGEST_REST_MS = 1_000;

  /** How long one look takes: processor time is counted in steps of 10 ms. */
  private static final int REST_MS = 30;

  /** The processor time that a process at rest takes in such a while, at most: one step. */
  private static final long AT_REST_NANOS = 10_000_000;

  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final double budgetMs;
  private final int leastRounds;
  private final boolean quiet;
  private final LongSupplier clock;

  /**
   * @param budgetMs for the turns of each contender
   * @param leastRounds however long they are
   * @param threads of each contender; with one, none has workers that must come to rest
   * @param clock in nanoseconds
   */
  Race(double budgetMs, int leastRounds, int threads, LongSupplier clock) {
    this.budgetMs = budgetMs;
    this.leastRounds = leastRounds;
    this.quiet = threads > 1;
    this.clock = clock;
  }

  /** Milliseconds of a call, for each contender and round. The hopeless have fewer rounds. */
  List<double[]> run(List<Contender> contenders) throws InterruptedException {
    List<Double> warm = new ArrayList<>();
    for (Contender c : contenders) {
      rest();
      warm.add(warmUp(c));
    }
    double longest = 0;
    for (double ms : warm) {
      longest = Math.max(longest, ms > HOPELESS * warm.getFirst() ? 0 : ms);
    }
    int rounds = Math.clamp((long) (budgetMs / Math.max(longest, TURN_MS)), leastRounds, 25);
    List<double[]> times = new ArrayList<>();
    for (double ms : warm) {
      times.add(new double[ms > HOPELESS * warm.getFirst() ? Math.min(3, rounds) : rounds]);
    }
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < contenders.size(); i++) {
        if (round < times.get(i).length) {
          rest();
          times.get(i)[round] = turn(contenders.get(i), warm.get(i));
        }
      }
    }
    return times;
  }

  private void rest() throws InterruptedException {
    boolean rests = !quiet;
    for (int i = 0; !rests && i < LONGEST_REST_MS / REST_MS; i++) {
      long before = PROCESS.getProcessCpuTime();
      Thread.sleep(REST_MS);
      rests = PROCESS.getProcessCpuTime() - before <= AT_REST_NANOS;
    }
  }

  private double turn(Contender c, double expectedMs) {
    if (expectedMs < LONG_MS) {
      sample(c, quiet ? TURN_MS : 0);
    }
    return sample(c, TURN_MS);
  }

  private double sample(Contender c, double leastMs) {
    long start = clock.getAsLong();
    int calls = 0;
    long now;
    do {
      c.run();
      calls++;
      now = clock.getAsLong();
    } while (now - start < leastMs * 1e6);
    return (now - start) * 1e-6 / calls;
  }

  /** The best time of a call. */
  private double warmUp(Contender c) {
    var jit = new JitWatch();
    double best = Double.MAX_VALUE;
    double spent = 0;
    int steady = 0;
    int turns = 0;
    while (turns < 2
        || (spent < LONGEST_WARM_UP_MS && (steady < TURNS_TO_SETTLE || !jit.rests()))) {
      long start = System.nanoTime();
      double ms = sample(c, TURN_MS);
      spent += (System.nanoTime() - start) * 1e-6;
      steady = ms < best * IMPROVED ? 0 : steady + 1;
      best = Math.min(best, ms);
      turns++;
    }
    return best;
  }
}
