package dev.crema.op;

import dev.crema.autograd.Autograd;
import dev.crema.autograd.Gradients;
import dev.crema.autograd.Saved;
import dev.crema.autograd.Vjp;
import dev.crema.backend.GatherPlan;
import dev.crema.tensor.DType;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import java.util.Arrays;

/** Picking elements by an index tensor (i32 or i64), and putting them back. */
public final class Index {
  private Index() {}

  /**
   * y[.., i, ..] = x[.., index[.., i, ..], ..] along {@code dim}; x and index agree in all other
   * sizes.
   */
  public static Tensor gather(Tensor x, int dim, Tensor index) {
    return gather("gather", x, dim, index);
  }

  /** As above, for an op that wants its own name in errors. */
  static Tensor gather(String op, Tensor x, int dim, Tensor index) {
    Check.device(op, x, index);
    var plan = GatherPlan.check(op, x.shape(), dim, index.dtype(), index.shape());
    Tensor y = Tensor.empty(index.shape(), x.dtype(), x.device());
    x.backend().gather(plan, x.view(), index.view(), y.view());
    return Autograd.record(
        "gather", y, Autograd.inputs(x), s -> new GatherGrad(x.shape(), plan.dim(), s.of(index)));
  }

  record GatherGrad(Shape shape, int dim, Saved index) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      g.set(0, scatter(gy, index.get(), shape, dim));
    }
  }

  /** x plus {@code source}'s elements, each added at its index along {@code dim}. */
  public static Tensor scatterAdd(Tensor x, int dim, Tensor index, Tensor source) {
    Check.together("scatter_add", x, source);
    if (x.dtype() == DType.BOOL) {
      throw new DTypeException(
          "scatter_add: expected numbers, got bool %s. Hint: convert with to(DType)"
              .formatted(x.shape()));
    }
    if (!index.shape().equals(source.shape())) {
      throw new ShapeException(
          "scatter_add: expected index and source of one shape, got %s and %s"
              .formatted(index.shape(), source.shape()));
    }
    return x.add(scatter(source, index, x.shape(), dim));
  }

  /**
   * Zeros of {@code shape} plus x's elements, each added at its index along {@code dim}: what
   * gather is the gradient of.
   */
  static Tensor scatter(Tensor x, Tensor index, Shape shape, int dim) {
    if (x.dtype().isHalf()) {
      return scatter(x.to(DType.F32), index, shape, dim).to(x.dtype()); // long sums
    }
    Check.device("scatter_add", x, index);
    var plan = GatherPlan.check("scatter_add", shape, dim, index.dtype(), index.shape());
    Tensor y = Tensor.zeros(shape, x.dtype(), x.device());
    x.backend().scatterAdd(plan, x.view(), index.view(), y.view());
    return Autograd.record(
        "scatter_add", y, Autograd.inputs(x), s -> new ScatterGrad(plan.dim(), s.of(index)));
  }

  record ScatterGrad(int dim, Saved index) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      g.set(0, gather(gy, dim, index.get()));
    }
  }

  /** The slices of x at a vector of indices along {@code dim}. */
  public static Tensor indexSelect(Tensor x, int dim, Tensor index) {
    if (index.shape().rank() != 1) {
      throw new ShapeException(
          "index_select: expected a vector of indices, got shape " + index.shape());
    }
    int d = x.shape().dim("index_select", dim);
    long[] along = new long[x.shape().rank()];
    Arrays.fill(along, 1);
    along[d] = index.numel();
    return gather(
        "index_select", x, d, index.reshape(along).expand(x.shape().with(d, index.numel())));
  }
}
