package dev.crema.cases;

import dev.crema.backend.BinaryOp;
import dev.crema.op.Pointwise;
import dev.crema.tensor.DType;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Elementwise functions of two tensors, every {@link BinaryOp}, and the choice between two. */
final class BinaryCases {
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  /** Of every special number one meets every other, since 7 and 8 have no common divisor. */
  private static final double[] SPECIAL_A = {NAN, INFINITY, -INFINITY, 0.0, -0.0, 1.5, -2};

  private static final double[] SPECIAL_B = {NAN, INFINITY, -INFINITY, 0.0, -0.0, 1.5, -2, 3};

  private BinaryCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (BinaryOp op : BinaryOp.values()) {
      if (op.isLogical()) {
        cases.add(of(op, "", Input.bools(3, 5), Input.bools(3, 5)));
        cases.add(of(op, "broadcast", Input.bools(3, 1), Input.bools(5)));
      } else {
        floating(op, cases);
      }
      if (!op.isFloatingOnly() && !op.isLogical()) {
        for (DType dtype : List.of(DType.I32, DType.I64, DType.U8)) {
          Input a = Input.integers(dtype, 3, 11);
          Input b = Input.integers(dtype, 11);
          cases.add(of(op, dtype.toString(), a, b));
        }
      }
      if (op.isComparison()) {
        cases.add(of(op, "bool", Input.bools(3, 5), Input.bools(3, 5)));
      }
    }
    cases.add(OpCase.of("mul", "itself", x -> x[0].mul(x[0]), Input.real(5)));
    cases.add(OpCase.of("add", "number", x -> x[0].add(0.5).mul(3).sub(1).div(4), Input.real(5)));
    choices(cases);
    return cases;
  }

  private static void floating(BinaryOp op, List<OpCase> cases) {
    cases.add(of(op, "", left(op, 2, 3), right(op, 2, 3)));
    cases.add(of(op, "scalars", left(op), right(op)));
    cases.add(of(op, "tensor and scalar", left(op, 2, 3), right(op)));
    cases.add(of(op, "scalar and tensor", left(op), right(op, 2, 3)));
    cases.add(of(op, "rows", left(op, 4, 3), right(op, 3)));
    cases.add(of(op, "columns", left(op, 3, 4), right(op, 3, 1)));
    cases.add(of(op, "both broadcast", left(op, 2, 1, 3), right(op, 4, 1)));
    cases.add(of(op, "empty", left(op, 2, 0), right(op, 1, 1)));
    cases.add(of(op, "odd", left(op, 37), right(op, 37)).asLarge());
    cases.add(of(op, "special", Input.cycle(SPECIAL_A, 56), Input.cycle(SPECIAL_B, 56)));
    cases.add(of(op, "large", left(op, 40_007), right(op, 40_007)).asLarge());
    cases.add(
        of(op, "large channels", left(op, 3, 7, 40, 23), right(op, 7, 1, 1)).sums(2760).asLarge());
  }

  private static OpCase of(BinaryOp op, String variant, Input a, Input b) {
    var one =
        OpCase.of(
            name(op),
            op == BinaryOp.POW ? ("of tensors " + variant).strip() : variant,
            x -> Pointwise.binary(op, x[0], x[1]),
            a,
            b);
    if (op.isComparison() || op.isLogical()) {
      return one.forwardOnly().exact();
    }
    boolean cancels = op == BinaryOp.TANH_GRAD || op == BinaryOp.SIGMOID_GRAD; // 1 − b
    Tolerance rounding = cancels ? new Tolerance(8, 2) : Tolerance.ULPS;
    return one.tolerance(a.fixed().isPresent() ? Tolerance.EXACT : rounding);
  }

  private static String name(BinaryOp op) {
    return switch (op) {
      case MAX -> "maximum";
      case MIN -> "minimum";
      default -> op.name().toLowerCase(Locale.ROOT);
    };
  }

  private static Input left(BinaryOp op, long... shape) {
    return op == BinaryOp.POW ? Input.positive(shape) : Input.real(shape);
  }

  private static Input right(BinaryOp op, long... shape) {
    return op == BinaryOp.DIV ? Input.positive(shape) : Input.between(-1.9, 1.9, shape);
  }

  private static void choices(List<OpCase> cases) {
    cases.add(where("", Input.bools(2, 3), Input.real(2, 3), Input.real(2, 3)));
    cases.add(where("broadcast", Input.bools(2, 1), Input.real(3), Input.real(4, 1, 1)));
    cases.add(where("scalars", Input.bools(), Input.real(), Input.real()));
    cases.add(where("empty", Input.bools(0), Input.real(0), Input.real(1)));
    for (DType dtype : List.of(DType.I32, DType.I64, DType.U8)) {
      cases.add(
          where(
              dtype.toString(),
              Input.bools(3, 7),
              Input.integers(dtype, 3, 7),
              Input.integers(dtype, 7)));
    }
    cases.add(where("bool", Input.bools(3, 7), Input.bools(3, 7), Input.bools(7)));
    cases.add(
        where("large", Input.bools(200, 203), Input.real(200, 203), Input.real(200, 203))
            .asLarge());
  }

  private static OpCase where(String variant, Input condition, Input a, Input b) {
    return OpCase.of("where", variant, x -> Tensor.where(x[0], x[1], x[2]), condition, a, b)
        .exact();
  }
}
