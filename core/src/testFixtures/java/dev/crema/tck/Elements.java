package dev.crema.tck;

import dev.crema.backend.View;
import dev.crema.tensor.Layout;
import dev.crema.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** A view's elements by their row-major index, whatever its strides. */
record Elements(ReferenceBuffer buffer, Layout layout, boolean isContiguous) {

  static Elements of(View view) {
    return of(view, view.shape());
  }

  static @Nullable Elements ofNullable(@Nullable View view) {
    return view == null ? null : of(view);
  }

  /** A view read as if it had been expanded to {@code shape}. */
  static Elements of(View view, Shape shape) {
    Layout layout = view.layout().expand(shape);
    return new Elements((ReferenceBuffer) view.buffer(), layout, layout.isContiguous());
  }

  /** Stores the elements of a view, row-major. */
  static void store(double[] values, View y) {
    var to = of(y);
    for (int i = 0; i < values.length; i++) {
      to.set(i, values[i]);
    }
  }

  long count() {
    return layout.shape().numel();
  }

  boolean isFloating() {
    return buffer.dtype().isFloating();
  }

  double get(long i) {
    return buffer.get(at(i));
  }

  long getLong(long i) {
    return buffer.getLong(at(i));
  }

  void set(long i, double value) {
    buffer.set(at(i), value);
  }

  void setLong(long i, long value) {
    buffer.setLong(at(i), value);
  }

  private long at(long i) {
    if (isContiguous) {
      return layout.offset() + i;
    }
    long at = layout.offset();
    long rest = i;
    for (int d = layout.shape().rank() - 1; d >= 0; d--) {
      at += rest % layout.shape().size(d) * layout.stride(d);
      rest /= layout.shape().size(d);
    }
    return at;
  }
}
