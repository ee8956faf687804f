package dev.crema.bench;

import dev.crema.bench.lab.FmaLoop;
import dev.crema.tensor.DType;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one core can do, by {@link FmaLoop}: the figure to which {@link GemmBenchmark}'s is
 * compared, in the same run.
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

  @Param({"F32", "F64"})
  public DType dtype = DType.F32;

  /** Not constants, so that nothing folds. */
  private float scale = 0.999f;

  private float shift = 0.001f;

  @Benchmark
  public double fma(Gflops counter) {
    counter.add(FmaLoop.flops(dtype, STEPS));
    return FmaLoop.run(dtype, STEPS, scale, shift);
  }
}
