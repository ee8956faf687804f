package dev.crema.tck;

import static dev.crema.tck.ErrorCase.zeros;
import static dev.crema.tensor.DType.BOOL;
import static dev.crema.tensor.DType.F32;
import static dev.crema.tensor.DType.F64;
import static dev.crema.tensor.DType.I32;
import static dev.crema.tensor.DType.I64;

import dev.crema.tensor.AutogradException;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.DeviceException;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import java.util.List;

/** What elementwise ops refuse. */
final class ElementwiseErrors {
  private ElementwiseErrors() {}

  static List<ErrorCase> all() {
    return List.of(
        new ErrorCase(
            "unary of bool",
            DTypeException.class,
            "neg: expected numbers, got bool [2]",
            d -> zeros(d, BOOL, 2).neg()),
        new ErrorCase(
            "unary of integers",
            DTypeException.class,
            "exp: expected f32 or f64, got i32 [2, 3]. Hint: convert with to(DType.F32)",
            d -> zeros(d, I32, 2, 3).exp()),
        new ErrorCase(
            "not of numbers",
            DTypeException.class,
            "not: expected bool, got f32 [2]. Hint: convert with to(DType)",
            d -> zeros(d, F32, 2).logicalNot()),
        new ErrorCase(
            "binary, shapes",
            ShapeException.class,
            "add: shapes [2, 3] and [2] do not broadcast: dimension -1 has sizes 3 and 2; expected"
                + " equal sizes, or 1 in one. Hint: shapes align at their last dimension; unsqueeze"
                + " or reshape one",
            d -> zeros(d, F32, 2, 3).add(zeros(d, F32, 2))),
        new ErrorCase(
            "binary, dtypes",
            DTypeException.class,
            "mul: expected one dtype, got f32 [2, 3] and f64 [2, 3]. Hint: convert one with"
                + " to(DType)",
            d -> zeros(d, F32, 2, 3).mul(zeros(d, F64, 2, 3))),
        new ErrorCase(
            "binary, devices",
            DeviceException.class,
            "add: expected one device, got {device} and {other}. Hint: move one with to(Device)",
            d -> zeros(d, F32, 2).add(zeros(ErrorCase.other(d), F32, 2))),
        new ErrorCase(
            "binary of bool",
            DTypeException.class,
            "add: expected numbers, got bool [2] and [2]. Hint: convert with to(DType), or use"
                + " logicalAnd, logicalOr",
            d -> zeros(d, BOOL, 2).add(zeros(d, BOOL, 2))),
        new ErrorCase(
            "a number that the dtype lacks",
            DTypeException.class,
            "mul: expected a number that i64 can hold, got 0.5. Hint: convert the tensor with"
                + " to(DType.F32)",
            d -> zeros(d, I64, 2).mul(0.5)),
        new ErrorCase(
            "div of integers",
            DTypeException.class,
            "div: expected f32 or f64, got i64 [2]. Hint: convert with to(DType.F32)",
            d -> zeros(d, I64, 2).div(zeros(d, I64, 2))),
        new ErrorCase(
            "and of numbers",
            DTypeException.class,
            "and: expected bool, got f32 [2]. Hint: convert with to(DType)",
            d -> zeros(d, F32, 2).logicalAnd(zeros(d, F32, 2))),
        new ErrorCase(
            "where, condition",
            DTypeException.class,
            "where: expected bool, got f32 [2]. Hint: convert with to(DType)",
            d -> Tensor.where(zeros(d, F32, 2), zeros(d, F32, 2), zeros(d, F32, 2))),
        new ErrorCase(
            "where, shapes",
            ShapeException.class,
            "where: shapes [4] and [2] do not broadcast: dimension -1 has sizes 4 and 2; expected"
                + " equal sizes, or 1 in one. Hint: shapes align at their last dimension; unsqueeze"
                + " or reshape one",
            d -> Tensor.where(zeros(d, BOOL, 4), zeros(d, F32, 2), zeros(d, F32, 2))),
        new ErrorCase(
            "where, dtypes",
            DTypeException.class,
            "where: expected one dtype, got f32 [2] and f64 [2]. Hint: convert one with to(DType)",
            d -> Tensor.where(zeros(d, BOOL, 2), zeros(d, F32, 2), zeros(d, F64, 2))),
        new ErrorCase(
            "in place, shapes",
            ShapeException.class,
            "add_: shape [2, 3] does not expand to the shape [3] that is written",
            d -> zeros(d, F32, 3).add_(zeros(d, F32, 2, 3))),
        new ErrorCase(
            "in place, expanded",
            ShapeException.class,
            "add_: an expanded tensor of shape [3] holds some elements several times. Hint: change"
                + " a copy()",
            d -> zeros(d, F32, 1).expand(3).add_(1)),
        new ErrorCase(
            "in place, in the graph",
            AutogradException.class,
            "mul_: in-place change of a tensor of shape [3] that is part of the graph. Hint: use"
                + " the op without the underscore, or NoGrad",
            d -> {
              var x = zeros(d, F32, 3).requiresGrad_();
              x.mul_(2);
            }),
        new ErrorCase(
            "in place, of the graph",
            AutogradException.class,
            "add_: in-place change of a tensor of shape [3] that is part of the graph. Hint: use"
                + " the op without the underscore, or NoGrad",
            d -> {
              var x = zeros(d, F32, 3).requiresGrad_();
              zeros(d, F32, 3).add_(x.mul(2));
            }),
        new ErrorCase(
            "copy_, devices",
            DeviceException.class,
            "copy_: expected one device, got {device} and {other}. Hint: move one with to(Device)",
            d -> zeros(d, F32, 4).copy_(zeros(ErrorCase.other(d), F32, 4))));
  }
}
