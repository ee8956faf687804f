package dev.crema.cases;

import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * One input of a case: a shape, and how its elements are drawn. The numbers are those of the seed
 * alone, and representable in f32: a case has the same numbers in f32 and in f64, on every device.
 *
 * @param fixed the dtype where it is always the same; empty for one that the case is run in, f32 or
 *     f64
 * @param differentiable whether gradients are checked for it
 */
public record Input(Shape shape, Values values, Optional<DType> fixed, boolean differentiable) {

  /** Draws n elements. */
  public interface Values {
    double[] draw(int n, Generator random);
  }

  // ---- floating inputs, in the dtype that the case is run in ----

  /** Distinct numbers between −2 and 2, none of them 0: differentiable almost everywhere. */
  public static Input real(long... shape) {
    return between(-2, 2, shape);
  }

  /** Distinct numbers between 0.5 and 2.5, for logarithms and roots. */
  public static Input positive(long... shape) {
    return between(0.5, 2.5, shape);
  }

  /** Distinct numbers, evenly spread but in random order, at least 3/5 of their mean gap apart. */
  public static Input between(double low, double high, long... shape) {
    return floating(
        shape,
        (n, random) -> {
          int[] rank = random.permutation(n);
          double[] values = new double[n];
          Arrays.setAll(
              values, i -> low + (high - low) * (rank[i] + 0.2 + 0.2 * random.nextDouble()) / n);
          return values;
        },
        true);
  }

  /** Integers from −4 to 4, so that sums of products are exact in any order. */
  public static Input whole(long... shape) {
    return floating(shape, Input::drawWhole, true);
  }

  /** Numbers n + 0.25, n from −4 to 4: away from where rounding jumps. */
  public static Input quarters(long... shape) {
    return floating(
        shape,
        (n, random) -> Arrays.stream(drawWhole(n, random)).map(v -> v + 0.25).toArray(),
        true);
  }

  /** These numbers, repeated as often as the shape needs. */
  public static Input cycle(double[] numbers, long... shape) {
    return floating(
        shape,
        (n, _) -> {
          double[] values = new double[n];
          Arrays.setAll(values, i -> numbers[i % numbers.length]);
          return values;
        },
        false);
  }

  private static Input floating(long[] shape, Values values, boolean differentiable) {
    return new Input(Shape.of(shape), values, Optional.empty(), differentiable);
  }

  /** The same input, for which no gradient is asked. */
  public Input constant() {
    return new Input(shape, values, fixed, false);
  }

  // ---- inputs of one dtype ----

  /** Integers from −4 to 4; in u8, from 0 to 8. */
  public static Input integers(DType dtype, long... shape) {
    int shift = dtype == DType.U8 ? 4 : 0;
    return fixed(
        dtype,
        shape,
        (n, random) -> Arrays.stream(drawWhole(n, random)).map(v -> v + shift).toArray());
  }

  public static Input bools(long... shape) {
    return fixed(
        DType.BOOL,
        shape,
        (n, random) -> {
          double[] values = new double[n];
          Arrays.setAll(values, _ -> random.nextInt(2));
          return values;
        });
  }

  /** i64 indices from 0 to below {@code bound}, with repetitions. */
  public static Input indices(int bound, long... shape) {
    return fixed(
        DType.I64,
        shape,
        (n, random) -> {
          double[] values = new double[n];
          Arrays.setAll(values, _ -> random.nextInt(bound));
          return values;
        });
  }

  /** These numbers, repeated as often as the shape needs, in this dtype. */
  public static Input cycle(DType dtype, double[] numbers, long... shape) {
    return fixed(dtype, shape, cycle(numbers, shape).values);
  }

  private static Input fixed(DType dtype, long[] shape, Values values) {
    return new Input(Shape.of(shape), values, Optional.of(dtype), false);
  }

  private static double[] drawWhole(int n, Generator random) {
    double[] values = new double[n];
    Arrays.setAll(values, _ -> random.nextInt(9) - 4);
    return values;
  }

  // ---- as a tensor ----

  /** The dtype in a run in {@code floating}. */
  public DType dtype(DType floating) {
    return fixed.orElse(floating);
  }

  /**
   * A fresh contiguous tensor of this input.
   *
   * @param floating the dtype that the case is run in
   * @param seed what the elements are drawn from
   */
  public Tensor tensor(DType floating, Device device, long seed) {
    double[] drawn = values.draw(Math.toIntExact(shape.numel()), Generator.of(seed));
    DType dtype = dtype(floating);
    if (dtype.isFloating()) {
      Arrays.setAll(drawn, i -> (float) drawn[i]);
    }
    return Tensor.copyOf(drawn, DType.F64, shape, device).to(dtype);
  }
}
