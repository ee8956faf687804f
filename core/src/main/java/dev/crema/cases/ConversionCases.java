package dev.crema.cases;

import dev.crema.tensor.DType;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import dev.crema.tensor.Transfer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** From every dtype to every other, copies, and constants. */
final class ConversionCases {
  /** Fractions, both signs, beyond a byte, beyond an int, not a number. */
  private static final double[] NUMBERS = {
    0, 1, -1, 0.25, -1.75, 127, 128, 255, 256, 300.7, -300.7, 70_000, 3e9, -3e9, 1e19, 2, 77
  };

  private static final double[] NOT_NUMBERS = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0
  };

  private ConversionCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (DType from : DType.values()) {
      for (DType to : DType.values()) {
        cases.add(
            OpCase.of("to", from + " to " + to, x -> x[0].to(to), Input.cycle(from, NUMBERS, 51))
                .exact());
      }
      cases.add(
          OpCase.of("copy", from.toString(), x -> x[0].copy(), Input.cycle(from, NUMBERS, 3, 5))
              .exact());
      cases.add(
          OpCase.of(
                  "full",
                  from.toString(),
                  x -> Tensor.full(x[0].shape(), 3, x[0].dtype(), x[0].device()),
                  Input.cycle(from, NUMBERS, 3, 5))
              .exact());
    }
    for (DType to : DType.values()) {
      cases.add(
          OpCase.of("to", "not a number to " + to, x -> x[0].to(to), Input.cycle(NOT_NUMBERS, 21))
              .exact());
    }
    cases.add(OpCase.of("to", "f32", x -> x[0].to(DType.F32).to(x[0].dtype()), Input.real(4)));
    cases.add(OpCase.of("to", "f64", x -> x[0].to(DType.F64).square(), Input.real(2, 3)));
    cases.add(OpCase.of("transfer", "", x -> sent(x[0]), Input.real(4, 5).constant()).exact());
    cases.add(OpCase.of("copy", "", x -> x[0].copy(), Input.real(2, 3)).exact());
    cases.add(OpCase.of("copy", "large", x -> x[0].copy(), Input.real(200, 203)).exact().asLarge());
    cases.add(
        OpCase.of(
                "fill_",
                "slice",
                x -> {
                  Tensor y = Tensor.zeros(Shape.of(4, 6), x[0].dtype(), x[0].device());
                  y.slice(1, 1, 6, 2).fill_(2.5);
                  y.select(0, 2).copy_(x[0]);
                  return y;
                },
                Input.real(6).constant())
            .exact());
    inPlace(cases);
    return cases;
  }

  private static Tensor sent(Tensor x) {
    try (Transfer transfer =
        Transfer.start(x.contiguous().toArray(), x.dtype(), x.shape(), x.device())) {
      return transfer.arrive();
    }
  }

  /** Ops that overwrite what they read. */
  private static void inPlace(List<OpCase> cases) {
    Input x = Input.real(5, 5).constant();
    cases.add(OpCase.of("add_", "itself", t -> changed(t[0], y -> y.add_(y)), x).exact());
    cases.add(
        OpCase.of("add_", "its transpose", t -> changed(t[0], y -> y.add_(y.t())), x).exact());
    cases.add(
        OpCase.of("mul_", "its row", t -> changed(t[0], y -> y.mul_(y.select(0, 1))), x).exact());
    cases.add(
        OpCase.of("copy_", "its transpose", t -> changed(t[0], y -> y.copy_(y.t())), x).exact());
    cases.add(
        OpCase.of(
                "copy_",
                "itself, one row further",
                t -> changed(t[0], y -> y.slice(0, 1, 5).copy_(y.slice(0, 0, 4))),
                x)
            .exact());
  }

  private static Tensor changed(Tensor x, Consumer<Tensor> change) {
    Tensor y = x.copy();
    change.accept(y);
    return y;
  }
}
