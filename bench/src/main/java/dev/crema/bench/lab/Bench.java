package dev.crema.bench.lab;

import dev.crema.cpu.Parallel;
import dev.crema.cpu.conv.ConvAlgorithm;
import dev.crema.cpu.conv.Direction;
import dev.crema.cpu.conv.Selection;
import dev.crema.nn.models.Models;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.List;

/** Times what users call, one thing after the other, each warm, beside the machine's limits. */
public final class Bench {
  private final Limits limits;
  private final double maxMs;

  /**
   * Sets the number of threads of the whole process, and measures what they can do.
   *
   * @param maxMs how long each thing is timed
   */
  public Bench(int threads, double maxMs) {
    Parallel.setNumThreads(threads);
    this.limits = new Limits(DType.F32);
    this.maxMs = maxMs;
  }

  /** The machine's limits, measured once more. */
  public Peak peak() {
    return limits.peak();
  }

  /** {@code matmul} of two matrices. */
  public Measurement gemm(GemmShape shape) {
    try (Scope _ = Scope.open("gemm")) {
      Tensor a = Tensor.randn(shape.m(), shape.k());
      Tensor b = Tensor.randn(shape.k(), shape.n());
      Race.Times times = time(() -> multiply(a, b));
      return flops(shape.toString(), "", shape.flops(), times);
    }
  }

  private static void multiply(Tensor a, Tensor b) {
    try (Scope _ = Scope.open("product")) {
      a.matmul(b);
    }
  }

  /** A convolution, with the algorithm that the present policy takes. */
  public Measurement conv(ConvProblem problem, Direction direction) {
    Trial trial = Trial.of(problem.plan(DType.F32), direction);
    ConvAlgorithm algorithm = Selection.of(trial.plan(), direction);
    Race.Times times = time(() -> trial.run(algorithm));
    String title = problem.name().isEmpty() ? problem.notation() : problem.name();
    String name = "%s mb%d %s".formatted(title, problem.n(), direction.label());
    return flops(name, algorithm.name(), trial.plan().flops(), times);
  }

  /** Steps of training of a network of the library, in images a second. */
  public Measurement train(String model, int batch) {
    try (var step = new NetworkStep(Models.get(model), batch, true, Device.cpu())) {
      Race.Times times = time(step);
      double gflops = step.flops() / times.minMs() * 1e-6;
      return new Measurement(
          "%s mb%d".formatted(model, batch),
          note("", times),
          times.minMs(),
          times.medianMs(),
          times.samples(),
          batch / times.minMs() * 1e3,
          "images/s",
          100 * gflops / limits.peak().gflops());
    }
  }

  private Race.Times time(Runnable call) {
    return new Race(maxMs).run(List.of(call)).getFirst();
  }

  private Measurement flops(String name, String how, double flops, Race.Times times) {
    double gflops = flops / times.minMs() * 1e-6;
    return new Measurement(
        name,
        note(how, times),
        times.minMs(),
        times.medianMs(),
        times.samples(),
        gflops,
        "GFLOP/s",
        100 * gflops / limits.peak().gflops());
  }

  private static String note(String how, Race.Times times) {
    return times.settled() ? how : (how + " (still warming up)").strip();
  }
}
