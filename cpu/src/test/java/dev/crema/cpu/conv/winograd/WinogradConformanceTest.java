package dev.crema.cpu.conv.winograd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.conv.Algorithms;
import dev.crema.cpu.conv.ConvAlgorithm;
import dev.crema.cpu.conv.Direction;
import dev.crema.cpu.conv.Epilogue;
import dev.crema.cpu.conv.Operand;
import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.DType;
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
 * Winograd convolution against the definition; the build runs this at every vector width and
 * scalar.
 */
class WinogradConformanceTest {
  private static final Conv2dOptions PLAIN = Conv2dOptions.DEFAULT;
  private static final ConvAlgorithm DIRECT = Algorithms.named("direct");

  private final int threads = Parallel.numThreads();

  @AfterEach
  void restoreThreads() {
    Parallel.setNumThreads(threads);
  }

  record Problem(Shape x, Shape w, Conv2dOptions options) {
    Conv2dPlan plan(DType dtype) {
      return Conv2dPlan.check("conv2d", dtype, x, dtype, w, null, options);
    }
  }

  static Stream<Problem> problems() {
    return Stream.of(3, 5)
        .flatMap(
            r ->
                Stream.of(
                    problem(2, 5, 13, 11, 7, r, PLAIN.padding(1)),
                    problem(1, 4, 1, 1, 4, r, PLAIN.padding(2)),
                    problem(9, 6, 7, 7, 5, r, PLAIN.padding(r / 2)),
                    problem(37, 4, 5, 6, 9, r, PLAIN.padding(1)),
                    problem(2, 8, 14, 9, 12, r, PLAIN.padding(1).groups(2)),
                    problem(3, 4, 6, 5, 4, r, PLAIN.padding(Padding.of(0, 3, 5, 1))),
                    problem(1, 4, 4, 300, 5, r, PLAIN.padding(r)),
                    problem(1, 4, 3, 2_000, 4, r, PLAIN.padding(1)),
                    problem(1, 300, 8, 9, 40, r, PLAIN.padding(1)),
                    problem(1, 40, 9, 8, 300, r, PLAIN.padding(1)),
                    problem(2, 5, 40, 37, 6, r, PLAIN),
                    problem(2, 4, 5, 5, 4, r, PLAIN.padding(7)),
                    problem(0, 4, 5, 5, 4, r, PLAIN.padding(1))));
  }

  private static Problem problem(int n, int ic, int ih, int iw, int oc, int r, Conv2dOptions o) {
    return new Problem(Shape.of(n, ic, ih, iw), Shape.of(oc, ic / o.groups(), r, r), o);
  }

  static Stream<ConvAlgorithm> algorithms() {
    return Stream.concat(
        Winograd.all().stream(),
        Stream.of(
            new Winograd("f5", 5, 3, Points.DEFAULT),
            new Winograd("f3-other-points", 3, 3, Points.of("0", "1", "-2", "1/3")),
            new Winograd("f1", 1, 3, Points.DEFAULT)));
  }

  /** In f64, where even the largest tiles leave ten digits. */
  @ParameterizedTest
  @MethodSource("problems")
  void itIsTheConvolution(Problem problem) {
    Conv2dPlan plan = problem.plan(DType.F64);
    for (Direction direction : Direction.values()) {
      double[][] operands = operands(plan, direction);
      double[] expected = run(DIRECT, plan, direction, operands, 0);
      algorithms()
          .filter(a -> a.declines(plan, direction) == null)
          .forEach(
              a ->
                  assertThat(worst(run(a, plan, direction, operands, 5), expected))
                      .as("%s %s", a.name(), direction)
                      .isLessThan(1e-10));
    }
  }

  /** In f32; each algorithm's bound is about three times the worst error seen. */
  @ParameterizedTest
  @MethodSource("problems")
  void theErrorOfF32IsBounded(Problem problem) {
    Conv2dPlan plan = problem.plan(DType.F32);
    Conv2dPlan exact = problem.plan(DType.F64);
    for (Direction direction : Direction.values()) {
      double[][] operands = operands(plan, direction);
      double[] expected = run(DIRECT, exact, direction, operands, 0);
      algorithms()
          .filter(a -> a.declines(plan, direction) == null)
          .forEach(
              a ->
                  assertThat(worst(run(a, plan, direction, operands, 3), expected))
                      .as("%s %s", a.name(), direction)
                      .isLessThan(1e-4));
    }
  }

  @ParameterizedTest
  @MethodSource("problems")
  void theBitsDoNotDependOnTheThreads(Problem problem) {
    Conv2dPlan plan = problem.plan(DType.F32);
    for (Direction direction : Direction.values()) {
      double[][] operands = operands(plan, direction);
      algorithms()
          .filter(a -> a.declines(plan, direction) == null)
          .forEach(
              a -> {
                Parallel.setNumThreads(1);
                double[] once = run(a, plan, direction, operands, 0);
                for (int t : new int[] {1, 2, 5}) {
                  Parallel.setNumThreads(t);
                  assertThat(Arrays.mismatch(run(a, plan, direction, operands, 1), once))
                      .as("%s %s on %d threads: first other element", a.name(), direction, t)
                      .isEqualTo(-1);
                }
              });
    }
  }

  @Test
  void biasAndReluComeOnTop() {
    Conv2dPlan plan = problem(2, 8, 14, 9, 12, 3, PLAIN.padding(1).groups(2)).plan(DType.F64);
    double[][] operands = operands(plan, Direction.FORWARD);
    double[] plain = run(DIRECT, plan, Direction.FORWARD, operands, 0);
    double[] bias = values(Shape.of(plan.oc()), 7);
    ConvAlgorithm f4 = Algorithms.named("winograd-f4");
    for (boolean relu : new boolean[] {false, true}) {
      double[] expected = new double[plain.length];
      for (int i = 0; i < plain.length; i++) {
        double sum = plain[i] + bias[i / (plan.oh() * plan.ow()) % plan.oc()];
        expected[i] = relu ? Math.max(0, sum) : sum;
      }
      double[] y = new double[plain.length];
      f4.forward(
          plan,
          new Operand(operands[0], 0),
          new Operand(operands[1], 0),
          new Epilogue(new Operand(bias, 0), relu),
          new Operand(y, 0));
      assertThat(worst(y, expected)).isLessThan(1e-10);
    }
  }

  @Test
  void itSaysWhatItDeclines() {
    ConvAlgorithm f4 = Algorithms.named("winograd-f4");
    assertThat(declines(f4, 5, PLAIN)).isEqualTo("the kernel is not 3x3");
    assertThat(declines(f4, 3, PLAIN.stride(1, 2))).isEqualTo("the stride is not 1");
    assertThat(declines(f4, 3, PLAIN.dilation(2))).isEqualTo("the kernel is dilated");
    assertThat(declines(f4, 3, PLAIN.groups(8))).isEqualTo("fewer than 4 channels in a group");
    assertThat(declines(f4, 3, PLAIN.groups(2))).isNull();
  }

  private static @Nullable String declines(ConvAlgorithm a, int r, Conv2dOptions o) {
    return a.declines(problem(1, 8, 9, 9, 8, r, o).plan(DType.F32), Direction.FORWARD);
  }

  /** The two operands of a direction, of values that f32 has too. */
  private static double[][] operands(Conv2dPlan plan, Direction direction) {
    Shape first = direction == Direction.BACKWARD_INPUT ? plan.yShape() : plan.xShape();
    Shape second = direction == Direction.BACKWARD_WEIGHT ? plan.yShape() : plan.wShape();
    return new double[][] {values(first, 1), values(second, 2)};
  }

  private static double[] values(Shape shape, long seed) {
    Random random = new Random(seed);
    double[] values = new double[(int) shape.numel()];
    Arrays.setAll(values, _ -> random.nextFloat() * 2 - 1);
    return values;
  }

  /** Runs on operands that start {@code offset} elements into arrays full of NaN. */
  private static double[] run(
      ConvAlgorithm a, Conv2dPlan plan, Direction direction, double[][] operands, int offset) {
    Operand first = operand(plan.dtype(), operands[0], offset);
    Operand second = operand(plan.dtype(), operands[1], offset);
    int n = (int) result(plan, direction).numel();
    double[] nan = new double[n];
    Arrays.fill(nan, Double.NaN);
    Operand out = operand(plan.dtype(), nan, offset);
    switch (direction) {
      case FORWARD -> a.forward(plan, first, second, Epilogue.NONE, out);
      case BACKWARD_INPUT -> a.backwardInput(plan, first, second, out);
      case BACKWARD_WEIGHT -> a.backwardWeight(plan, first, second, out);
    }
    double[] y = new double[n];
    Arrays.setAll(y, i -> out.array() instanceof float[] f ? f[offset + i] : out.f64()[offset + i]);
    for (int i = 0; i < 2 * offset; i++) {
      int at = i < offset ? i : n + i;
      assertThat(out.array() instanceof float[] f ? f[at] : out.f64()[at]).isNaN();
    }
    return y;
  }

  private static Shape result(Conv2dPlan plan, Direction direction) {
    return switch (direction) {
      case FORWARD -> plan.yShape();
      case BACKWARD_INPUT -> plan.xShape();
      case BACKWARD_WEIGHT -> plan.wShape();
    };
  }

  private static Operand operand(DType dtype, double[] values, int offset) {
    double[] d = new double[values.length + 2 * offset];
    Arrays.fill(d, Double.NaN);
    System.arraycopy(values, 0, d, offset, values.length);
    if (dtype == DType.F64) {
      return new Operand(d, offset);
    }
    float[] f = new float[d.length];
    for (int i = 0; i < f.length; i++) {
      f[i] = (float) d[i];
    }
    return new Operand(f, offset);
  }

  /** The largest difference, relative to the largest expected value. */
  private static double worst(double[] actual, double[] expected) {
    double worst = 0;
    double largest = 1e-300;
    for (int i = 0; i < expected.length; i++) {
      worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    return worst / largest;
  }
}
