package dev.crema.bench.lab;

import dev.crema.cpu.Parallel;
import dev.crema.tensor.DType;

/**
 * What the machine can do at most, as measured in this run with as many threads: the best so far.
 * Measured again before each layer, since clocks change.
 */
final class Limits {
  private static final int STEPS = 20_000;
  private static final int CHUNKS_PER_THREAD = 4;
  private static final double SHORT_MS = 20;
  private static final double MAX_WARM_UP_MS = 20_000;

  /** An improvement below this share is noise. */
  private static final double IMPROVED = 1.03;

  private static final int STEADY_ROUNDS = 3;

  private final DType dtype;
  private final Memory memory = new Memory();
  private double gflops;
  private double gbPerS;
  private volatile double sink;

  Limits(DType dtype) {
    this.dtype = dtype;
    warmUp();
  }

  /**
   * Until the loops are compiled and rates have stopped rising. That the JIT compiler rests is not
   * enough: on a machine that does other work, too, it may just wait for a processor.
   */
  private void warmUp() {
    var jit = new JitWatch();
    long start = System.nanoTime();
    int steady = 0;
    while ((steady < STEADY_ROUNDS || !jit.rests() || !FmaLoop.isCompiled(dtype))
        && System.nanoTime() - start < MAX_WARM_UP_MS * 1e6) {
      double flopsBefore = gflops * IMPROVED;
      double bytesBefore = gbPerS * IMPROVED;
      measure(SHORT_MS);
      steady = gflops > flopsBefore || gbPerS > bytesBefore ? 0 : steady + 1;
    }
  }

  /** Measures once more, and says what is known. */
  Peak peak() {
    measure(SHORT_MS);
    return new Peak(gflops, gbPerS);
  }

  /** Empties the caches of what was there. */
  void coolCaches() {
    memory.run();
  }

  private void measure(double ms) {
    int chunks = CHUNKS_PER_THREAD * Parallel.numThreads();
    double flops = FmaLoop.flops(dtype, STEPS) * chunks;
    gflops = Math.max(gflops, flops / bestNanos(ms, () -> fma(chunks)));
    gbPerS = Math.max(gbPerS, Memory.BYTES / bestNanos(ms, memory::run));
  }

  private void fma(int chunks) {
    Parallel.range(chunks, 1, (from, to) -> sink = FmaLoop.run(dtype, STEPS, 0.999f, 0.001f));
  }

  private static double bestNanos(double ms, Runnable work) {
    long best = Long.MAX_VALUE;
    long start = System.nanoTime();
    do {
      long from = System.nanoTime();
      work.run();
      best = Math.min(best, System.nanoTime() - from);
    } while (System.nanoTime() - start < ms * 1e6);
    return best;
  }
}
