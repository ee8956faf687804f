package dev.crema.bench;

import dev.crema.bench.lab.NetworkStep;
import dev.crema.cpu.Parallel;
import dev.crema.nn.models.Models;
import dev.crema.tensor.Device;
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
 * Whole training steps: forward, cross-entropy, backward, SGD with momentum. With {@code -prof gc}
 * there are some 100 kB of handles and graph, and no memory of tensors.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 10, time = 1000, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class TrainBenchmark {
  @Param({"lenet"})
  public String model = "";

  @Param({"64"})
  public int batch = 1;

  @Param({"1", "2"})
  public int threads = 1;

  private Runnable step = () -> {};

  @Setup
  public void setUp() {
    Parallel.setNumThreads(threads);
    step = new NetworkStep(Models.get(model), batch, true, Device.cpu());
  }

  @Benchmark
  public void step() {
    step.run();
  }
}
