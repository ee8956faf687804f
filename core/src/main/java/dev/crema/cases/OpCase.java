package dev.crema.cases;

import dev.crema.autograd.Gradcheck;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.List;
import java.util.function.Function;

/**
 * One op on one set of inputs. The function is pure, and runs on whatever device and in whatever
 * floating dtype its inputs have.
 *
 * @param op the op's name
 * @param variant what is particular about this case
 * @param order how often it can be differentiated with respect to its differentiable inputs: 0, 1
 *     or 2
 * @param large whether it is there to keep several threads busy: then its gradient is compared
 *     between backends, but not with differences
 */
public record OpCase(
    String op,
    String variant,
    List<Input> inputs,
    Function<Tensor[], Tensor> function,
    Tolerance tolerance,
    int order,
    boolean large) {

  /** A case that is twice differentiable if any input is, with the tolerance of a short sum. */
  public static OpCase of(
      String op, String variant, Function<Tensor[], Tensor> function, Input... inputs) {
    boolean differentiable = List.of(inputs).stream().anyMatch(Input::differentiable);
    int order = differentiable ? 2 : 0;
    return new OpCase(op, variant, List.of(inputs), function, Tolerance.sum(8), order, false);
  }

  /** The result, and gradients where there are any, are the same number for number everywhere. */
  public OpCase exact() {
    return tolerance(Tolerance.EXACT);
  }

  /** Sums of so many terms. */
  public OpCase sums(int terms) {
    return tolerance(Tolerance.sum(terms));
  }

  public OpCase tolerance(Tolerance tolerance) {
    return new OpCase(op, variant, inputs, function, tolerance, order, large);
  }

  /** Without a gradient. */
  public OpCase forwardOnly() {
    return new OpCase(op, variant, inputs, function, tolerance, 0, large);
  }

  /** Too many elements for differences. */
  public OpCase asLarge() {
    return new OpCase(op, variant, inputs, function, tolerance, order, true);
  }

  /** The dtypes to run it in: both floating ones, or one where no input follows. */
  public List<DType> dtypes() {
    return inputs.stream().anyMatch(input -> input.fixed().isEmpty())
        ? List.of(DType.F32, DType.F64)
        : List.of(DType.F32);
  }

  /** Whether its gradient is held against differences. */
  public boolean isGradcheckable() {
    return order > 0 && !large;
  }

  /** Fresh inputs, the differentiable ones as leaves. */
  public Tensor[] tensors(DType floating, Device device) {
    Tensor[] tensors = new Tensor[inputs.size()];
    for (int i = 0; i < tensors.length; i++) {
      Input input = inputs.get(i);
      tensors[i] = input.tensor(floating, device, 31L * toString().hashCode() + i);
      if (order > 0 && input.differentiable()) {
        tensors[i].requiresGrad_();
      }
    }
    return tensors;
  }

  /** Its gradient (order 1) or that one's gradient (order 2) against differences. */
  public Gradcheck.Result gradcheck(int order, DType floating, Device device) {
    try (Scope _ = Scope.open(toString())) {
      Tensor[] inputs = tensors(floating, device);
      return order == 1
          ? Gradcheck.check(toString(), function, inputs)
          : Gradcheck.checkSecondOrder(toString(), function, inputs);
    }
  }

  /** {@code conv2d 3x3 stride 2}: how it is named in reports. */
  @Override
  public String toString() {
    return variant.isEmpty() ? op : op + " " + variant;
  }
}
