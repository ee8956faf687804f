package dev.crema.cases;

import dev.crema.tensor.DType;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Views, joining and cutting: elements move, nothing is computed. */
final class ShapingCases {
  private ShapingCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    views(cases);
    joints(cases);
    return cases;
  }

  private static void views(List<OpCase> cases) {
    Input x = Input.real(2, 3, 4);
    view("reshape", "", t -> t.reshape(4, 6), x, cases);
    view("reshape", "inferred", t -> t.reshape(-1, 8), x, cases);
    view("reshape", "of a permuted", t -> t.permute(2, 0, 1).reshape(8, 3), x, cases);
    view("reshape", "that stays a view", t -> t.permute(1, 0, 2).reshape(3, 2, 2, 2), x, cases);
    view("flatten", "", t -> t.flatten(1), x, cases);
    view("permute", "", t -> t.permute(2, 0, 1), x, cases);
    view("permute", "from the end", t -> t.permute(-1, 0, -2), x, cases);
    view("transpose", "", t -> t.transpose(0, -1), x, cases);
    view("squeeze", "", t -> t.squeeze(1), Input.real(2, 1, 3), cases);
    view("unsqueeze", "", t -> t.unsqueeze(1), x, cases);
    view("unsqueeze", "at the end", t -> t.unsqueeze(-1), x, cases);
    view("expand", "", t -> t.expand(2, 4, 3), Input.real(4, 1), cases);
    view("expand", "scalar", t -> t.expand(2, 3), Input.real(), cases);
    view("slice", "", t -> t.slice(1, 1, 3), x, cases);
    view("slice", "step 3", t -> t.slice(2, 0, 4, 3), x, cases);
    view("slice", "from the end", t -> t.slice(2, -3, -1), x, cases);
    view("slice", "beyond the end", t -> t.slice(1, 2, 100), x, cases);
    view("slice", "of nothing", t -> t.slice(1, 2, 2), x, cases);
    view("select", "", t -> t.select(1, 2), x, cases);
    view("select", "from the end", t -> t.select(-1, -1), x, cases);
    view("contiguous", "", t -> t.transpose(0, 2).contiguous(), x, cases);
    view("split", "", t -> last(t.split(3, 2)), x, cases);
  }

  private static Tensor last(List<Tensor> pieces) {
    return pieces.getLast();
  }

  /** Times 1, since a view of a leaf is no result of its own. */
  private static void view(
      String op, String variant, Function<Tensor, Tensor> view, Input x, List<OpCase> cases) {
    cases.add(OpCase.of(op, variant, t -> view.apply(t[0]).mul(1), x).exact());
  }

  private static void joints(List<OpCase> cases) {
    cases.add(cat("dim 0", 0, Input.real(2, 3), Input.real(1, 3)));
    cases.add(cat("dim 1", 1, Input.real(2, 3), Input.real(2, 2)));
    cases.add(cat("dim -1", -1, Input.real(2, 2, 1), Input.real(2, 2, 3)));
    cases.add(cat("with an empty one", 0, Input.real(0, 3), Input.real(2, 3)));
    cases.add(cat("with a constant", 0, Input.real(2, 3), Input.real(2, 3).constant()));
    for (DType dtype : List.of(DType.I32, DType.I64, DType.U8)) {
      cases.add(cat(dtype.toString(), 1, Input.integers(dtype, 3, 2), Input.integers(dtype, 3, 5)));
    }
    cases.add(cat("bool", 0, Input.bools(3, 2), Input.bools(3, 2)));
    cases.add(cat("large", 1, Input.real(150, 100), Input.real(150, 101)).asLarge());
    for (int dim : new int[] {0, 1, 2, -1}) {
      cases.add(
          OpCase.of(
                  "stack",
                  "dim " + dim,
                  t -> Tensor.stack(List.of(t), dim),
                  Input.real(2, 3),
                  Input.real(2, 3))
              .exact());
    }
  }

  private static OpCase cat(String variant, int dim, Input... parts) {
    return OpCase.of("cat", variant, t -> Tensor.cat(List.of(t), dim), parts).exact();
  }
}
