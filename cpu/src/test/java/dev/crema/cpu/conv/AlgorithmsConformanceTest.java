package dev.crema.cpu.conv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.Parallel;
import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.DType;
import dev.crema.tensor.Padding;
import dev.crema.tensor.Shape;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Every algorithm, in every direction it takes, against {@link Direct} on random small problems:
 * strides above kernels, one-pixel images, dilation, groups, a padding for each side. The bits are
 * the same on one thread and on three. How many problems that are says the build: 2,000 at the
 * machine's own vector width, some hundred at each other one.
 */
class AlgorithmsConformanceTest {
  /**
   * Of the largest element: room for the worst points of Winograd on the sums of these problems.
   */
  private static final double F32_BOUND = 2e-4;

  private static final double F64_BOUND = 1e-11;

  /** Where operands begin in their arrays; as many elements are behind them. */
  private static final int EDGE = 5;

  @Property
  void allAgree(@ForAll("plans") Conv2dPlan plan, @ForAll int seed, @ForAll boolean relu) {
    Object x = random(plan.dtype(), plan.xShape(), seed);
    Object w = random(plan.dtype(), plan.wShape(), seed + 1);
    Object y = random(plan.dtype(), plan.yShape(), seed + 2);
    Object bias = random(plan.dtype(), Shape.of(plan.oc()), seed + 3);
    for (Direction direction : Direction.values()) {
      Call call = new Call(plan, direction, x, w, y, bias, relu);
      double[] expected = inside(call.run(Algorithms.named("direct")));
      for (ConvAlgorithm algorithm : Algorithms.all()) {
        if (algorithm.declines(plan, direction) == null) {
          Object result = call.run(algorithm);
          assertThat(worst(inside(result), expected))
              .as("%s %s %s", algorithm.name(), direction.label(), plan)
              .isLessThan(plan.dtype() == DType.F32 ? F32_BOUND : F64_BOUND);
          assertThat(edges(result))
              .as("%s %s beside the result %s", algorithm.name(), direction.label(), plan)
              .containsOnly(Double.NaN);
          assertThat(onThreads(3, call, algorithm))
              .as("%s %s on three threads %s", algorithm.name(), direction.label(), plan)
              .isEqualTo(result);
        }
      }
    }
  }

  private static Object onThreads(int threads, Call call, ConvAlgorithm algorithm) {
    int before = Parallel.numThreads();
    Parallel.setNumThreads(threads);
    try {
      return call.run(algorithm);
    } finally {
      Parallel.setNumThreads(before);
    }
  }

  @Provide
  Arbitrary<Conv2dPlan> plans() {
    Arbitrary<Integer> k = Arbitraries.integers().between(1, 5);
    Arbitrary<Integer> small = Arbitraries.integers().between(1, 3);
    Arbitrary<Integer> pad = Arbitraries.integers().between(0, 3);
    Arbitrary<int[]> sizes =
        Combinators.combine(
                small,
                small,
                Arbitraries.integers().between(1, 6),
                Arbitraries.integers().between(1, 6),
                k,
                k,
                Arbitraries.integers().between(1, 23),
                Arbitraries.integers().between(1, 23))
            .as((n, g, ic, oc, kh, kw, ih, iw) -> new int[] {n, g, ic * g, oc * g, kh, kw, ih, iw});
    Arbitrary<Conv2dOptions> options =
        Combinators.combine(
                Arbitraries.frequencyOf(
                    Tuple.of(2, Arbitraries.just(1)),
                    Tuple.of(1, Arbitraries.integers().between(2, 7))),
                Arbitraries.integers().between(1, 2),
                small,
                Arbitraries.integers().between(1, 2),
                pad,
                pad,
                pad,
                pad)
            .as(
                (s, sw, dh, dw, t, b, l, r) ->
                    Conv2dOptions.DEFAULT
                        .stride(s, s == 1 ? sw : s)
                        .dilation(dh, dw)
                        .padding(new Padding.Explicit(t, b, l, r)));
    return Combinators.combine(sizes, options, Arbitraries.of(DType.F32, DType.F64))
        .as(AlgorithmsConformanceTest::plan);
  }

  /** The image as large as asked for, or just large enough for the kernel. */
  private static Conv2dPlan plan(int[] s, Conv2dOptions o, DType dtype) {
    Padding.Explicit p = (Padding.Explicit) o.padding();
    int spanH = o.dh() * (s[4] - 1) + 1;
    int spanW = o.dw() * (s[5] - 1) + 1;
    int ih = Math.max(s[6], spanH - p.top() - p.bottom());
    int iw = Math.max(s[7], spanW - p.left() - p.right());
    Shape x = Shape.of(s[0], s[2], ih, iw);
    Shape w = Shape.of(s[3], s[2] / s[1], s[4], s[5]);
    return Conv2dPlan.check("conv2d", dtype, x, dtype, w, null, o.groups(s[1]));
  }

  /** One convolution, of operands in the middle of their arrays. */
  private record Call(
      Conv2dPlan plan,
      Direction direction,
      Object x,
      Object w,
      Object y,
      Object bias,
      boolean relu) {

    /** The array with the result, which held something else. */
    Object run(ConvAlgorithm algorithm) {
      Object out =
          switch (direction) {
            case FORWARD -> copy(y);
            case BACKWARD_INPUT -> copy(x);
            case BACKWARD_WEIGHT -> copy(w);
          };
      Operand to = new Operand(out, EDGE);
      switch (direction) {
        case FORWARD ->
            algorithm.forward(
                plan,
                new Operand(x, EDGE),
                new Operand(w, EDGE),
                new Epilogue(new Operand(bias, EDGE), relu),
                to);
        case BACKWARD_INPUT ->
            algorithm.backwardInput(plan, new Operand(y, EDGE), new Operand(w, EDGE), to);
        case BACKWARD_WEIGHT ->
            algorithm.backwardWeight(plan, new Operand(x, EDGE), new Operand(y, EDGE), to);
      }
      return out;
    }
  }

  private static Object copy(Object x) {
    return x instanceof float[] f ? f.clone() : ((double[]) x).clone();
  }

  /** Random numbers, and around them none that a sum could take in unnoticed. */
  private static Object random(DType dtype, Shape shape, int seed) {
    double[] x = new double[Math.toIntExact(shape.numel()) + 2 * EDGE];
    Arrays.fill(x, Double.NaN);
    double[] numbers = new Random(seed).doubles(shape.numel(), -1, 1).toArray();
    System.arraycopy(numbers, 0, x, EDGE, numbers.length);
    if (dtype == DType.F64) {
      return x;
    }
    float[] f = new float[x.length];
    for (int i = 0; i < f.length; i++) {
      f[i] = (float) x[i];
    }
    return f;
  }

  private static double[] inside(Object x) {
    double[] all = toDoubles(x);
    return Arrays.copyOfRange(all, EDGE, all.length - EDGE);
  }

  private static double[] edges(Object x) {
    double[] all = toDoubles(x);
    double[] edges = Arrays.copyOf(all, 2 * EDGE);
    System.arraycopy(all, all.length - EDGE, edges, EDGE, EDGE);
    return edges;
  }

  private static double[] toDoubles(Object x) {
    if (x instanceof double[] d) {
      return d;
    }
    float[] f = (float[]) x;
    double[] d = new double[f.length];
    for (int i = 0; i < d.length; i++) {
      d[i] = f[i];
    }
    return d;
  }

  /** The largest difference, relative to the largest element, or to 1. */
  private static double worst(double[] actual, double[] expected) {
    double largest = 1;
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      double difference = Math.abs(actual[i] - expected[i]);
      worst = Double.isNaN(difference) ? Double.MAX_VALUE : Math.max(worst, difference);
    }
    return worst / largest;
  }
}
