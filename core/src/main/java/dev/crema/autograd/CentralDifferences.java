package dev.crema.autograd;

import dev.crema.tensor.DType;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.function.Function;

/**
 * Numeric gradients in f64: D(h) = (f(x + h) − f(x − h)) / 2h at two steps, combined as (4 D(h/2) −
 * D(h)) / 3 (Richardson's extrapolation), whose error is of order h⁴. With h around 2^−9 of x that
 * error and f64's rounding are both far below 1e-6.
 */
final class CentralDifferences {
  private static final int STEP_EXPONENT = -9;

  /** Elements below this are moved as if they had this size. */
  private static final double SMALLEST = 0.125;

  private final Function<Tensor[], Tensor> function;
  private final Tensor[] at;
  private final double[] weights;

  /** Of the sum of the function's elements times these weights, at these inputs. */
  CentralDifferences(Function<Tensor[], Tensor> function, Tensor[] inputs, double[] weights) {
    this.function = function;
    this.weights = weights;
    this.at = new Tensor[inputs.length];
    for (int i = 0; i < at.length; i++) {
      Tensor x = inputs[i].detach();
      at[i] = x.dtype().isFloating() ? x.to(DType.F64) : x;
    }
  }

  /** The gradient for one input. */
  double[] gradient(int input) {
    double[] x = at[input].toDoubleArray();
    double[] gradient = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double h = step(x[i]);
      double coarse = difference(input, x, i, h);
      double fine = difference(input, x, i, h / 2);
      gradient[i] = (4 * fine - coarse) / 3;
    }
    return gradient;
  }

  /** A power of two, so that x ± h is exact for any x that was ever an f32. */
  private static double step(double x) {
    return Math.scalb(1.0, Math.getExponent(Math.max(Math.abs(x), SMALLEST)) + STEP_EXPONENT);
  }

  /** D(h) for element i, output by output, so that outputs which do not move add nothing. */
  private double difference(int input, double[] x, int i, double h) {
    double centre = x[i];
    x[i] = centre + h;
    double[] above = value(input, x);
    x[i] = centre - h;
    double[] below = value(input, x);
    x[i] = centre;
    double sum = 0;
    for (int k = 0; k < above.length; k++) {
      sum += weights[k] * (above[k] - below[k]);
    }
    return sum / (2 * h);
  }

  private double[] value(int input, double[] x) {
    try (Scope _ = Scope.open("gradcheck")) {
      Tensor[] moved = at.clone();
      moved[input] = Tensor.copyOf(x, DType.F64, at[input].shape(), at[input].device());
      return function.apply(moved).toDoubleArray();
    }
  }
}
