package dev.crema.cases;

import dev.crema.tensor.DType;
import java.util.ArrayList;
import java.util.List;

/** Picking by index, and adding at an index. */
final class IndexCases {
  private IndexCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    gather("dim 0", 0, Input.real(3, 2), Input.indices(3, 5, 2), cases);
    gather("dim 1", 1, Input.real(3, 4), Input.indices(4, 3, 2), cases);
    gather("dim -1", -1, Input.real(2, 2, 3), Input.indices(3, 2, 2, 4), cases);
    gather("vector", 0, Input.real(4), Input.indices(4, 6), cases);
    gather("nothing", 1, Input.real(3, 4), Input.indices(4, 3, 0), cases);
    for (DType dtype : List.of(DType.I32, DType.I64, DType.U8)) {
      gather(dtype.toString(), 1, Input.integers(dtype, 3, 4), Input.indices(4, 3, 7), cases);
    }
    cases.add(
        OpCase.of(
                "gather",
                "bool",
                t -> t[0].gather(1, t[1]),
                Input.bools(3, 4),
                Input.indices(4, 3, 7))
            .exact());
    Input i32 = Input.cycle(DType.I32, new double[] {2, 0, 1, 1}, 3, 2);
    cases.add(OpCase.of("gather", "i32 index", t -> t[0].gather(1, t[1]), Input.real(3, 4), i32));
    for (int dim = 0; dim < 3; dim++) {
      int d = dim;
      cases.add(
          OpCase.of(
              "index_select",
              "dim " + d,
              t -> t[0].indexSelect(d, t[1]),
              Input.real(3, 3, 3),
              Input.cycle(DType.I64, new double[] {2, 0, 2, 1}, 4)));
    }
    cases.add(
        OpCase.of(
                "index_select",
                "large",
                t -> t[0].indexSelect(0, t[1]),
                Input.whole(300, 130),
                Input.indices(300, 310))
            .exact()
            .asLarge());
    gather("large", 1, Input.whole(300, 100), Input.indices(100, 300, 90), cases);
    return cases;
  }

  /** And its adjoint, with what is picked put back. */
  private static void gather(String variant, int dim, Input x, Input index, List<OpCase> cases) {
    boolean large = variant.equals("large");
    var gather = OpCase.of("gather", variant, t -> t[0].gather(dim, t[1]), x, index);
    Input source =
        x.fixed().isPresent()
            ? Input.integers(x.fixed().get(), index.shape().sizes())
            : large ? Input.whole(index.shape().sizes()) : Input.real(index.shape().sizes());
    var scatter =
        OpCase.of("scatter_add", variant, t -> t[0].scatterAdd(dim, t[1], t[2]), x, index, source);
    cases.add(large ? gather.exact().asLarge() : gather);
    cases.add(large ? scatter.exact().asLarge() : scatter);
  }
}
