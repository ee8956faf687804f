package dev.crema.backend;

import dev.crema.tensor.DType;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.IndexException;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;

/**
 * Picking along one dimension. With index and picked of one shape, and table equal to them but in
 * {@code dim}: {@code picked[.., i, ..] = table[.., index[.., i, ..], ..]}; scatter-add is the
 * adjoint. Table, index and picked may have any strides, so an expanded index picks whole slices.
 *
 * @param op the op's name, for errors
 * @param table the shape of what is picked from, for errors
 * @param sizes the shape of index and picked
 * @param dim the dimension that is picked along
 * @param tableSize the table's size there: indices run from 0 to below it
 */
public record GatherPlan(
    String op, Shape table, long[] sizes, int dim, int tableSize, DType indexType) {

  /** Checks a table's shape against an index's. */
  public static GatherPlan check(String op, Shape table, int dim, DType indexType, Shape index) {
    if (indexType != DType.I32 && indexType != DType.I64) {
      throw new DTypeException(
          "%s: expected an i32 or i64 index, got %s %s. Hint: convert with to(DType.I64)"
              .formatted(op, indexType, index));
    }
    int d = table.dim(op, dim);
    if (table.rank() != index.rank() || !table.with(d, 0).equals(index.with(d, 0))) {
      throw new ShapeException(
          "%s: expected an index that equals the tensor's shape but in dim %s, got tensor %s and index %s. Hint: slice or expand one"
              .formatted(op, d, table, index));
    }
    return new GatherPlan(op, table, index.sizes(), d, table.toInt(op, table.size(d)), indexType);
  }

  /** What a backend throws at an index that is not in the table. */
  public IndexException outside(long index) {
    return outside(op, index, dim, table);
  }

  static IndexException outside(String op, long index, int dim, Shape table) {
    return new IndexException(
        "%s: index %s is outside dimension %s of shape %s. Hint: indices there run from 0 to %s"
            .formatted(op, index, dim, table, table.size(dim) - 1));
  }
}
