package dev.crema.cpu.conv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.backend.Conv2dPlan;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.tensor.Activation;
import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.DType;
import dev.crema.tensor.Layout;
import dev.crema.tensor.Padding;
import dev.crema.tensor.Shape;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Convolution and its gradients against plain loops; the build runs this at every vector width and
 * scalar.
 */
class Conv2dConformanceTest {
  private static final Conv2dOptions PLAIN = Conv2dOptions.DEFAULT;

  private final int threads = Parallel.numThreads();

  @AfterEach
  void restoreThreads() {
    Parallel.setNumThreads(threads);
  }

  /** A convolution: shapes and options. */
  record Problem(Shape x, Shape w, Conv2dOptions options) {
    Conv2dPlan plan(DType dtype) {
      return Conv2dPlan.check("conv2d", dtype, x, dtype, w, null, options);
    }
  }

  static Stream<Problem> problems() {
    return Stream.of(
        problem(3, 1, 9, 7, 6, 5, 5, PLAIN),
        problem(5, 2, 28, 28, 6, 5, 5, PLAIN.padding(2)),
        problem(1, 3, 35, 41, 20, 11, 11, PLAIN.stride(4).padding(2)),
        problem(2, 4, 13, 11, 8, 3, 3, PLAIN.padding(1).groups(2)),
        problem(2, 6, 8, 9, 6, 3, 2, PLAIN.padding(1, 0).groups(6)),
        problem(2, 5, 12, 10, 7, 3, 3, PLAIN.dilation(2, 3).stride(2, 1).padding(3)),
        problem(3, 2, 6, 5, 3, 2, 4, PLAIN.padding(Padding.of(0, 3, 5, 1))),
        problem(2, 3, 4, 4, 2, 3, 3, PLAIN.padding(7)),
        problem(2, 17, 6, 7, 13, 1, 1, PLAIN),
        problem(2, 3, 7, 7, 5, 1, 1, PLAIN.stride(2)),
        problem(2, 3, 7, 7, 5, 1, 1, PLAIN.padding(1)),
        problem(37, 40, 5, 6, 9, 3, 3, PLAIN.padding(1)),
        problem(1, 300, 5, 5, 270, 1, 1, PLAIN),
        problem(1, 2, 33, 40, 3, 3, 3, PLAIN.padding(1)),
        problem(0, 2, 5, 5, 3, 3, 3, PLAIN),
        problem(1, 1, 1, 300_000, 1, 1, 9, PLAIN),
        problem(1, 4, 1, 20_000, 6, 1, 5, PLAIN.padding(0, 2).stride(1, 2).groups(2)),
        problem(2, 3, 3, 2_600, 5, 3, 3, PLAIN.padding(1).dilation(1, 2)),
        problem(1, 40, 2, 3_000, 9, 1, 1, PLAIN));
  }

  private static Problem problem(
      int n, int ic, int ih, int iw, int oc, int kh, int kw, Conv2dOptions o) {
    return new Problem(Shape.of(n, ic, ih, iw), Shape.of(oc, ic / o.groups(), kh, kw), o);
  }

  @ParameterizedTest
  @MethodSource("problems")
  void integersComeOutExactly(Problem problem) {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      Conv2dPlan plan = problem.plan(dtype);
      double[] x = integers(plan.xShape(), 1);
      double[] w = integers(plan.wShape(), 2);
      double[] gy = integers(plan.yShape(), 3);
      double[] bias = integers(Shape.of(plan.oc()), 4);
      double[] y = new double[gy.length];
      double[] gx = new double[x.length];
      double[] gw = new double[w.length];
      reference(plan, x, w, gy, y, gx, gw);

      assertSame(run(plan, Op.FORWARD, x, w, null), y, "forward");
      for (int i = 0; i < y.length; i++) {
        y[i] += bias[i / (plan.oh() * plan.ow()) % plan.oc()];
      }
      assertSame(run(plan, Op.FORWARD, x, w, bias), y, "forward with bias");
      assertSame(run(plan, Op.BACKWARD_INPUT, gy, w, null), gx, "backward-input");
      assertSame(run(plan, Op.BACKWARD_WEIGHT, x, gy, null), gw, "backward-weight");
    }
  }

  @ParameterizedTest
  @MethodSource("problems")
  void theBitsDoNotDependOnTheThreads(Problem problem) {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      Conv2dPlan plan = problem.plan(dtype);
      double[] x = gaussians(plan.xShape());
      double[] w = gaussians(plan.wShape());
      double[] gy = gaussians(plan.yShape());
      double[] bias = gaussians(Shape.of(plan.oc()));
      Parallel.setNumThreads(1);
      double[] y = run(plan, Op.FORWARD, x, w, bias);
      double[] gx = run(plan, Op.BACKWARD_INPUT, gy, w, null);
      double[] gw = run(plan, Op.BACKWARD_WEIGHT, x, gy, null);
      for (int t : new int[] {2, 5}) {
        Parallel.setNumThreads(t);
        assertSame(run(plan, Op.FORWARD, x, w, bias), y, "forward");
        assertSame(run(plan, Op.BACKWARD_INPUT, gy, w, null), gx, "backward-input");
        assertSame(run(plan, Op.BACKWARD_WEIGHT, x, gy, null), gw, "backward-weight");
      }
    }
  }

  @Test
  void theScratchOfLongLinesIsSmall() {
    Conv2dPlan plan = problem(1, 1, 1, 300_000, 1, 1, 9, PLAIN).plan(DType.F64);
    double[] x = gaussians(plan.xShape());
    double[] w = gaussians(plan.wShape());
    double[] gy = gaussians(plan.yShape());
    Parallel.setNumThreads(2);
    for (Op op : Op.values()) {
      BufferPool.shared().clear();
      run(plan, op, op == Op.BACKWARD_INPUT ? gy : x, op == Op.BACKWARD_WEIGHT ? gy : w, null);
      // All of col would be 21.6 MB; per thread there may be some pieces of 1 MB.
      assertThat(BufferPool.shared().stats().pooledBytes()).as("%s", op).isBetween(1L, 4L << 20);
    }
  }

  private enum Op {
    FORWARD,
    BACKWARD_INPUT,
    BACKWARD_WEIGHT
  }

  private static double[] run(
      Conv2dPlan plan, Op op, double[] a, double[] b, double @Nullable [] bias) {
    return switch (op) {
      case FORWARD -> {
        View y = view(plan.dtype(), plan.yShape(), null);
        Conv2d.forward(
            plan,
            view(plan.dtype(), plan.xShape(), a),
            view(plan.dtype(), plan.wShape(), b),
            bias == null ? null : view(plan.dtype(), Shape.of(plan.oc()), bias),
            Activation.NONE,
            y);
        yield doubles(y);
      }
      case BACKWARD_INPUT -> {
        View gx = view(plan.dtype(), plan.xShape(), null);
        Conv2d.backwardInput(
            plan, view(plan.dtype(), plan.yShape(), a), view(plan.dtype(), plan.wShape(), b), gx);
        yield doubles(gx);
      }
      case BACKWARD_WEIGHT -> {
        View gw = view(plan.dtype(), plan.wShape(), null);
        Conv2d.backwardWeight(
            plan, view(plan.dtype(), plan.xShape(), a), view(plan.dtype(), plan.yShape(), b), gw);
        yield doubles(gw);
      }
    };
  }

  /** The definition. */
  private static void reference(
      Conv2dPlan p, double[] x, double[] w, double[] gy, double[] y, double[] gx, double[] gw) {
    int out = 0;
    for (int i = 0; i < p.n(); i++) {
      for (int o = 0; o < p.oc(); o++) {
        for (int oy = 0; oy < p.oh(); oy++) {
          for (int ox = 0; ox < p.ow(); ox++, out++) {
            for (int c = 0; c < p.icPerGroup(); c++) {
              int channel = o / p.ocPerGroup() * p.icPerGroup() + c;
              for (int ky = 0; ky < p.kh(); ky++) {
                for (int kx = 0; kx < p.kw(); kx++) {
                  int iy = oy * p.sh() - p.pt() + ky * p.dh();
                  int ix = ox * p.sw() - p.pl() + kx * p.dw();
                  if (iy < 0 || iy >= p.ih() || ix < 0 || ix >= p.iw()) {
                    continue;
                  }
                  int in = ((i * p.ic() + channel) * p.ih() + iy) * p.iw() + ix;
                  int tap = ((o * p.icPerGroup() + c) * p.kh() + ky) * p.kw() + kx;
                  y[out] += x[in] * w[tap];
                  gx[in] += gy[out] * w[tap];
                  gw[tap] += gy[out] * x[in];
                }
              }
            }
          }
        }
      }
    }
  }

  /** A tensor in the middle of its buffer; NaN where no values are given. */
  private static View view(DType dtype, Shape shape, double @Nullable [] values) {
    int offset = 3;
    double[] d = new double[offset + (int) shape.numel() + 2];
    Arrays.fill(d, Double.NaN);
    if (values != null) {
      System.arraycopy(values, 0, d, offset, values.length);
    }
    Object array = d;
    if (dtype == DType.F32) {
      float[] f = new float[d.length];
      for (int i = 0; i < f.length; i++) {
        f[i] = (float) d[i];
      }
      array = f;
    }
    return new View(
        BufferPool.shared().wrap(dtype, array),
        Layout.of(shape, shape.contiguousStrides(), offset));
  }

  private static double[] doubles(View x) {
    Operand a = Operand.of(x);
    double[] values = new double[(int) x.numel()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          a.array() instanceof float[] f ? f[a.at() + i] : ((double[]) a.array())[a.at() + i];
    }
    return values;
  }

  private static double[] integers(Shape shape, long seed) {
    return new Random(seed).ints(shape.numel(), -3, 4).asDoubleStream().toArray();
  }

  private static double[] gaussians(Shape shape) {
    return new Random(shape.numel()).doubles(shape.numel(), -1, 1).toArray();
  }

  private static void assertSame(double[] actual, double[] expected, String what) {
    assertThat(Arrays.mismatch(actual, expected)).as("%s: first wrong element", what).isEqualTo(-1);
  }
}
