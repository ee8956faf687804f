package dev.crema.bench;

import dev.crema.cpu.Parallel;
import dev.crema.tensor.Pool2dOptions;
import dev.crema.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Pooling, forward and with its gradient (of the sum), on one thread, on the result of AlexNet's
 * first convolution. With {@code -prof gc} there are a few kB of handles, and no memory of tensors.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class PoolBenchmark {
  @Param({"32"})
  public int batch = 1;

  @Param({"3x2", "2x2"})
  public String window = "";

  private Tensor x = Tensor.randn(1);
  private Pool2dOptions options = Pool2dOptions.kernel(1);

  @Setup
  public void setUp() {
    Parallel.setNumThreads(1);
    x = Tensor.randn(batch, 64, 55, 55).requiresGrad_(true);
    String[] sizes = window.split("x");
    options = Pool2dOptions.kernel(Integer.parseInt(sizes[0])).stride(Integer.parseInt(sizes[1]));
  }

  @Benchmark
  public void maxPool2d() {
    step(true, false);
  }

  @Benchmark
  public void maxPool2dAndGradient() {
    step(true, true);
  }

  @Benchmark
  public void avgPool2d() {
    step(false, false);
  }

  @Benchmark
  public void avgPool2dAndGradient() {
    step(false, true);
  }

  private void step(boolean max, boolean backward) {
    try (var _ = dev.crema.tensor.Scope.open("step")) {
      Tensor y = max ? x.maxPool2d(options) : x.avgPool2d(options);
      if (backward) {
        x.zeroGrad();
        y.sum().backward();
      }
    }
  }
}
