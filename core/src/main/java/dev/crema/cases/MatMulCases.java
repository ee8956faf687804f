package dev.crema.cases;

import dev.crema.tensor.Activation;
import java.util.ArrayList;
import java.util.List;

/** Matrix products. */
final class MatMulCases {
  private MatMulCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    cases.add(matmul("", real(3, 4), real(4, 2)));
    cases.add(matmul("1x1", real(1, 1), real(1, 1)));
    cases.add(matmul("outer", real(3, 1), real(1, 4)));
    cases.add(matmul("dot", real(5), real(5)));
    cases.add(matmul("matrix and vector", real(3, 4), real(4)));
    cases.add(matmul("vector and matrix", real(3), real(3, 4)));
    cases.add(matmul("batch", real(2, 3, 2), real(2, 2, 4)));
    cases.add(matmul("batch and matrix", real(2, 3, 2), real(2, 4)));
    cases.add(matmul("matrix and batch", real(3, 2), real(2, 2, 4)));
    cases.add(matmul("batch and vector", real(2, 3, 2), real(2)));
    cases.add(matmul("broadcast batches", real(2, 1, 3, 2), real(3, 2, 2)));
    cases.add(matmul("no rows", real(0, 3), real(3, 2)));
    cases.add(matmul("nothing to sum", real(2, 0), real(0, 3)));
    cases.add(matmul("batch, nothing to sum", real(2, 3, 0), real(0, 3)));
    cases.add(OpCase.of("matmul", "a aT", x -> x[0].matmul(x[0].t()), Input.real(3, 2)));
    for (int[] mnk :
        new int[][] {
          {1, 17, 9}, {17, 1, 9}, {7, 13, 1}, {8, 16, 32}, {31, 33, 35}, {65, 70, 33}, {13, 129, 66}
        }) {
      int m = mnk[0];
      int n = mnk[1];
      int k = mnk[2];
      String name = m + "x" + n + "x" + k;
      cases.add(matmul(name, Input.whole(m, k), Input.whole(k, n)).exact().asLarge());
      cases.add(
          OpCase.of(
                  "matmul",
                  name + " transposed",
                  x -> x[0].t().matmul(x[1].t()),
                  Input.whole(k, m),
                  Input.whole(n, k))
              .exact()
              .asLarge());
    }
    cases.add(matmul("deep", Input.real(5, 700), Input.real(700, 9)).sums(700).asLarge());
    cases.add(matmul("large", Input.whole(150, 130), Input.whole(130, 170)).exact().asLarge());
    cases.add(matmul("many", Input.whole(40, 9, 20), Input.whole(40, 20, 11)).exact().asLarge());
    linear(cases);
    return cases;
  }

  private static Input real(long... shape) {
    return Input.real(shape);
  }

  private static OpCase matmul(String variant, Input a, Input b) {
    return OpCase.of("matmul", variant, x -> x[0].matmul(x[1]), a, b);
  }

  private static void linear(List<OpCase> cases) {
    cases.add(linear("", real(3, 4), real(2, 4), real(2)));
    cases.add(linear("vector", real(4), real(2, 4), real(2)));
    cases.add(linear("sequence", real(2, 3, 4), real(2, 4), real(2)));
    cases.add(linear("no features", real(3, 0), real(2, 0), real(2)));
    cases.add(
        OpCase.of("linear", "without bias", x -> x[0].linear(x[1], null), real(3, 4), real(2, 4)));
    for (Activation activation : Activation.values()) {
      cases.add(
          OpCase.of(
              "linear",
              "activation " + activation,
              t -> t[0].linear(t[1], t[2], activation),
              real(3, 4),
              real(5, 4),
              real(5)));
    }
    cases.add(
        OpCase.of(
            "linear",
            "relu without bias",
            t -> t[0].linear(t[1], null, Activation.RELU),
            real(2, 3, 4),
            real(2, 4)));
    cases.add(
        OpCase.of(
                "linear",
                "large relu",
                t -> t[0].linear(t[1], t[2], Activation.RELU),
                Input.whole(250, 20),
                Input.whole(170, 20),
                Input.whole(170))
            .exact()
            .asLarge());
    cases.add(
        linear("large", Input.whole(64, 150), Input.whole(120, 150), Input.whole(120))
            .exact()
            .asLarge());
  }

  private static OpCase linear(String variant, Input x, Input w, Input bias) {
    return OpCase.of("linear", variant, t -> t[0].linear(t[1], t[2]), x, w, bias);
  }
}
