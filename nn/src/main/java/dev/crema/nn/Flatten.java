package dev.crema.nn;

import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;

/** Makes one dimension of several: by default all but the first, the batch. */
public final class Flatten extends Module {
  private final int startDim;
  private final int endDim;

  /** From dimension 1 to the last. */
  public Flatten() {
    this(1, -1);
  }

  /** From startDim to endDim, both included; -1 is the last. */
  public Flatten(int startDim, int endDim) {
    this.startDim = startDim;
    this.endDim = endDim;
  }

  @Override
  protected Tensor forward(Tensor x) {
    Shape shape = x.shape();
    int start = shape.dim(startDim);
    int end = shape.dim(endDim);
    long[] sizes = new long[shape.rank() - (end - start)];
    for (int d = 0; d < sizes.length; d++) {
      sizes[d] = d == start ? 1 : shape.size(d < start ? d : d + end - start);
    }
    for (int d = start; d <= end; d++) {
      sizes[start] *= shape.size(d);
    }
    return x.reshape(sizes);
  }

  @Override
  protected String extraRepr() {
    return "start_dim=" + startDim + ", end_dim=" + endDim;
  }
}
