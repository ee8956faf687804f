package dev.crema.tck;

import static dev.crema.tck.ErrorCase.zeros;
import static dev.crema.tensor.DType.F32;
import static dev.crema.tensor.DType.I32;

import dev.crema.backend.SgdStep;
import dev.crema.op.Update;
import dev.crema.tensor.AutogradException;
import dev.crema.tensor.ClosedException;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import java.util.List;

/** What closed tensors, the graph and optimizers refuse. */
final class StateErrors {
  private StateErrors() {}

  static List<ErrorCase> all() {
    return List.of(
        new ErrorCase(
            "random",
            DTypeException.class,
            "random: expected f32 or f64, got i32",
            d -> Tensor.uniform(0, 1, Shape.of(2), I32, d, Generator.of(0))),
        new ErrorCase(
            "sgd, shapes",
            ShapeException.class,
            "sgd: expected gradient and state of the parameter's shape [4], all contiguous, got"
                + " [3]",
            d ->
                Update.sgd(
                    new SgdStep(0.1, 0, 0, 0, false, true),
                    operands(zeros(d, F32, 4), zeros(d, F32, 3)))),
        new ErrorCase(
            "sgd, in the graph",
            AutogradException.class,
            "sgd: in-place change of a tensor of shape [4] that is part of the graph. Hint: use the"
                + " op without the underscore, or NoGrad",
            d ->
                Update.sgd(
                    new SgdStep(0.1, 0, 0, 0, false, true),
                    operands(zeros(d, F32, 4).requiresGrad_(), zeros(d, F32, 4)))),
        new ErrorCase(
            "item",
            ShapeException.class,
            "item: expected one element, got shape [4]. Hint: select one, reduce them (sum, mean),"
                + " or take all with toFloatArray()",
            d -> zeros(d, F32, 4).item()),
        new ErrorCase(
            "closed",
            ClosedException.class,
            "tensor f32 [2, 3]: used after it was closed",
            d -> {
              var x = zeros(d, F32, 2, 3);
              x.close();
              x.add(1);
            }),
        new ErrorCase(
            "closed operand",
            ClosedException.class,
            "tensor f32 [3, 2]: used after it was closed",
            d -> {
              var x = zeros(d, F32, 3, 2);
              x.close();
              zeros(d, F32, 2, 3).matmul(x);
            }),
        new ErrorCase(
            "requiresGrad_ of integers",
            DTypeException.class,
            "requiresGrad_: expected f32 or f64, got i32",
            d -> zeros(d, I32, 2).requiresGrad_()),
        new ErrorCase(
            "backward without graph",
            AutogradException.class,
            "backward: a tensor of shape [] has no graph. Hint: nothing it was made from requires a"
                + " gradient, or it was made under NoGrad",
            d -> zeros(d, F32).backward()),
        new ErrorCase(
            "backward of many",
            AutogradException.class,
            "backward: expected a result of one element, got shape [3]. Hint: reduce it first (sum,"
                + " mean), or pass the gradient for it",
            d -> zeros(d, F32, 3).requiresGrad_().mul(2).backward()),
        new ErrorCase(
            "backward, gradient",
            ShapeException.class,
            "backward: expected a gradient f32 [3] like the output, got f32 [2]",
            d -> zeros(d, F32, 3).requiresGrad_().mul(2).backward(zeros(d, F32, 2), false, false)),
        new ErrorCase(
            "backward twice",
            AutogradException.class,
            "backward: the graph of 'sum' was freed by an earlier backward. Hint: call"
                + " backward(retainGraph) the first time",
            d -> {
              var y = zeros(d, F32, 3).requiresGrad_().square().sum();
              y.backward();
              y.backward();
            }),
        new ErrorCase(
            "saved, changed",
            AutogradException.class,
            "backward: a tensor of shape [3] that 'mul' saved for its gradient was changed in place"
                + " 1 time(s) since. Hint: change a copy",
            d -> {
              var x = zeros(d, F32, 3);
              var y = zeros(d, F32, 3).requiresGrad_().mul(x).sum();
              x.add_(1);
              y.backward();
            }));
  }

  private static List<Update.Operands> operands(Tensor p, Tensor g) {
    return List.of(new Update.Operands(p, g, null, null));
  }
}
