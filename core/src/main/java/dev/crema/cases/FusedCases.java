package dev.crema.cases;

import dev.crema.op.Fused;
import dev.crema.tensor.DType;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Functions of several elementwise ops in one pass, and what is too long for one. */
final class FusedCases {
  private static final double[] SPECIAL = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.0, -0.0, 1e-40, 3e38, -3e38, 1
  };

  private static final Fused RESIDUAL = Fused.of("add_relu", 2, t -> t[0].add(t[1]).relu());
  private static final Fused AFFINE = Fused.of("affine", 3, t -> t[0].mul(t[1]).add(t[2]).tanh());
  private static final Fused HALF = Fused.of("half", 1, t -> t[0].mul(0.5));
  private static final Fused GRID = Fused.of("outer", 2, t -> t[0].sub(t[1]).square().neg().exp());

  /** As many inputs as a chain may have. */
  private static final Fused SIX =
      Fused.of(
          "six",
          6,
          t -> t[0].mul(t[1]).add(t[2].mul(t[3])).add(t[4].mul(t[5])).sigmoid().mul(t[0]));

  /** Comparisons, their combinations, and both ways between truth and number. */
  private static final Fused CHOICE =
      Fused.of(
          "choice",
          2,
          t -> {
            Tensor inside = t[0].gt(-1).logicalAnd(t[0].lt(1)).logicalXor(t[1].gt(0).logicalNot());
            Tensor either = inside.logicalOr(t[1].to(DType.BOOL).logicalNot());
            Tensor weight = either.to(t[0].dtype()).add(0.25);
            return Tensor.where(either, t[0].mul(t[1]), t[0].sin()).mul(weight);
          });

  /** Shifted by a constant, through which no gradient goes, but which cancels. */
  private static final Fused SHIFTED =
      Fused.of(
          "shifted",
          1,
          t -> {
            Tensor m = t[0].detach().abs();
            return t[0].sub(m).exp().log().add(m);
          });

  private static final Fused NESTED =
      Fused.of("nested", 1, t -> RESIDUAL.apply(t[0].silu(), HALF.apply(t[0])));

  /** More steps than one pass takes. */
  private static final Fused LONG =
      Fused.of(
          "long",
          1,
          t -> {
            Tensor y = t[0];
            for (int i = 0; i < 20; i++) {
              y = y.mul(t[0]).sin();
            }
            return y;
          });

  private FusedCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    silu(cases);
    cases.add(of("fused add and relu", "", RESIDUAL::apply, real(3, 5), real(3, 5)));
    cases.add(of("fused add and relu", "scalars", RESIDUAL::apply, real(), real()));
    cases.add(of("fused add and relu", "empty", RESIDUAL::apply, real(2, 0), real(2, 0)));
    cases.add(
        of("fused add and relu", "images", RESIDUAL::apply, real(2, 3, 4, 5), real(2, 3, 4, 5)));
    cases.add(
        of("fused add and relu", "large", RESIDUAL::apply, real(40_007), real(40_007)).asLarge());
    cases.add(of("fused number", "", HALF::apply, real(2, 3)).exact());
    cases.add(of("fused affine", "rows", AFFINE::apply, real(4, 3), real(3), real(3)));
    cases.add(of("fused affine", "columns", AFFINE::apply, real(3, 4), real(3, 1), real()));
    cases.add(
        of(
            "fused affine",
            "images",
            AFFINE::apply,
            real(2, 3, 2, 4),
            real(3, 1, 1),
            real(2, 1, 1, 1)));
    cases.add(
        of("fused affine", "large", AFFINE::apply, real(3, 7, 40, 23), real(7, 1, 1), real(7, 1, 1))
            .sums(2760)
            .asLarge());
    cases.add(of("fused outer", "", GRID::apply, real(4, 1), real(3)));
    cases.add(of("fused outer", "one tensor", t -> GRID.apply(t[0], t[0]), real(5)));
    cases.add(
        of(
            "fused six",
            "",
            SIX::apply,
            real(2, 3),
            real(2, 3),
            real(3),
            real(2, 1),
            real(),
            real(3)));
    cases.add(of("fused choice", "", CHOICE::apply, real(3, 4), real(3, 4)));
    cases.add(of("fused choice", "large", CHOICE::apply, real(200, 203), real(200, 203)).asLarge());
    cases.add(of("fused shift", "", SHIFTED::apply, real(7)));
    cases.add(of("fused long", "", LONG::apply, real(2, 5)).sums(40));
    cases.add(of("fused after fused", "", t -> HALF.apply(t[0].silu()).silu(), real(2, 5)));
    cases.add(of("fused of fused", "", NESTED::apply, real(2, 5)));
    return cases;
  }

  private static void silu(List<OpCase> cases) {
    cases.add(of("silu", "", t -> t[0].silu(), real(2, 3, 2)));
    cases.add(of("silu", "scalar", t -> t[0].silu(), real()));
    cases.add(of("silu", "empty", t -> t[0].silu(), real(2, 0, 3)));
    cases.add(of("silu", "odd", t -> t[0].silu(), real(1, 37)).asLarge());
    cases.add(of("silu", "wide", t -> t[0].silu(), Input.between(-80, 80, 1031)).forwardOnly());
    cases.add(of("silu", "special", t -> t[0].silu(), Input.cycle(SPECIAL, 41)).forwardOnly());
    cases.add(of("silu", "large", t -> t[0].silu(), real(40_007)).asLarge());
    cases.add(of("silu", "images", t -> t[0].silu(), real(2, 3, 4, 5)));
  }

  private static Input real(long... shape) {
    return Input.real(shape);
  }

  private static OpCase of(
      String op, String variant, Function<Tensor[], Tensor> function, Input... inputs) {
    return OpCase.of(op, variant, function, inputs);
  }
}
