package dev.crema.op;

import dev.crema.autograd.Autograd;
import dev.crema.tensor.DType;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.DeviceException;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** The checks that many ops share. What one family alone needs stands in its plan. */
final class Check {
  private Check() {}

  static void dtype(String op, Tensor t, DType expected) {
    if (t.dtype() != expected) {
      throw new DTypeException(
          "%s: expected %s, got %s %s. Hint: convert with to(DType)"
              .formatted(op, expected, t.dtype(), t.shape()));
    }
  }

  static void floating(String op, Tensor t) {
    if (!t.dtype().isFloating()) {
      throw new DTypeException(
          "%s: expected f32 or f64, got %s %s. Hint: convert with to(DType.F32)"
              .formatted(op, t.dtype(), t.shape()));
    }
  }

  /** One device and one dtype. */
  static void together(String op, Tensor a, Tensor b) {
    device(op, a, b);
    if (a.dtype() != b.dtype()) {
      throw new DTypeException(
          "%s: expected one dtype, got %s %s and %s %s. Hint: convert one with to(DType)"
              .formatted(op, a.dtype(), a.shape(), b.dtype(), b.shape()));
    }
  }

  static void device(String op, Tensor a, @Nullable Tensor b) {
    if (b != null && !a.backend().device().equals(b.backend().device())) {
      throw new DeviceException(
          "%s: expected one device, got %s and %s. Hint: move one with to(Device)"
              .formatted(op, a.device(), b.device()));
    }
  }

  static void expands(String op, Shape from, Shape to) {
    if (!from.isBroadcastableTo(to)) {
      throw new ShapeException(
          "%s: shape %s does not expand to the shape %s that is written".formatted(op, from, to));
    }
  }

  /** Whether t may be changed in place: not in a recorded graph, and no element there twice. */
  static void writable(String op, Tensor t, Tensor... sources) {
    Autograd.checkInPlace(op, t, sources);
    for (int d = 0; d < t.shape().rank(); d++) {
      if (t.layout().stride(d) == 0 && t.shape().size(d) > 1) {
        throw new ShapeException(
            "%s: an expanded tensor of shape %s holds some elements several times. Hint: change a copy()"
                .formatted(op, t.shape()));
      }
    }
  }
}
