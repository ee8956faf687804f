package dev.crema.bench;

import dev.crema.bench.lab.ConvProblem;
import dev.crema.bench.lab.Trial;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.conv.Algorithms;
import dev.crema.cpu.conv.ConvAlgorithm;
import dev.crema.cpu.conv.Direction;
import dev.crema.cpu.conv.Selection;
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
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Convolution algorithms on one thread, in the lab's notation; {@code auto} is what selection
 * takes. With {@code -prof gc}, {@code gc.alloc.rate.norm} must be about 0 B/op.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 6, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class ConvBenchmark {
  @Param({
    "mb8ic3ih224oc64oh55kh11sh4ph2",
    "mb8ic64ih27oc192oh27kh5ph2",
    "mb8ic256ih13oc256oh13kh3ph1",
    "mb8ic256ih14oc1024oh14kh1ph0"
  })
  public String problem = "";

  @Param({"FORWARD", "BACKWARD_INPUT", "BACKWARD_WEIGHT"})
  public Direction direction = Direction.FORWARD;

  @Param("auto")
  public String algorithm = "";

  @Param("1")
  public int threads = 1;

  private Trial trial = Trial.of(ConvProblem.parse("ic1ih1oc1kh1").plan(DType.F32), direction);
  private ConvAlgorithm chosen = Algorithms.named("im2col");

  @Setup
  public void setUp() {
    Parallel.setNumThreads(threads);
    trial = Trial.of(ConvProblem.parse(problem).plan(DType.F32), direction);
    chosen =
        algorithm.equals("auto")
            ? Selection.auto(trial.plan(), direction)
            : Algorithms.named(algorithm);
  }

  @Benchmark
  public Object conv(Gflops counter) {
    counter.add(trial.plan().flops());
    trial.run(chosen);
    return trial.result();
  }
}
