package dev.crema.bench;

import dev.crema.cpu.Parallel;
import dev.crema.nn.BatchNorm2d;
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
 * Batch norm on one thread, on the result of ResNet-50's first convolution. With {@code -prof gc}
 * there are a few kB of handles, and no memory of tensors.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class NormBenchmark {
  @Param({"8"})
  public int batch = 1;

  private Tensor x = Tensor.randn(1);
  private BatchNorm2d norm = new BatchNorm2d(64);

  @Setup
  public void setUp() {
    Parallel.setNumThreads(1);
    x = Tensor.randn(batch, 64, 112, 112).requiresGrad_(true);
    norm = new BatchNorm2d(64);
  }

  @Benchmark
  public void inference() {
    norm.eval();
    step(false);
  }

  @Benchmark
  public void training() {
    norm.train();
    step(false);
  }

  @Benchmark
  public void trainingAndGradient() {
    norm.train();
    step(true);
  }

  private void step(boolean backward) {
    try (var _ = dev.crema.tensor.Scope.open("step")) {
      Tensor y = norm.call(x);
      if (backward) {
        x.zeroGrad();
        norm.zeroGrad();
        y.sum().backward();
      }
    }
  }
}
