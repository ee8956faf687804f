package dev.crema.cpu.kernel;

import static dev.crema.cpu.kernel.Twin.CPU;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.backend.BinaryOp;
import dev.crema.backend.ChannelPlan;
import dev.crema.backend.GatherPlan;
import dev.crema.backend.PointwisePlan;
import dev.crema.backend.Pool2dPlan;
import dev.crema.backend.RandomOp;
import dev.crema.backend.ReduceOp;
import dev.crema.backend.ReducePlan;
import dev.crema.backend.SoftmaxPlan;
import dev.crema.backend.UnaryOp;
import dev.crema.cpu.Parallel;
import dev.crema.tensor.DType;
import dev.crema.tensor.Layout;
import dev.crema.tensor.Pool2dOptions;
import dev.crema.tensor.Shape;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every kernel that splits its work gives the same bits on 1, 2 and 5 threads. */
class ThreadsTest {
  private final int threads = Parallel.numThreads();

  @AfterEach
  void restoreThreads() {
    Parallel.setNumThreads(threads);
  }

  /** Runs a kernel on fresh random operands and compares what it wrote. */
  private static void check(Function<Random, Twin> kernel) {
    Parallel.setNumThreads(1);
    Object expected = kernel.apply(new Random(23)).snapshot();
    for (int n : new int[] {2, 5}) {
      Parallel.setNumThreads(n);
      assertThat(kernel.apply(new Random(23)).snapshot()).as("%d threads", n).isEqualTo(expected);
    }
  }

  private static Twin f32(Random random, long... sizes) {
    return Twin.random(DType.F32, random, sizes);
  }

  @Test
  void elementwise() {
    check(
        random -> {
          Twin x = f32(random, 211, 501);
          Twin row =
              Twin.random(DType.F32, random, Layout.of(Shape.of(211, 501), new long[] {0, 1}, 1));
          Twin y = f32(random, 211, 501);
          CPU.unary(UnaryOp.TANH, 0, 0, PointwisePlan.of(y.cpu(), x.cpu()), x.cpu(), y.cpu());
          CPU.binary(
              BinaryOp.DIV,
              PointwisePlan.of(y.cpu(), y.cpu(), row.cpu()),
              y.cpu(),
              row.cpu(),
              y.cpu());
          return y;
        });
  }

  @Test
  void reductions() {
    for (int[] dims : new int[][] {{0}, {1}, {0, 2}, {0, 1, 2}}) {
      check(
          random -> {
            Twin x = f32(random, 130, 41, 97);
            var plan = ReducePlan.check("sum", x.cpu().layout(), false, dims);
            Twin y = f32(random, Math.max(1, plan.keptCount()));
            CPU.reduce(ReduceOp.SUM, plan, x.cpu(), y.cpu());
            return y;
          });
    }
  }

  @Test
  void softmax() {
    for (var plan :
        new SoftmaxPlan[] {
          new SoftmaxPlan(DType.F32, 1031, 53, 1), new SoftmaxPlan(DType.F32, 3, 53, 700)
        }) {
      check(
          random -> {
            Twin x = f32(random, plan.outer(), plan.size(), plan.inner());
            Twin y = f32(random, plan.outer(), plan.size(), plan.inner());
            CPU.softmax(plan, true, x.cpu(), y.cpu());
            return y;
          });
    }
  }

  @Test
  void batchNorm() {
    var plan = new ChannelPlan(DType.F32, 9, 37, 301);
    check(
        random -> {
          Twin x = f32(random, 9, 37, 301);
          Twin mean = f32(random, 37);
          Twin var = f32(random, 37);
          Twin gx = f32(random, 9, 37, 301);
          CPU.batchNormStats(plan, x.cpu(), 1e-5, mean.cpu(), var.cpu(), null);
          CPU.batchNormBackward(
              plan,
              x.cpu(),
              null,
              x.cpu(),
              mean.cpu(),
              var.cpu(),
              null,
              gx.cpu(),
              f32(random, 37).cpu(),
              f32(random, 37).cpu());
          return gx;
        });
  }

  @Test
  void pooling() {
    var plan =
        Pool2dPlan.check(
            "test",
            DType.F32,
            Shape.of(8, 16, 27, 27),
            Pool2dOptions.kernel(3).stride(2).padding(1));
    check(
        random -> {
          Twin x = f32(random, 8, 16, 27, 27);
          Twin y = f32(random, plan.yShape().sizes());
          CPU.maxPool2d(
              plan, x.cpu(), y.cpu(), Twin.random(DType.I32, random, plan.yShape().sizes()).cpu());
          CPU.avgPool2dBackward(plan, y.cpu(), x.cpu());
          return x;
        });
  }

  @Test
  void scatterAddAlongAndAcross() {
    for (int dim = 0; dim < 2; dim++) {
      var plan = GatherPlan.check("test", Shape.of(300, 400), dim, DType.I64, Shape.of(300, 400));
      check(
          random -> {
            long[] index = new long[300 * 400];
            for (int i = 0; i < index.length; i++) {
              index[i] = random.nextInt(20);
            }
            Twin at = Twin.of(DType.I64, index, Layout.contiguous(Shape.of(300, 400)));
            Twin picked = f32(random, 300, 400);
            Twin table = f32(random, 300, 400);
            CPU.scatterAdd(plan, picked.cpu(), at.cpu(), table.cpu());
            return table;
          });
    }
  }

  @Test
  void randomNumbers() {
    check(
        random -> {
          Twin y = f32(random, 50_003);
          CPU.random(RandomOp.NORMAL, 0, 1, 42, 7, y.cpu());
          return y;
        });
  }
}
