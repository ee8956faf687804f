package dev.crema.tck;

import static dev.crema.tck.ErrorCase.zeros;
import static dev.crema.tensor.DType.BOOL;
import static dev.crema.tensor.DType.F32;
import static dev.crema.tensor.DType.I32;
import static dev.crema.tensor.DType.I64;

import dev.crema.tensor.DTypeException;
import dev.crema.tensor.IndexException;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import java.util.List;

/** What indexing, views and joints refuse. */
final class ShapingErrors {
  private ShapingErrors() {}

  static List<ErrorCase> all() {
    return List.of(
        new ErrorCase(
            "gather, shapes",
            ShapeException.class,
            "gather: expected an index that equals the tensor's shape but in dim 1, got tensor [4,"
                + " 3] and index [3, 2]. Hint: slice or expand one",
            d -> zeros(d, F32, 4, 3).gather(1, zeros(d, I64, 3, 2))),
        new ErrorCase(
            "gather, index dtype",
            DTypeException.class,
            "gather: expected an i32 or i64 index, got f32 [4, 2]. Hint: convert with"
                + " to(DType.I64)",
            d -> zeros(d, F32, 4, 3).gather(1, zeros(d, F32, 4, 2))),
        new ErrorCase(
            "gather, index",
            IndexException.class,
            "gather: index 3 is outside dimension 1 of shape [4, 3]. Hint: indices there run from 0"
                + " to 2",
            d ->
                zeros(d, F32, 4, 3)
                    .gather(1, Tensor.full(Shape.of(4, 1), 3, I64, d))
                    .toFloatArray()),
        new ErrorCase(
            "gather, negative index",
            IndexException.class,
            "gather: index -1 is outside dimension 0 of shape [4, 3]. Hint: indices there run from"
                + " 0 to 3",
            d ->
                zeros(d, F32, 4, 3)
                    .gather(0, Tensor.full(Shape.of(1, 3), -1, I32, d))
                    .toFloatArray()),
        new ErrorCase(
            "scatter_add, index",
            IndexException.class,
            "scatter_add: index 7 is outside dimension 1 of shape [4, 3]. Hint: indices there run"
                + " from 0 to 2",
            d ->
                zeros(d, F32, 4, 3)
                    .scatterAdd(1, Tensor.full(Shape.of(4, 1), 7, I64, d), zeros(d, F32, 4, 1))
                    .toFloatArray()),
        new ErrorCase(
            "scatter_add, shapes",
            ShapeException.class,
            "scatter_add: expected index and source of one shape, got [4, 1] and [4, 2]",
            d -> zeros(d, F32, 4, 3).scatterAdd(1, zeros(d, I64, 4, 1), zeros(d, F32, 4, 2))),
        new ErrorCase(
            "scatter_add of bool",
            DTypeException.class,
            "scatter_add: expected numbers, got bool [4, 3]. Hint: convert with to(DType)",
            d -> zeros(d, BOOL, 4, 3).scatterAdd(1, zeros(d, I64, 4, 1), zeros(d, BOOL, 4, 1))),
        new ErrorCase(
            "index_select, index",
            IndexException.class,
            "index_select: index 9 is outside dimension 0 of shape [4, 3]. Hint: indices there run"
                + " from 0 to 3",
            d ->
                zeros(d, F32, 4, 3)
                    .indexSelect(0, Tensor.full(Shape.of(2), 9, I64, d))
                    .toFloatArray()),
        new ErrorCase(
            "index_select, shape",
            ShapeException.class,
            "index_select: expected a vector of indices, got shape [2, 2]",
            d -> zeros(d, F32, 4, 3).indexSelect(0, zeros(d, I64, 2, 2))),
        new ErrorCase(
            "reshape",
            ShapeException.class,
            "reshape: shape [4, 3] has 12 elements and does not fit [5, 2]: it has 10. Hint: -1"
                + " stands for the size that fits",
            d -> zeros(d, F32, 4, 3).reshape(5, 2)),
        new ErrorCase(
            "reshape, inferred",
            ShapeException.class,
            "reshape: shape [4, 3] has 12 elements and does not fit [5, -1]: 12 is not"
                + " divisible by 5",
            d -> zeros(d, F32, 4, 3).reshape(5, -1)),
        new ErrorCase(
            "permute, count",
            ShapeException.class,
            "permute: expected 2 dims for shape [4, 3], got [0]",
            d -> zeros(d, F32, 4, 3).permute(0)),
        new ErrorCase(
            "permute, twice",
            ShapeException.class,
            "permute: dim 0 appears twice in [0, 0]",
            d -> zeros(d, F32, 4, 3).permute(0, 0)),
        new ErrorCase(
            "squeeze",
            ShapeException.class,
            "squeeze: dimension 0 of shape [4, 3] has size 4, expected 1",
            d -> zeros(d, F32, 4, 3).squeeze(0)),
        new ErrorCase(
            "unsqueeze",
            IndexException.class,
            "unsqueeze: dim 4 is outside a result of 3 dims, from shape [4, 3]. Hint: dims run from"
                + " 0 to 2, or from -3 to -1",
            d -> zeros(d, F32, 4, 3).unsqueeze(4)),
        new ErrorCase(
            "expand",
            ShapeException.class,
            "expand: shape [4, 3] does not expand to [4, 6]: only dimensions of size 1 repeat",
            d -> zeros(d, F32, 4, 3).expand(4, 6)),
        new ErrorCase(
            "slice, step",
            IndexException.class,
            "slice: expected a step of at least 1, got 0",
            d -> zeros(d, F32, 4, 3).slice(0, 0, 2, 0)),
        new ErrorCase(
            "select",
            IndexException.class,
            "select: index 3 is outside dimension 1 of shape [4, 3]",
            d -> zeros(d, F32, 4, 3).select(1, 3)),
        new ErrorCase(
            "cat, shapes",
            ShapeException.class,
            "cat: expected shapes that are equal but in dim 0, got [[4, 3], [4, 2]]",
            d -> Tensor.cat(List.of(zeros(d, F32, 4, 3), zeros(d, F32, 4, 2)), 0)),
        new ErrorCase(
            "cat, dtypes",
            DTypeException.class,
            "cat: expected one dtype, got f32 [4, 3] and i32 [4, 3]. Hint: convert one with"
                + " to(DType)",
            d -> Tensor.cat(List.of(zeros(d, F32, 4, 3), zeros(d, I32, 4, 3)), 0)),
        new ErrorCase(
            "cat, ranks",
            ShapeException.class,
            "cat: expected shapes that are equal but in dim 0, got [[4, 3], [4]]",
            d -> Tensor.cat(List.of(zeros(d, F32, 4, 3), zeros(d, F32, 4)), 0)),
        new ErrorCase(
            "cat, nothing",
            ShapeException.class,
            "cat: expected at least one tensor, got none",
            d -> Tensor.cat(List.of(), 0)),
        new ErrorCase(
            "split",
            ShapeException.class,
            "split: expected pieces of at least 1, got 0",
            d -> zeros(d, F32, 4, 3).split(0, 0)));
  }
}
