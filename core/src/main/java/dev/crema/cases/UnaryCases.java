package dev.crema.cases;

import dev.crema.backend.UnaryOp;
import dev.crema.op.Pointwise;
import dev.crema.tensor.DType;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Elementwise functions of one tensor: every {@link UnaryOp}. */
final class UnaryCases {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  /** Where functions are most often wrong: ends, zeros of both signs, subnormals, not numbers. */
  private static final double[] SPECIAL = {
    Double.NaN, INFINITY, -INFINITY, 0.0, -0.0, 1e-40, -1e-40, 1e-30, 3e38, -3e38, 1, -1, 0.5, -2.5
  };

  private UnaryCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (UnaryOp op : UnaryOp.values()) {
      if (op == UnaryOp.NOT) {
        cases.add(OpCase.of("not", "", x -> x[0].logicalNot(), Input.bools(3, 5)).exact());
        cases.add(OpCase.of("not", "large", x -> x[0].logicalNot(), Input.bools(40_007)).exact());
      } else {
        floating(op, cases);
      }
      if (hasIntegers(op)) {
        for (DType dtype : List.of(DType.I32, DType.I64, DType.U8)) {
          cases.add(of(op, dtype.toString(), Input.integers(dtype, 3, 11)).exact());
        }
      }
    }
    cases.add(OpCase.of("pow", "0", x -> x[0].pow(0), Input.real(6)));
    cases.add(OpCase.of("pow", "1", x -> x[0].pow(1), Input.real(6)));
    cases.add(OpCase.of("pow", "3", x -> x[0].pow(3), Input.real(6)));
    cases.add(OpCase.of("clamp", "min", x -> x[0].clampMin(0.25), Input.real(12)));
    cases.add(OpCase.of("clamp", "max", x -> x[0].clampMax(0.25), Input.real(12)));
    return cases;
  }

  private static void floating(UnaryOp op, List<OpCase> cases) {
    cases.add(of(op, "", domain(op, 2, 3, 2)));
    cases.add(of(op, "scalar", domain(op)));
    cases.add(of(op, "empty", domain(op, 2, 0, 3)));
    cases.add(of(op, "odd", domain(op, 1, 37)).asLarge());
    cases.add(of(op, "wide", Input.between(-80, 80, 1031)).forwardOnly());
    cases.add(of(op, "special", Input.cycle(SPECIAL, 41)).forwardOnly());
    cases.add(of(op, "large", domain(op, 40_007)).asLarge());
  }

  private static OpCase of(UnaryOp op, String variant, Input input) {
    double a = op == UnaryOp.POW ? 1.7 : op == UnaryOp.CLAMP ? -0.7 : 0.3;
    Function<Tensor[], Tensor> function = x -> Pointwise.unary(op, x[0], a, 0.9);
    return OpCase.of(op.name().toLowerCase(Locale.ROOT), variant, function, input)
        .tolerance(Tolerance.ULPS);
  }

  /** Where the op is defined and smooth. */
  private static Input domain(UnaryOp op, long... shape) {
    return switch (op) {
      case SQRT, RSQRT, LOG, POW -> Input.positive(shape);
      case FLOOR, CEIL, ROUND -> Input.quarters(shape);
      case NEG,
          ABS,
          SIGN,
          RECIPROCAL,
          SQUARE,
          EXP,
          SIN,
          COS,
          TANH,
          SIGMOID,
          RELU,
          LEAKY_RELU,
          ELU,
          CLAMP,
          NOT ->
          Input.real(shape);
    };
  }

  private static boolean hasIntegers(UnaryOp op) {
    return switch (op) {
      case NEG, ABS, SIGN, SQUARE, RELU, CLAMP -> true;
      default -> false;
    };
  }
}
