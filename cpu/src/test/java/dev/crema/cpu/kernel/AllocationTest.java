package dev.crema.cpu.kernel;

import static dev.crema.cpu.kernel.Twin.CPU;
import static dev.crema.tensor.Activation.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.crema.backend.AdamStep;
import dev.crema.backend.BinaryOp;
import dev.crema.backend.Chain;
import dev.crema.backend.ChannelPlan;
import dev.crema.backend.GatherPlan;
import dev.crema.backend.PointwisePlan;
import dev.crema.backend.Pool2dPlan;
import dev.crema.backend.RandomOp;
import dev.crema.backend.ReduceOp;
import dev.crema.backend.ReducePlan;
import dev.crema.backend.SgdStep;
import dev.crema.backend.SoftmaxPlan;
import dev.crema.backend.StepViews;
import dev.crema.backend.UnaryOp;
import dev.crema.cpu.Parallel;
import dev.crema.tensor.DType;
import dev.crema.tensor.Layout;
import dev.crema.tensor.Pool2dOptions;
import dev.crema.tensor.Shape;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Once compiled, a kernel allocates nothing in proportion to its data: on 16 Ki elements no more
 * than {@link #LIMIT} bytes a call. A vector that is boxed anywhere in a loop would cost a hundred
 * times that.
 */
class AllocationTest {
  private static final int N = 1 << 14;
  private static final long LIMIT = 4 * 1024;
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final int threads = Parallel.numThreads();
  private final Random random = new Random(29);

  @BeforeEach
  void oneThread() {
    Parallel.setNumThreads(1);
  }

  @AfterEach
  void restoreThreads() {
    Parallel.setNumThreads(threads);
  }

  /**
   * Calls until the JIT has done its work: what counts is the least that a round of calls needs.
   */
  private static void check(String what, Runnable kernel) {
    long least = Long.MAX_VALUE;
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (least > LIMIT && System.nanoTime() < deadline) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10; i++) {
        kernel.run();
      }
      least = Math.min(least, (THREADS.getCurrentThreadAllocatedBytes() - before) / 10);
    }
    assertThat(least).as("bytes per call of %s", what).isLessThanOrEqualTo(LIMIT);
  }

  private Twin f32(long... sizes) {
    return Twin.random(DType.F32, random, sizes);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOT")
  void unary(UnaryOp op) {
    for (DType type : new DType[] {DType.F32, DType.F64}) {
      Twin x = Twin.random(type, random, N);
      Twin y = Twin.random(type, random, N);
      var plan = PointwisePlan.of(y.cpu(), x.cpu());
      check(op + " " + type, () -> CPU.unary(op, 0.5, 1, plan, x.cpu(), y.cpu()));
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"AND", "OR", "XOR"})
  void binary(BinaryOp op) {
    for (DType type : new DType[] {DType.F32, DType.F64}) {
      Twin a = Twin.random(type, random, 256, N / 256);
      Twin b = Twin.random(type, random, Layout.of(Shape.of(256, N / 256), new long[] {1, 0}, 0));
      Twin y = Twin.random(op.isComparison() ? DType.BOOL : type, random, 256, N / 256);
      var plan = PointwisePlan.of(y.cpu(), a.cpu(), b.cpu());
      check(op + " " + type, () -> CPU.binary(op, plan, a.cpu(), b.cpu(), y.cpu()));
    }
  }

  /** A SiLU's gradient: gy·σ(x), and behind that σ's own. */
  @Test
  void chains() {
    var chain =
        new Chain(
            "silu_grad",
            2,
            List.of(0.5),
            List.of(
                new Chain.Unary(UnaryOp.SIGMOID, 0, 0, 1),
                new Chain.Binary(BinaryOp.MUL, 0, 3),
                new Chain.Binary(BinaryOp.MUL, 0, 1),
                new Chain.Binary(BinaryOp.SIGMOID_GRAD, 5, 3),
                new Chain.Binary(BinaryOp.ADD, 4, 6),
                new Chain.Where(1, 7, 2)));
    for (DType type : new DType[] {DType.F32, DType.F64}) {
      Twin gy = Twin.random(type, random, N);
      Twin x = Twin.random(type, random, N);
      Twin y = Twin.random(type, random, N);
      var plan = PointwisePlan.of(y.cpu(), gy.cpu(), x.cpu());
      var inputs = List.of(gy.cpu(), x.cpu());
      check("chain " + type, () -> CPU.chain(chain, plan, inputs, y.cpu()));
    }
  }

  @Test
  void transposedCopy() {
    Twin x = Twin.random(DType.F32, random, Layout.contiguous(Shape.of(256, 256)).transpose(0, 1));
    Twin y = f32(256, 256);
    var plan = PointwisePlan.of(y.cpu(), x.cpu());
    check("copy", () -> CPU.copy(plan, x.cpu(), y.cpu()));
  }

  @Test
  void reductions() {
    for (ReduceOp op : ReduceOp.values()) {
      for (int[] dims : new int[][] {{0}, {1}, {0, 2}, {0, 1, 2}}) {
        Twin x = f32(4, 64, 64);
        var plan = ReducePlan.check("test", x.cpu().layout(), false, dims);
        Twin y = f32(plan.keptCount());
        check(op.toString(), () -> CPU.reduce(op, plan, x.cpu(), y.cpu()));
      }
    }
  }

  @Test
  void softmax() {
    for (var plan :
        new SoftmaxPlan[] {
          new SoftmaxPlan(DType.F32, 256, 64, 1), new SoftmaxPlan(DType.F32, 1, 64, 256)
        }) {
      Twin x = f32(N);
      Twin y = f32(N);
      check("softmax", () -> CPU.softmax(plan, true, x.cpu(), y.cpu()));
    }
  }

  @Test
  void batchNorm() {
    var plan = new ChannelPlan(DType.F32, 4, 16, 256);
    Twin x = f32(N);
    Twin y = f32(N);
    Twin mean = f32(16);
    Twin var = f32(16);
    check("stats", () -> CPU.batchNormStats(plan, x.cpu(), 1e-5, mean.cpu(), var.cpu(), null));
    check(
        "batch norm",
        () -> CPU.batchNorm(plan, x.cpu(), mean.cpu(), var.cpu(), null, null, NONE, y.cpu()));
    Twin gx = f32(N);
    Twin gw = f32(16);
    Twin gb = f32(16);
    check(
        "gradient",
        () ->
            CPU.batchNormBackward(
                plan,
                y.cpu(),
                null,
                x.cpu(),
                mean.cpu(),
                var.cpu(),
                null,
                gx.cpu(),
                gw.cpu(),
                gb.cpu()));
  }

  @Test
  void poolingAndItsGradient() {
    var plan =
        Pool2dPlan.check("test", DType.F32, Shape.of(1, 16, 32, 32), Pool2dOptions.kernel(2));
    Twin x = f32(1, 16, 32, 32);
    Twin y = f32(plan.yShape().sizes());
    Twin index = Twin.random(DType.I32, random, plan.yShape().sizes());
    check("max pool", () -> CPU.maxPool2d(plan, x.cpu(), y.cpu(), index.cpu()));
    check("average pool", () -> CPU.avgPool2d(plan, x.cpu(), y.cpu()));
    check("its gradient", () -> CPU.avgPool2dBackward(plan, y.cpu(), x.cpu()));

    var scatter = GatherPlan.check("test", Shape.of(16, 1024), 1, DType.I32, Shape.of(16, 256));
    Twin planes = Twin.of(DType.F32, x.cpuArray(), Layout.contiguous(Shape.of(16, 1024)));
    Twin picked = Twin.of(DType.F32, y.cpuArray(), Layout.contiguous(Shape.of(16, 256)));
    Twin places = Twin.of(DType.I32, index.cpuArray(), Layout.contiguous(Shape.of(16, 256)));
    check("scatter-add", () -> CPU.scatterAdd(scatter, picked.cpu(), places.cpu(), planes.cpu()));
  }

  @Test
  void optimizers() {
    Twin p = f32(N);
    Twin g = f32(N);
    Twin m = f32(N);
    Twin v = f32(N);
    var views = List.of(new StepViews(p.cpu(), g.cpu(), m.cpu(), v.cpu()));
    var sgd = new SgdStep(1e-9, 0.9, 0, 1e-9, false, false);
    check("sgd", () -> CPU.sgdStep(sgd, views, null));
    var adam = new AdamStep(1e-9, 0.9, 0.99, 1e-3, 0, false, 1);
    check("adam", () -> CPU.adamStep(adam, views, null));
  }

  /** Not the normal distribution: StrictMath's sine allocates. */
  @Test
  void randomNumbers() {
    Twin y = f32(N);
    check("uniform", () -> CPU.random(RandomOp.UNIFORM, 0, 1, 42, 7, y.cpu()));
    check("bernoulli", () -> CPU.random(RandomOp.BERNOULLI, 0.5, 2, 42, 7, y.cpu()));
  }
}
