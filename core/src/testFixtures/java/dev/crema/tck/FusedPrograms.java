package dev.crema.tck;

import dev.crema.backend.BinaryOp;
import dev.crema.backend.UnaryOp;
import dev.crema.cases.Input;
import dev.crema.op.Fused;
import dev.crema.op.Pointwise;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Functions of several elementwise ops, drawn at random: fused, they give the bits of one op after
 * the other, and so do their gradients.
 *
 * @param seed what the program is drawn from
 */
record FusedPrograms(long seed, int inputs, int steps) {
  private static final int COUNT = 24;

  /** A length that is no multiple of any vector, of more than one chunk and more than one block. */
  private static final long[] SHAPE = {3, 7, 1013};

  private static final List<UnaryOp> UNARY =
      Arrays.stream(UnaryOp.values()).filter(op -> op != UnaryOp.NOT).toList();
  private static final List<BinaryOp> BINARY =
      Arrays.stream(BinaryOp.values()).filter(op -> !op.isLogical()).toList();

  static Stream<FusedPrograms> all() {
    return Stream.iterate(0, i -> i < COUNT, i -> i + 1)
        .map(i -> new FusedPrograms(i, 1 + i % 4, 2 + i % 7));
  }

  /** The ops as they stand, in numbers or fused. */
  private Tensor run(Tensor[] x) {
    Generator random = Generator.of(seed);
    List<Tensor> known = new ArrayList<>(List.of(x));
    for (int i = 0; i < steps; i++) {
      Tensor a = known.get(random.nextInt(known.size()));
      Tensor b = known.get(random.nextInt(known.size()));
      known.add(step(random, known.getLast(), a, b));
    }
    return known.getLast();
  }

  /** Each takes the step before it, so that none is in vain. */
  private static Tensor step(Generator random, Tensor last, Tensor a, Tensor b) {
    return switch (random.nextInt(6)) {
      case 0, 1 -> Pointwise.unary(UNARY.get(random.nextInt(UNARY.size())), last, 0.7, 1.5);
      case 2, 3 ->
          Pointwise.binary(BINARY.get(random.nextInt(BINARY.size())), last, a).to(last.dtype());
      case 4 -> last.mul(0.3).add(a);
      default -> Tensor.where(last.gt(a).logicalOr(b.lt(0.9)), last, b);
    };
  }

  void check(DType dtype, Device device) {
    Fused fused = Fused.of("program " + seed, inputs, this::run);
    Outcome expected = outcome(this::run, dtype, device);
    Outcome actual = outcome(fused::apply, dtype, device);
    Outcomes.assertSameBits(actual, expected);
  }

  private Outcome outcome(Function<Tensor[], Tensor> function, DType dtype, Device device) {
    try (Scope _ = Scope.open("program")) {
      Tensor[] x = new Tensor[inputs];
      for (int i = 0; i < inputs; i++) {
        x[i] = Input.between(0.3, 1.8, SHAPE).tensor(dtype, device, 31 * seed + i).requiresGrad_();
      }
      Tensor y = function.apply(x.clone());
      List<Outcome.Part> parts = new ArrayList<>();
      parts.add(Outcome.Part.of("the result", y));
      if (y.requiresGrad()) {
        y.backward(Outcome.gradientFor(y), false, false);
      }
      for (int i = 0; i < inputs; i++) {
        Tensor gradient = x[i].grad();
        Tensor g = gradient == null ? Tensor.zerosLike(x[i]) : gradient;
        parts.add(Outcome.Part.of("the gradient for input " + i, g));
      }
      return new Outcome(parts);
    }
  }

  @Override
  public String toString() {
    return "program %s: %s inputs, %s steps".formatted(seed, inputs, steps);
  }
}
