package dev.crema.cpu.kernel;

import static dev.crema.cpu.kernel.Twin.CPU;
import static dev.crema.cpu.kernel.Twin.REFERENCE;
import static dev.crema.tensor.Activation.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.backend.ChannelPlan;
import dev.crema.backend.RunningStats;
import dev.crema.backend.SoftmaxPlan;
import dev.crema.tensor.DType;
import dev.crema.tensor.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Softmax and batch norm against the reference. */
class NormConformanceTest {
  private static final int[][] SHAPES = {
    {4, 3, 35}, {2, 5, 4098}, {207, 6, 1}, {1300, 2, 1}, {2, 2, 2}
  };

  private final Random random = new Random(13);

  private static double tolerance(DType type) {
    return type == DType.F32 ? 1e-6 : 1e-14;
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void softmaxAlongAnyDimension(DType type) {
    for (int[] shape :
        new int[][] {
          {5, 1, 1},
          {64, 10, 1},
          {3, 207, 1},
          {1, 4098, 1},
          {2, 10, 6},
          {1, 13, 700},
          {4, 3, 2},
          {0, 5, 1},
          {5, 0, 1},
          {1, 0, 100},
          {0, 5, 3},
          {2, 5, 0}
        }) {
      for (boolean log : new boolean[] {false, true}) {
        var plan = new SoftmaxPlan(type, shape[0], shape[1], shape[2]);
        Twin x = Twin.random(type, random, shape[0], shape[1], shape[2]);
        Twin y = Twin.random(type, random, shape[0], shape[1], shape[2]);
        CPU.softmax(plan, log, x.cpu(), y.cpu());
        REFERENCE.softmax(plan, log, x.reference(), y.reference());
        y.assertClose(plan + " " + log, 4, tolerance(type));
      }
    }
  }

  @Test
  void softmaxOfHugeScoresIsShiftedFirst() {
    float[] x = {1e4f, 1e4f + 1, -1e4f, 1e4f, 1e4f, Float.NEGATIVE_INFINITY};
    for (var plan :
        List.of(new SoftmaxPlan(DType.F32, 2, 3, 1), new SoftmaxPlan(DType.F32, 1, 3, 2))) {
      for (boolean log : new boolean[] {false, true}) {
        Twin in = Twin.of(DType.F32, x.clone());
        Twin y = Twin.random(DType.F32, random, 6);
        CPU.softmax(plan, log, in.cpu(), y.cpu());
        REFERENCE.softmax(plan, log, in.reference(), y.reference());
        y.assertClose(plan + " " + log, 4, 1e-7);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void batchNormStatistics(DType type) {
    double close = tolerance(type);
    for (int[] shape : SHAPES) {
      int c = shape[1];
      var plan = ChannelPlan.check("test", type, Shape.of(shape[0], c, shape[2]));
      Twin x = Twin.random(type, random, shape[0], c, shape[2]);
      Twin mean = Twin.random(type, random, c);
      Twin invstd = Twin.random(type, random, c);
      Twin runningMean = Twin.random(type, random, c);
      Twin runningVar = Twin.random(type, random, c);
      CPU.batchNormStats(
          plan,
          x.cpu(),
          1e-3,
          mean.cpu(),
          invstd.cpu(),
          new RunningStats(runningMean.cpu(), runningVar.cpu(), 0.3));
      REFERENCE.batchNormStats(
          plan,
          x.reference(),
          1e-3,
          mean.reference(),
          invstd.reference(),
          new RunningStats(runningMean.reference(), runningVar.reference(), 0.3));
      mean.assertClose("mean", 1, 10 * close);
      invstd.assertClose("invstd", 4, 10 * close);
      runningMean.assertClose("running mean", 2, 10 * close);
      runningVar.assertClose("running var", 2, 10 * close);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void batchNormAndItsGradients(DType type) {
    double close = type == DType.F32 ? 1e-5 : 1e-12; // the reference adds plainly, in f64
    for (int[] shape : SHAPES) {
      int c = shape[1];
      var plan = ChannelPlan.check("test", type, Shape.of(shape[0], c, shape[2]));
      Twin x = Twin.random(type, random, shape[0], c, shape[2]);
      Twin mean = Twin.random(type, random, c);
      Twin invstd = Twin.random(type, random, c);
      Twin weight = Twin.random(type, random, c);
      Twin bias = Twin.random(type, random, c);
      Twin y = Twin.random(type, random, shape[0], c, shape[2]);
      CPU.batchNorm(
          plan, x.cpu(), mean.cpu(), invstd.cpu(), weight.cpu(), bias.cpu(), NONE, y.cpu());
      REFERENCE.batchNorm(
          plan,
          x.reference(),
          mean.reference(),
          invstd.reference(),
          weight.reference(),
          bias.reference(),
          NONE,
          y.reference());
      y.assertClose("y", 4, close);
      CPU.batchNorm(plan, x.cpu(), mean.cpu(), invstd.cpu(), null, null, NONE, y.cpu());
      REFERENCE.batchNorm(
          plan,
          x.reference(),
          mean.reference(),
          invstd.reference(),
          null,
          null,
          NONE,
          y.reference());
      y.assertClose("y without weight", 4, close);

      for (Twin w : new Twin[] {weight, null}) {
        Twin gx = Twin.random(type, random, shape[0], c, shape[2]);
        Twin gw = Twin.random(type, random, c);
        Twin gb = Twin.random(type, random, c);
        CPU.batchNormBackward(
            plan,
            y.cpu(),
            null,
            x.cpu(),
            mean.cpu(),
            invstd.cpu(),
            w == null ? null : w.cpu(),
            gx.cpu(),
            gw.cpu(),
            gb.cpu());
        REFERENCE.batchNormBackward(
            plan,
            y.reference(),
            null,
            x.reference(),
            mean.reference(),
            invstd.reference(),
            w == null ? null : w.reference(),
            gx.reference(),
            gw.reference(),
            gb.reference());
        double absolute = close * shape[0] * shape[2];
        gx.assertClose("gx", 16, 10 * close);
        gw.assertClose("gw", 4, absolute);
        gb.assertClose("gb", 4, absolute);
      }
    }
  }

  @Test
  void theVarianceOfALargeMeanIsNotLost() {
    int n = 10_000;
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = 10_000 + (i % 2 == 0 ? 1 : -1);
    }
    Twin in = Twin.of(DType.F32, x);
    Twin mean = Twin.random(DType.F32, random, 1);
    Twin var = Twin.random(DType.F32, random, 1);
    CPU.batchNormStats(
        new ChannelPlan(DType.F32, 1, 1, n), in.cpu(), 0, mean.cpu(), var.cpu(), null);
    assertThat((float[]) mean.cpuArray()).containsExactly(10_000);
    assertThat((float[]) var.cpuArray()).containsExactly(1);
  }
}
