package dev.crema.cases;

import dev.crema.tensor.DType;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Reductions over any dimensions. */
final class ReduceCases {
  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private static final int[][] DIMS = {{}, {0}, {1}, {-1}, {0, 2}, {1, 2}, {2, 0}, {0, 1, 2}};

  private ReduceCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    reduction("sum", (x, dims) -> x.sum(dims), cases);
    reduction("mean", (x, dims) -> x.mean(dims), cases);
    reduction("max", (x, dims) -> x.max(dims), cases);
    reduction("min", (x, dims) -> x.min(dims), cases);
    reduction("var", (x, dims) -> x.var(dims), cases);
    reduction("logsumexp", (x, dims) -> x.logSumExp(dims), cases);
    keptDims(cases);
    integers(cases);
    arguments(cases);
    special(cases);
    large(cases);
    return cases;
  }

  private static void reduction(
      String op, BiFunction<Tensor, int[], Tensor> function, List<OpCase> cases) {
    for (int[] dims : DIMS) {
      cases.add(OpCase.of(op, named(dims), x -> function.apply(x[0], dims), Input.real(3, 2, 4)));
    }
    cases.add(OpCase.of(op, "row", x -> function.apply(x[0], new int[] {1}), Input.real(1, 5)));
    if (!op.equals("var")) {
      cases.add(OpCase.of(op, "scalar", x -> function.apply(x[0], new int[0]), Input.real()));
      cases.add(
          OpCase.of(op, "size 1", x -> function.apply(x[0], new int[] {1}), Input.real(3, 1, 2)));
      cases.add(
          OpCase.of(op, "none left", x -> function.apply(x[0], new int[] {1}), Input.real(0, 3)));
    }
  }

  private static String named(int[] dims) {
    return "dims " + java.util.Arrays.toString(dims);
  }

  private static void keptDims(List<OpCase> cases) {
    Input x = Input.real(3, 2, 4);
    cases.add(OpCase.of("sum", "kept", t -> t[0].sum(true, 0, 2), x));
    cases.add(OpCase.of("mean", "kept", t -> t[0].mean(true, 0, 2), x));
    cases.add(OpCase.of("max", "kept", t -> t[0].max(true, 0, 2), x));
    cases.add(OpCase.of("min", "kept", t -> t[0].min(true, 0, 2), x));
    cases.add(OpCase.of("var", "kept, biased", t -> t[0].var(0, true, 0, 2), x));
    cases.add(OpCase.of("logsumexp", "kept", t -> t[0].logSumExp(true, 0, 2), x));
    cases.add(OpCase.of("sum", "of nothing", t -> t[0].sum(1), Input.real(3, 0)));
  }

  private static void integers(List<OpCase> cases) {
    for (DType dtype : List.of(DType.I32, DType.I64, DType.U8)) {
      Input x = Input.integers(dtype, 5, 7);
      cases.add(OpCase.of("sum", dtype.toString(), t -> t[0].sum(1), x).exact());
      cases.add(OpCase.of("sum", dtype + " columns", t -> t[0].sum(0), x).exact());
      cases.add(OpCase.of("max", dtype.toString(), t -> t[0].max(1), x).exact());
      cases.add(OpCase.of("min", dtype.toString(), t -> t[0].min(0), x).exact());
      cases.add(OpCase.of("argmax", dtype.toString(), t -> t[0].argmax(1), x).exact());
    }
    Input bools = Input.bools(5, 7);
    cases.add(OpCase.of("sum", "bool", t -> t[0].sum(1), bools).exact());
    cases.add(OpCase.of("sum", "all bool", t -> t[0].sum(), bools).exact());
  }

  private static void arguments(List<OpCase> cases) {
    for (int dim = 0; dim < 3; dim++) {
      int d = dim;
      Input ties = Input.whole(4, 9, 3).constant();
      cases.add(OpCase.of("argmax", "dim " + d, t -> t[0].argmax(d), ties).exact());
      cases.add(OpCase.of("argmin", "dim " + d, t -> t[0].argmin(d), ties).exact());
    }
    Input x = Input.real(37, 11).constant();
    cases.add(OpCase.of("argmax", "flat", t -> t[0].argmax(), x).exact());
    cases.add(OpCase.of("argmin", "flat", t -> t[0].argmin(), x).exact());
  }

  private static void special(List<OpCase> cases) {
    double[] numbers = {1, NAN, 3, -INFINITY, INFINITY, 2, NAN, -1, -0.0, 0.0, 5};
    Input x = Input.cycle(numbers, 10, 3);
    cases.add(OpCase.of("sum", "special", t -> t[0].sum(1), x));
    cases.add(OpCase.of("max", "special", t -> t[0].max(1), x).exact());
    cases.add(OpCase.of("max", "special columns", t -> t[0].max(0), x).exact());
    cases.add(OpCase.of("min", "special", t -> t[0].min(1), x).exact());
    cases.add(OpCase.of("argmax", "special", t -> t[0].argmax(1), x).exact());
    cases.add(OpCase.of("argmin", "special", t -> t[0].argmin(1), x).exact());
    Input infinite = Input.cycle(new double[] {-INFINITY, -INFINITY, 1, 2, INFINITY, 1}, 3, 2);
    cases.add(OpCase.of("logsumexp", "infinite", t -> t[0].logSumExp(1), infinite));
    Input far = Input.cycle(new double[] {1000, 1001, 999, -1000, -1001, -999}, 2, 3);
    cases.add(OpCase.of("logsumexp", "far", t -> t[0].logSumExp(1), far));
  }

  /** Long sums: pairwise or better, the rounding grows with the logarithm of the length. */
  private static void large(List<OpCase> cases) {
    Input all = Input.between(0, 1, 60_013);
    cases.add(OpCase.of("sum", "long", t -> t[0].sum(), all).sums(16).asLarge());
    cases.add(OpCase.of("mean", "long", t -> t[0].mean(), all).sums(16).asLarge());
    cases.add(OpCase.of("max", "long", t -> t[0].max(), all).sums(16).asLarge());
    Input matrix = Input.between(0, 1, 190, 211);
    cases.add(OpCase.of("sum", "many rows", t -> t[0].sum(1), matrix).sums(16).asLarge());
    cases.add(OpCase.of("sum", "many columns", t -> t[0].sum(0), matrix).sums(16).asLarge());
    cases.add(OpCase.of("max", "many columns", t -> t[0].max(0), matrix).sums(16).asLarge());
    cases.add(OpCase.of("argmax", "many rows", t -> t[0].argmax(1), matrix).exact().asLarge());
    Input images = Input.between(0, 1, 6, 9, 27, 29);
    cases.add(OpCase.of("sum", "channels", t -> t[0].sum(0, 2, 3), images).sums(16).asLarge());
    cases.add(OpCase.of("var", "channels", t -> t[0].var(0, 2, 3), images).sums(64).asLarge());
  }
}
