package dev.crema.cpu.conv.fft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.conv.Algorithms;
import dev.crema.cpu.conv.ConvAlgorithm;
import dev.crema.cpu.conv.Direction;
import dev.crema.cpu.conv.Operand;
import dev.crema.cpu.conv.Selection;
import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.DType;
import dev.crema.tensor.Padding;
import dev.crema.tensor.Shape;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tiles of each size, several blocks of them, and where it is chosen; in f64 against direct. */
class FftConformanceTest {
  @ParameterizedTest
  @CsvSource({
    // n, groups, ic, ih, iw, oc, kh, kw, padding
    "2, 1, 3, 40, 33, 4, 7, 7, 3", // tiles of 16
    "1, 2, 4, 50, 45, 6, 11, 5, 5", // of 32, a kernel that is not square, groups
    "1, 1, 2, 70, 81, 3, 31, 32, 9", // of 64
    "1, 1, 33, 20, 20, 2, 7, 3, 12", // more channels than are transformed at a time, wide padding
    "3, 1, 1, 190, 190, 1, 5, 5, 0", // more tiles than a block has
  })
  void itAgreesWithTheDefinition(
      int n, int groups, int ic, int ih, int iw, int oc, int kh, int kw, int padding) {
    var options =
        Conv2dOptions.DEFAULT
            .groups(groups)
            .padding(new Padding.Explicit(padding, padding + 1, padding, 0));
    Shape x = Shape.of(n, ic, ih, iw);
    Conv2dPlan plan = plan(DType.F64, x, Shape.of(oc, ic / groups, kh, kw), options);
    for (Direction direction : Direction.values()) {
      double[] expected = run(Algorithms.named("direct"), plan, direction);
      double[] actual = run(new Fft(), plan, direction);
      double largest = 1;
      for (double e : expected) {
        largest = Math.max(largest, Math.abs(e));
      }
      for (int i = 0; i < expected.length; i++) {
        assertThat(Math.abs(actual[i] - expected[i]))
            .as("%s %s at %s", direction, plan, i)
            .isLessThan(1e-12 * largest);
      }
    }
  }

  @Test
  void largeKernelsAreItsOwn() {
    var padded = Conv2dOptions.DEFAULT.padding(3);
    var image = Shape.of(8, 64, 56, 56);
    for (Direction direction : Direction.values()) {
      Conv2dPlan seven = plan(DType.F32, image, Shape.of(64, 64, 7, 7), padded);
      assertThat(Selection.auto(seven, direction).name()).isEqualTo("fft");
      Conv2dPlan three = plan(DType.F32, image, Shape.of(64, 64, 3, 3), padded);
      assertThat(Selection.auto(three, direction).name()).isNotEqualTo("fft");
      Conv2dPlan strided = plan(DType.F32, image, Shape.of(64, 64, 7, 7), padded.stride(2));
      assertThat(new Fft().declines(strided, direction)).isEqualTo("the stride is not 1");
    }
  }

  @Test
  void whatDoesNotFitAnArrayIsDeclined() {
    Conv2dPlan wide =
        plan(
            DType.F32,
            Shape.of(1, 20_000, 40, 40),
            Shape.of(1, 20_000, 20, 20),
            Conv2dOptions.DEFAULT);
    Conv2dPlan deep =
        plan(
            DType.F32, Shape.of(1, 400, 40, 40), Shape.of(400, 400, 20, 20), Conv2dOptions.DEFAULT);
    for (Direction direction : Direction.values()) {
      assertThat(new Fft().declines(wide, direction))
          .isEqualTo("the transformed tiles are too large");
      assertThat(new Fft().declines(deep, direction))
          .isEqualTo("the transformed filters are too large");
    }
  }

  private static Conv2dPlan plan(DType dtype, Shape x, Shape w, Conv2dOptions options) {
    return Conv2dPlan.check("conv2d", dtype, x, dtype, w, null, options);
  }

  private static double[] run(ConvAlgorithm algorithm, Conv2dPlan plan, Direction direction) {
    double[] x = random(plan.xShape(), 1);
    double[] w = random(plan.wShape(), 2);
    double[] y = random(plan.yShape(), 3);
    direction.run(algorithm, plan, new Operand(x, 0), new Operand(w, 0), new Operand(y, 0));
    return switch (direction) {
      case FORWARD -> y;
      case BACKWARD_INPUT -> x;
      case BACKWARD_WEIGHT -> w;
    };
  }

  private static double[] random(Shape shape, int seed) {
    return new Random(seed).doubles(shape.numel(), -1, 1).toArray();
  }
}
