package dev.crema.tck;

import dev.crema.cases.Input;
import dev.crema.cases.OpCase;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** What came out of a case: its result, and the gradients for its differentiable inputs. */
record Outcome(List<Part> parts) {
  private static final long SEED = 5;

  /** One tensor's elements, in row-major order. */
  record Part(String name, String type, double[] values, Object bits) {
    static Part of(String name, Tensor t) {
      return new Part(name, t.dtype() + " " + t.shape(), t.toDoubleArray(), t.toArray());
    }
  }

  /** Runs a case forward and, where it has a gradient, backward. */
  static Outcome of(OpCase c, DType floating, Device device) {
    return of(c, floating, device, x -> x);
  }

  /** As above, with each input, and the gradient for the result, laid out by {@code arrange}. */
  static Outcome of(OpCase c, DType floating, Device device, UnaryOperator<Tensor> arrange) {
    try (Scope _ = Scope.open(c.toString())) {
      Tensor[] inputs = c.tensors(floating, device);
      for (int i = 0; i < inputs.length; i++) {
        boolean leaf = inputs[i].requiresGrad();
        inputs[i] = arrange.apply(inputs[i].detach()).requiresGrad_(leaf);
      }
      Tensor y = c.function().apply(inputs.clone());
      List<Part> parts = new ArrayList<>();
      parts.add(Part.of("the result", y));
      if (y.requiresGrad()) {
        y.backward(arrange.apply(gradientFor(y)), false, false);
        for (int i = 0; i < inputs.length; i++) {
          Tensor gradient = inputs[i].grad();
          if (gradient != null) {
            parts.add(Part.of("the gradient for input " + i, gradient));
          }
        }
      }
      return new Outcome(parts);
    }
  }

  /** Integers, so that exact cases have exact gradients. */
  static Tensor gradientFor(Tensor y) {
    return Input.whole(y.shape().sizes()).tensor(y.dtype(), y.device(), SEED);
  }
}
