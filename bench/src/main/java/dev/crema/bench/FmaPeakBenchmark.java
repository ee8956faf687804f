package dev.crema.bench;

import dev.crema.cpu.simd.Lanes;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one core can do: fused multiply-adds that touch registers only, twelve chains, more than any
 * CPU's latency times units needs. The figure to which {@link GemmBenchmark}'s is compared, in the
 * same run.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class FmaPeakBenchmark {
  private static final int STEPS = 100_000;
  private static final int CHAINS = 12;

  /** Not constants, so that nothing folds. */
  private float scale = 0.999f;

  private float shift = 0.001f;

  @Benchmark
  public float f32(Gflops counter) {
    counter.add(2.0 * CHAINS * STEPS * Lanes.F_LENGTH);
    return floats(scale, shift);
  }

  @Benchmark
  public double f64(Gflops counter) {
    counter.add(2.0 * CHAINS * STEPS * Lanes.D_LENGTH);
    return doubles(scale, shift);
  }

  private static float floats(float scale, float shift) {
    var x = FloatVector.broadcast(Lanes.F, scale);
    var y = FloatVector.broadcast(Lanes.F, shift);
    var c0 = x;
    var c1 = x;
    var c2 = x;
    var c3 = x;
    var c4 = x;
    var c5 = x;
    var c6 = x;
    var c7 = x;
    var c8 = x;
    var c9 = x;
    var c10 = x;
    var c11 = x;
    for (int i = 0; i < STEPS; i++) {
      c0 = c0.fma(x, y);
      c1 = c1.fma(x, y);
      c2 = c2.fma(x, y);
      c3 = c3.fma(x, y);
      c4 = c4.fma(x, y);
      c5 = c5.fma(x, y);
      c6 = c6.fma(x, y);
      c7 = c7.fma(x, y);
      c8 = c8.fma(x, y);
      c9 = c9.fma(x, y);
      c10 = c10.fma(x, y);
      c11 = c11.fma(x, y);
    }
    var left = c0.add(c1).add(c2).add(c3).add(c4).add(c5);
    return left.add(c6).add(c7).add(c8).add(c9).add(c10).add(c11).lane(0);
  }

  private static double doubles(double scale, double shift) {
    var x = DoubleVector.broadcast(Lanes.D, scale);
    var y = DoubleVector.broadcast(Lanes.D, shift);
    var c0 = x;
    var c1 = x;
    var c2 = x;
    var c3 = x;
    var c4 = x;
    var c5 = x;
    var c6 = x;
    var c7 = x;
    var c8 = x;
    var c9 = x;
    var c10 = x;
    var c11 = x;
    for (int i = 0; i < STEPS; i++) {
      c0 = c0.fma(x, y);
      c1 = c1.fma(x, y);
      c2 = c2.fma(x, y);
      c3 = c3.fma(x, y);
      c4 = c4.fma(x, y);
      c5 = c5.fma(x, y);
      c6 = c6.fma(x, y);
      c7 = c7.fma(x, y);
      c8 = c8.fma(x, y);
      c9 = c9.fma(x, y);
      c10 = c10.fma(x, y);
      c11 = c11.fma(x, y);
    }
    var left = c0.add(c1).add(c2).add(c3).add(c4).add(c5);
    return left.add(c6).add(c7).add(c8).add(c9).add(c10).add(c11).lane(0);
  }
}
