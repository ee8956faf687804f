package dev.crema.cuda;

import dev.crema.backend.PointwisePlan;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.cuda.kernel.Cast;
import dev.crema.tensor.DType;
import dev.crema.tensor.Layout;
import dev.crema.tensor.Shape;
import java.util.function.Consumer;

/** A dense tensor in scratch memory, until it is closed. */
public final class Scratch implements AutoCloseable {
  private final CudaBuffer buffer;
  private final View view;

  /** One of undefined content. */
  public Scratch(CudaDevice d, DType dtype, Shape shape) {
    buffer = new CudaBuffer(dtype, shape.numel(), d.allocate(shape.numel() * dtype.bytes()));
    view = new View(buffer, Layout.contiguous(shape));
  }

  /** A dense copy. */
  public static Scratch copyOf(CudaDevice d, View x) {
    return copyOf(d, x, x.dtype());
  }

  /** A dense copy, converted. */
  public static Scratch copyOf(CudaDevice d, View x, DType dtype) {
    return new Scratch(d, dtype, x.shape()).filled(y -> Cast.copy(d, PointwisePlan.of(y, x), x, y));
  }

  /** This, after {@code fill}; closed, should that fail. */
  public Scratch filled(Consumer<View> fill) {
    try {
      fill.accept(view);
      return this;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  public View view() {
    return view;
  }

  @Override
  public void close() {
    buffer.release();
  }
}
