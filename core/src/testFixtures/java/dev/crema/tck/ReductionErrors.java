package dev.crema.tck;

import static dev.crema.tck.ErrorCase.zeros;
import static dev.crema.tensor.DType.F32;
import static dev.crema.tensor.DType.F64;
import static dev.crema.tensor.DType.I32;
import static dev.crema.tensor.DType.I64;
import static dev.crema.tensor.DType.U8;

import dev.crema.op.CrossEntropy;
import dev.crema.tensor.CrossEntropyOptions;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.DeviceException;
import dev.crema.tensor.Generator;
import dev.crema.tensor.IndexException;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import java.util.List;

/** What reductions, products, softmax and norms refuse. */
final class ReductionErrors {
  private ReductionErrors() {}

  static List<ErrorCase> all() {
    return List.of(
        new ErrorCase(
            "more elements than an int counts",
            ShapeException.class,
            "sum: expected at most 2^31 - 1 elements, got 4294967296 in [65536, 65536]. Hint: go"
                + " through it in slices",
            d -> zeros(d, F32, 1).expand(65536, 65536).sum()),
        new ErrorCase(
            "sum, dim",
            IndexException.class,
            "sum: dim 2 is outside a tensor of shape [2, 3]. Hint: dims run from 0 to 1, or from -2"
                + " to -1",
            d -> zeros(d, F32, 2, 3).sum(2)),
        new ErrorCase(
            "sum, dim of a vector",
            IndexException.class,
            "sum: dim 2 is outside a tensor of shape [3]. Hint: its only dim is 0, or -1",
            d -> zeros(d, F32, 3).sum(2)),
        new ErrorCase(
            "sum, dim of a scalar",
            IndexException.class,
            "sum: dim 0 is outside a tensor of shape []. Hint: a scalar has no dims",
            d -> zeros(d, F32).sum(0)),
        new ErrorCase(
            "sum, twice",
            ShapeException.class,
            "sum: dim 1 appears twice in [1, -1]",
            d -> zeros(d, F32, 2, 3).sum(1, -1)),
        new ErrorCase(
            "mean of integers",
            DTypeException.class,
            "mean: expected f32 or f64, got i32 [2]. Hint: convert with to(DType.F32)",
            d -> zeros(d, I32, 2).mean()),
        new ErrorCase(
            "max of nothing",
            ShapeException.class,
            "max: shape [2, 0] has no element to choose from",
            d -> zeros(d, F32, 2, 0).max()),
        new ErrorCase(
            "argmax of nothing",
            ShapeException.class,
            "argmax: shape [2, 0] has no element to choose from",
            d -> zeros(d, F32, 2, 0).argmax(1)),
        new ErrorCase(
            "var of integers",
            DTypeException.class,
            "var: expected f32 or f64, got u8 [2]. Hint: convert with to(DType.F32)",
            d -> zeros(d, U8, 2).var()),
        new ErrorCase(
            "matmul, more products than an int counts",
            ShapeException.class,
            "matmul: expected at most 2^31 - 1 elements, got 4294967296 in [65536, 65536]. Hint: go"
                + " through it in slices",
            d -> zeros(d, F32, 65536, 1, 1, 1).matmul(zeros(d, F32, 65536, 1, 1))),
        new ErrorCase(
            "matmul, shapes",
            ShapeException.class,
            "matmul: expected [.., m, k] and [.., k, n], got [2, 3] and [4, 5]: k is 3 on the left"
                + " and 4 on the right. Hint: a transpose does not help here; one of the two sizes"
                + " is not what was meant",
            d -> zeros(d, F32, 2, 3).matmul(zeros(d, F32, 4, 5))),
        new ErrorCase(
            "matmul, right transposed",
            ShapeException.class,
            "matmul: expected [.., m, k] and [.., k, n], got [2, 3] and [4, 3]: k is 3 on the left"
                + " and 4 on the right. Hint: turn the right one around, with t() or transpose(-2,"
                + " -1)",
            d -> zeros(d, F32, 2, 3).matmul(zeros(d, F32, 4, 3))),
        new ErrorCase(
            "matmul, left transposed",
            ShapeException.class,
            "matmul: expected [.., m, k] and [.., k, n], got [3, 2] and [3, 4]: k is 2 on the left"
                + " and 3 on the right. Hint: turn the left one around, with t() or transpose(-2,"
                + " -1)",
            d -> zeros(d, F32, 3, 2).matmul(zeros(d, F32, 3, 4))),
        new ErrorCase(
            "matmul, batch and matrix",
            ShapeException.class,
            "matmul: expected [.., m, k] and [.., k, n], got [7, 2, 3] and [4, 5]: k is 3 on the"
                + " left and 4 on the right. Hint: a transpose does not help here; one of the two"
                + " sizes is not what was meant",
            d -> zeros(d, F32, 7, 2, 3).matmul(zeros(d, F32, 4, 5))),
        new ErrorCase(
            "matmul, vectors",
            ShapeException.class,
            "matmul: expected [k] and [k], got [4] and [5]: k is 4 on the left and 5 on the right."
                + " Hint: a product of vectors needs two of one size",
            d -> zeros(d, F32, 4).matmul(zeros(d, F32, 5))),
        new ErrorCase(
            "matmul, matrix and vector",
            ShapeException.class,
            "matmul: expected [.., m, k] and [k], got [2, 3] and [2]: k is 3 on the left and 2 on"
                + " the right. Hint: turn the left one around, with t() or transpose(-2, -1)",
            d -> zeros(d, F32, 2, 3).matmul(zeros(d, F32, 2))),
        new ErrorCase(
            "matmul, vector and matrix",
            ShapeException.class,
            "matmul: expected [k] and [.., k, n], got [5] and [4, 5]: k is 5 on the left and 4 on"
                + " the right. Hint: turn the right one around, with t() or transpose(-2, -1)",
            d -> zeros(d, F32, 5).matmul(zeros(d, F32, 4, 5))),
        new ErrorCase(
            "matmul, batches",
            ShapeException.class,
            "matmul: the batches of [7, 2, 3] and [6, 3, 5] do not broadcast: dimension -3 has"
                + " sizes 7 and 6; expected equal sizes, or 1 in one",
            d -> zeros(d, F32, 7, 2, 3).matmul(zeros(d, F32, 6, 3, 5))),
        new ErrorCase(
            "matmul, scalar",
            ShapeException.class,
            "matmul: expected matrices or vectors, got [] and [4, 5]. Hint: mul multiplies by a"
                + " scalar",
            d -> zeros(d, F32).matmul(zeros(d, F32, 4, 5))),
        new ErrorCase(
            "matmul of integers",
            DTypeException.class,
            "matmul: expected f32 or f64, got i32 [2, 3] and [3, 5]. Hint: convert both with"
                + " to(DType.F32)",
            d -> zeros(d, I32, 2, 3).matmul(zeros(d, I32, 3, 5))),
        new ErrorCase(
            "matmul, dtypes",
            DTypeException.class,
            "matmul: expected one dtype, got f32 [2, 3] and f64 [3, 5]. Hint: convert one with"
                + " to(DType)",
            d -> zeros(d, F32, 2, 3).matmul(zeros(d, F64, 3, 5))),
        new ErrorCase(
            "matmul, devices",
            DeviceException.class,
            "matmul: expected one device, got {device} and {other}. Hint: move one with to(Device)",
            d -> zeros(d, F32, 2, 3).matmul(zeros(ErrorCase.other(d), F32, 3, 5))),
        new ErrorCase(
            "linear, shapes",
            ShapeException.class,
            "linear: expected input [.., in] and weight [out, in], got input [8, 3, 4] and weight"
                + " [10, 12]. Hint: flatten(1) images first",
            d -> zeros(d, F32, 8, 3, 4).linear(zeros(d, F32, 10, 12), null)),
        new ErrorCase(
            "linear, bias",
            ShapeException.class,
            "linear: expected a bias f32 [10] for weight [10, 12], got f32 [12]",
            d -> zeros(d, F32, 8, 12).linear(zeros(d, F32, 10, 12), zeros(d, F32, 12))),
        new ErrorCase(
            "linear, dtypes",
            DTypeException.class,
            "linear: expected one dtype, got f32 [8, 12] and f64 [10, 12]. Hint: convert one with"
                + " to(DType)",
            d -> zeros(d, F32, 8, 12).linear(zeros(d, F64, 10, 12), null)),
        new ErrorCase(
            "softmax, dim",
            IndexException.class,
            "softmax: dim 2 is outside a tensor of shape [2, 3]. Hint: dims run from 0 to 1, or"
                + " from -2 to -1",
            d -> zeros(d, F32, 2, 3).softmax(2)),
        new ErrorCase(
            "softmax of integers",
            DTypeException.class,
            "softmax: expected f32 or f64, got i32 [2, 3]",
            d -> zeros(d, I32, 2, 3).softmax(1)),
        new ErrorCase(
            "cross_entropy, shapes",
            ShapeException.class,
            "cross_entropy: expected scores [n, classes, ..] and target [n, ..], got scores [4, 3]"
                + " and target [3]. Hint: the target holds one class index per sample",
            d -> zeros(d, F32, 4, 3).crossEntropy(zeros(d, I64, 3))),
        new ErrorCase(
            "cross_entropy, one-hot",
            ShapeException.class,
            "cross_entropy: expected scores [n, classes, ..] and target [n, ..], got scores [4, 3]"
                + " and target [4, 3]. Hint: argmax(1) turns one-hot rows into class indices",
            d -> zeros(d, F32, 4, 3).crossEntropy(zeros(d, F32, 4, 3))),
        new ErrorCase(
            "cross_entropy, target dtype",
            DTypeException.class,
            "cross_entropy: expected a target of class indices, i32 or i64, got f32 [4]. Hint:"
                + " convert with to(DType.I64)",
            d -> zeros(d, F32, 4, 3).crossEntropy(zeros(d, F32, 4))),
        new ErrorCase(
            "cross_entropy, scores dtype",
            DTypeException.class,
            "cross_entropy: expected f32 or f64, got i32 [4, 3]. Hint: convert with to(DType.F32)",
            d -> zeros(d, I32, 4, 3).crossEntropy(zeros(d, I64, 4))),
        new ErrorCase(
            "cross_entropy, class",
            IndexException.class,
            "cross_entropy: index 3 is outside dimension 1 of shape [4, 3]. Hint: indices there run"
                + " from 0 to 2",
            d -> zeros(d, F32, 4, 3).crossEntropy(Tensor.full(Shape.of(4), 3, I64, d)).item()),
        new ErrorCase(
            "nll_loss, class",
            IndexException.class,
            "nll_loss: index 3 is outside dimension 1 of shape [4, 3]. Hint: indices there run from"
                + " 0 to 2",
            d ->
                CrossEntropy.nllLoss(
                        zeros(d, F32, 4, 3),
                        Tensor.full(Shape.of(4), 3, I64, d),
                        CrossEntropyOptions.DEFAULT)
                    .item()),
        new ErrorCase(
            "batch_norm, rank",
            ShapeException.class,
            "batch_norm: expected [n, c, ..], got [4]",
            d -> zeros(d, F32, 4).batchNormTraining(null, null, null, null, 0.1, 1e-5)),
        new ErrorCase(
            "batch_norm, channels",
            ShapeException.class,
            "batch_norm: expected weight, bias and running statistics of shape [3] for input [4,"
                + " 3], got [2]",
            d ->
                zeros(d, F32, 4, 3)
                    .batchNormTraining(zeros(d, F32, 2), null, null, null, 0.1, 1e-5)),
        new ErrorCase(
            "batch_norm, half the statistics",
            ShapeException.class,
            "batch_norm: expected both a running mean and a running variance, or neither, for input"
                + " [4, 3]",
            d ->
                zeros(d, F32, 4, 3)
                    .batchNormTraining(null, null, zeros(d, F32, 3), null, 0.1, 1e-5)),
        new ErrorCase(
            "batch_norm, one value",
            ShapeException.class,
            "batch_norm: expected more than one value per channel in training, got input [1, 3]",
            d -> zeros(d, F32, 1, 3).batchNormTraining(null, null, null, null, 0.1, 1e-5)),
        new ErrorCase(
            "batch_norm, dtypes",
            DTypeException.class,
            "batch_norm: expected weight, bias and running statistics of f32 for input f32 [4, 3],"
                + " got f64 [3]. Hint: convert with to(DType)",
            d ->
                zeros(d, F32, 4, 3)
                    .batchNormTraining(zeros(d, F64, 3), null, null, null, 0.1, 1e-5)),
        new ErrorCase(
            "batch_norm of integers",
            DTypeException.class,
            "batch_norm: expected f32 or f64, got i32 [4, 3]",
            d -> zeros(d, I32, 4, 3).batchNormTraining(null, null, null, null, 0.1, 1e-5)),
        new ErrorCase(
            "dropout of integers",
            DTypeException.class,
            "dropout: expected f32 or f64, got i32 [4]. Hint: convert with to(DType.F32)",
            d -> zeros(d, I32, 4).dropout(0.5, Generator.of(0))));
  }
}
