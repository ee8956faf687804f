package dev.crema.backend;

import dev.crema.tensor.DType;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.Shape;

/**
 * A softmax along the middle of [outer, size, inner].
 *
 * @param outer the product of the dimensions before
 * @param size the dimension that sums to 1
 * @param inner the product of the dimensions after
 */
public record SoftmaxPlan(DType dtype, int outer, int size, int inner) {

  public static SoftmaxPlan check(String op, DType dtype, Shape x, int dim) {
    if (!dtype.isFloating()) {
      throw new DTypeException("%s: expected f32 or f64, got %s %s".formatted(op, dtype, x));
    }
    int d = x.dim(op, dim);
    long outer = 1;
    long inner = 1;
    for (int i = 0; i < d; i++) {
      outer *= x.size(i);
    }
    for (int i = d + 1; i < x.rank(); i++) {
      inner *= x.size(i);
    }
    return new SoftmaxPlan(dtype, x.toInt(op, outer), x.toInt(op, x.size(d)), x.toInt(op, inner));
  }
}
