package dev.crema.op;

import dev.crema.autograd.Autocast;
import dev.crema.autograd.Autograd;
import dev.crema.autograd.Gradients;
import dev.crema.autograd.Saved;
import dev.crema.autograd.Vjp;
import dev.crema.backend.ReduceOp;
import dev.crema.backend.ReducePlan;
import dev.crema.tensor.DType;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;

/**
 * Reductions over any dimensions; no dims means all. f16 and bf16 are reduced in f32 and rounded at
 * the end.
 */
public final class Reduce {
  private Reduce() {}

  public static Tensor sum(Tensor x, boolean keepDim, int... dims) {
    return sum("sum", Autocast.wide(x), keepDim, dims);
  }

  /** As above, for an op that wants its own name in errors. */
  private static Tensor sum(String op, Tensor x, boolean keepDim, int... dims) {
    var plan = ReducePlan.check(op, x.layout(), keepDim, dims);
    Tensor y = Tensor.empty(plan.outShape(), x.dtype().sumType(), x.device());
    x.backend().reduce(ReduceOp.SUM, plan, x.view(), y.view());
    return Autograd.record(
        "sum", y, Autograd.inputs(x), _ -> new SumGrad(x.shape(), kept(x.shape(), dims)));
  }

  record SumGrad(Shape shape, Shape kept) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      g.set(0, gy.reshape(kept).expand(shape));
    }
  }

  public static Tensor mean(Tensor x, boolean keepDim, int... dims) {
    Check.floating("mean", x);
    if (x.dtype().isHalf()) {
      return mean(x.to(DType.F32), keepDim, dims).to(x.dtype()); // the sum may be none of its type
    }
    return sum("mean", x, keepDim, dims).div(count(x.shape(), dims));
  }

  /** The largest or smallest element. */
  public static Tensor extreme(ReduceOp op, Tensor x, boolean keepDim, int... dims) {
    String name = op == ReduceOp.MAX ? "max" : "min";
    var plan = ReducePlan.check(name, x.layout(), keepDim, dims);
    checkNotEmpty(name, x, dims);
    Tensor y = Tensor.empty(plan.outShape(), x.dtype(), x.device());
    x.backend().reduce(op, plan, x.view(), y.view());
    return Autograd.record(
        name,
        y,
        Autograd.inputs(x),
        s -> new ExtremeGrad(kept(x.shape(), dims), dims.clone(), s.of(x), s.output()));
  }

  /** Elements that tie share the gradient evenly. */
  record ExtremeGrad(Shape kept, int[] dims, Saved x, Saved y) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      Tensor at = x.get();
      Tensor winners = at.eq(y.get().reshape(kept)).to(gy.dtype());
      Tensor ties = winners.sum(true, dims);
      g.set(0, winners.mul(gy.reshape(kept).div(ties)));
    }
  }

  /** Where the largest or smallest element first occurs along {@code dim}, as i64. */
  public static Tensor argExtreme(ReduceOp op, Tensor x, int dim, boolean keepDim) {
    String name = op == ReduceOp.MAX ? "argmax" : "argmin";
    var plan = ReducePlan.check(name, x.layout(), keepDim, dim);
    checkNotEmpty(name, x, dim);
    Tensor y = Tensor.empty(plan.outShape(), DType.I64, x.device());
    x.backend().argReduce(op, plan, x.view(), y.view());
    return y;
  }

  /** The variance around the mean: Σ(x − x̄)² / (count − correction). */
  public static Tensor var(Tensor x, int correction, boolean keepDim, int... dims) {
    Check.floating("var", x);
    if (x.dtype().isHalf()) {
      return var(x.to(DType.F32), correction, keepDim, dims).to(x.dtype());
    }
    double count = count(x.shape(), dims);
    Tensor centred = x.sub(sum("var", x, true, dims).div(count));
    return sum(centred.square(), keepDim, dims).div(Math.max(0, count - correction));
  }

  /** ln Σ e^x, shifted by the maximum so that nothing overflows. */
  public static Tensor logSumExp(Tensor x0, boolean keepDim, int... dims) {
    Tensor x = Autocast.wide(x0);
    Check.floating("logsumexp", x);
    if (x.dtype().isHalf()) {
      return logSumExp(x.to(DType.F32), keepDim, dims).to(x.dtype());
    }
    Tensor max = extreme(ReduceOp.MAX, x.detach(), true, dims);
    Tensor infinite = max.abs().eq(Double.POSITIVE_INFINITY);
    Tensor shift = Tensor.where(infinite, Tensor.zerosLike(max), max);
    Tensor y = sum(x.sub(shift).exp(), true, dims).log().add(shift);
    return keepDim
        ? y
        : y.reshape(ReducePlan.check("logsumexp", x.layout(), false, dims).outShape());
  }

  private static Shape kept(Shape shape, int... dims) {
    long[] sizes = shape.sizes();
    for (int d = 0; d < sizes.length; d++) {
      sizes[d] = dims.length == 0 ? 1 : sizes[d];
    }
    for (int dim : dims) {
      sizes[shape.dim(dim)] = 1;
    }
    return Shape.of(sizes);
  }

  private static double count(Shape shape, int... dims) {
    double count = dims.length == 0 ? shape.numel() : 1;
    for (int dim : dims) {
      count *= shape.size(dim);
    }
    return count;
  }

  private static void checkNotEmpty(String op, Tensor x, int... dims) {
    if (count(x.shape(), dims) == 0) {
      throw new ShapeException(
          "%s: shape %s has no element to choose from".formatted(op, x.shape()));
    }
  }
}
