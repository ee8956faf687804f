package dev.crema.cases;

import dev.crema.backend.RandomOp;
import dev.crema.op.Random;
import dev.crema.tensor.DType;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Random numbers, the same bits on every backend, and dropout. */
final class RandomCases {
  private RandomCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (RandomOp op : RandomOp.values()) {
      for (int n : new int[] {0, 1, 2, 3, 4, 5, 37, 40_007}) {
        var one =
            OpCase.of(
                    op.name().toLowerCase(Locale.ROOT),
                    n + " numbers",
                    t -> draw(op, t[0]),
                    Input.whole(n).constant())
                .exact();
        cases.add(n > 1000 ? one.asLarge() : one);
      }
    }
    Input x = Input.real(3, 2, 4);
    for (double p : new double[] {0, 0.3, 1}) {
      var one = OpCase.of("dropout", "p " + p, t -> t[0].dropout(p, Generator.of(7)), x);
      cases.add(p == 0.3 ? one.forwardOnly() : one);
    }
    cases.add(OpCase.of("dropout", "", t -> dropoutInF64(t[0]), x));
    cases.add(
        OpCase.of("dropout", "large", t -> t[0].dropout(0.5, Generator.of(7)), Input.real(200, 203))
            .asLarge());
    return cases;
  }

  /** In f64 whatever x is: f32 drops other elements, and differences are taken in f64. */
  private static Tensor dropoutInF64(Tensor x) {
    return x.to(DType.F64).dropout(0.3, Generator.of(7)).to(x.dtype());
  }

  /**
   * Two draws from one generator with a large seed, so that the offset and both key words count.
   */
  private static Tensor draw(RandomOp op, Tensor like) {
    Generator generator = Generator.of(0x1234_5678_9ABC_DEF0L);
    double a = op == RandomOp.BERNOULLI ? 0.3 : -1.5;
    Tensor first = Random.draw(op, a, 2.25, like.shape(), like.dtype(), like.device(), generator);
    Tensor second = Random.draw(op, a, 2.25, like.shape(), like.dtype(), like.device(), generator);
    return Tensor.stack(List.of(first, second), 0);
  }
}
