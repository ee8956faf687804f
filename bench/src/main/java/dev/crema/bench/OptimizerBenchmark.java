package dev.crema.bench;

import dev.crema.cpu.Parallel;
import dev.crema.nn.optim.Adam;
import dev.crema.nn.optim.AdamW;
import dev.crema.nn.optim.Optimizer;
import dev.crema.nn.optim.RMSprop;
import dev.crema.nn.optim.SGD;
import dev.crema.tensor.Tensor;
import java.util.List;
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

/** Optimizer steps on one thread, over as many parameters as AlexNet's largest layers have. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class OptimizerBenchmark {
  @Param({"sgd", "sgd-momentum", "adam", "adamw", "rmsprop"})
  public String kind = "";

  @Param({"16777216"})
  public int parameters = 1;

  private Optimizer optimizer = new SGD(List.of(Tensor.randn(1).requiresGrad_(true)), 1e-3);

  @Setup
  public void setUp() {
    Parallel.setNumThreads(1);
    Tensor p = Tensor.randn(parameters).requiresGrad_(true);
    p.sum().backward();
    List<Tensor> all = List.of(p);
    optimizer =
        switch (kind) {
          case "sgd" -> new SGD(all, 1e-3);
          case "sgd-momentum" -> new SGD(all, 1e-3).momentum(0.9).weightDecay(1e-4);
          case "adam" -> new Adam(all, 1e-3);
          case "adamw" -> new AdamW(all, 1e-3);
          case "rmsprop" -> new RMSprop(all, 1e-3);
          default -> throw new IllegalArgumentException("no optimizer '" + kind + "'");
        };
  }

  @Benchmark
  public void step() {
    optimizer.step();
  }
}
