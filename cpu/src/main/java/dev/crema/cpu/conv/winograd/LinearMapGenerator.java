package dev.crema.cpu.conv.winograd;

import dev.crema.cpu.simd.Simd;
import dev.crema.cpu.simd.VectorCode;
import dev.crema.tensor.DType;
import java.lang.classfile.CodeBuilder;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a {@link StraightLine} program as a class of vector code: one hidden class for each matrix
 * and type, so that every coefficient is a constant and each loop has a profile of its own. It is
 *
 * <pre>{@code
 * for (i = 0; i < outer; i++, xo += xOuter, yo += yOuter) {
 *   for (j = 0, s = xo, d = yo; j < inner; j++, s += xInner, d += yInner) {
 *     v0 = fromArray(F, x, s); v1 = fromArray(F, x, s + xs); ...
 *     the program
 *     intoArray(y, d); ...
 *   }
 * }
 * }</pre>
 */
final class LinearMapGenerator {
  // Local variables: this is 0, then the parameters in LinearMap.run's order.
  private static final int X = 1;
  private static final int XO = 2;
  private static final int XS = 3;
  private static final int X_OUTER = 4;
  private static final int X_INNER = 5;
  private static final int Y = 6;
  private static final int YO = 7;
  private static final int YS = 8;
  private static final int Y_OUTER = 9;
  private static final int Y_INNER = 10;
  private static final int OUTER = 11;
  private static final int INNER = 12;
  private static final int I = 13;
  private static final int J = 14;
  private static final int S = 15;
  private static final int D = 16;
  private static final int CONSTANTS = 17;

  private final StraightLine program;
  private final VectorCode vectors;

  /** The distinct coefficients, each in a register of its own, and the first value's variable. */
  private final List<Rational> constants = new ArrayList<>();

  private final int values;

  private LinearMapGenerator(StraightLine program, DType dtype) {
    this.program = program;
    this.vectors = new VectorCode(dtype);
    for (StraightLine.Op op : program.ops()) {
      Rational c = coefficient(op);
      if (c != null && !constants.contains(c)) {
        constants.add(c);
      }
    }
    this.values = CONSTANTS + constants.size();
  }

  /** The map of this matrix, as vector code where there are vectors. */
  static LinearMap map(Matrix matrix, DType dtype, int lanes) {
    if (Simd.VECTOR) {
      try {
        return generate(matrix, dtype);
      } catch (ReflectiveOperationException | LinkageError | IllegalArgumentException e) {
        VectorCode.refused(e);
      }
    }
    return plain(matrix, dtype, lanes);
  }

  /** The map as plain loops. */
  static LinearMap plain(Matrix matrix, DType dtype, int lanes) {
    return dtype == DType.F32
        ? new FloatLinearMap(matrix, lanes)
        : new DoubleLinearMap(matrix, lanes);
  }

  private static LinearMap generate(Matrix matrix, DType dtype)
      throws ReflectiveOperationException {
    var generator = new LinearMapGenerator(new StraightLine(matrix), dtype);
    return VectorCode.define(
        MethodHandles.lookup(), "GeneratedLinearMap", LinearMap.class, generator::run);
  }

  private void run(CodeBuilder code) {
    vectors.castArrays(code, X, Y);
    for (int i = 0; i < constants.size(); i++) {
      vectors.broadcast(code, constants.get(i).toDouble());
      code.astore(CONSTANTS + i);
    }
    VectorCode.loop(code, I, OUTER, 1, () -> row(code));
    code.return_();
  }

  private void row(CodeBuilder code) {
    code.iload(XO).istore(S).iload(YO).istore(D);
    VectorCode.loop(
        code,
        J,
        INNER,
        1,
        () -> {
          step(code);
          advance(code, S, X_INNER);
          advance(code, D, Y_INNER);
        });
    advance(code, XO, X_OUTER);
    advance(code, YO, Y_OUTER);
  }

  private static void advance(CodeBuilder code, int variable, int by) {
    code.iload(variable).iload(by).iadd().istore(variable);
  }

  private void step(CodeBuilder code) {
    for (int i = 0; i < program.inputs(); i++) {
      int place = i;
      vectors.load(code, X, () -> index(code, S, XS, place));
      code.astore(values + i);
    }
    for (int i = 0; i < program.ops().size(); i++) {
      operation(code, program.ops().get(i));
      code.astore(values + program.inputs() + i);
    }
    for (int i = 0; i < program.outputs().length; i++) {
      int place = i;
      code.aload(values + program.outputs()[i]);
      vectors.store(code, Y, () -> index(code, D, YS, place));
    }
  }

  private void operation(CodeBuilder code, StraightLine.Op op) {
    switch (op) {
      case StraightLine.Op.Add(int a, int b) -> {
        code.aload(values + a).aload(values + b);
        vectors.add(code);
      }
      case StraightLine.Op.Sub(int a, int b) -> {
        code.aload(values + a).aload(values + b);
        vectors.sub(code);
      }
      case StraightLine.Op.Mul(int a, Rational c) -> {
        code.aload(values + a).aload(constant(c));
        vectors.mul(code);
      }
      case StraightLine.Op.Fma(int a, Rational c, int b) -> {
        code.aload(values + a).aload(constant(c)).aload(values + b);
        vectors.fma(code);
      }
    }
  }

  private int constant(Rational c) {
    return CONSTANTS + constants.indexOf(c);
  }

  /** base + i·stride. */
  private static void index(CodeBuilder code, int base, int stride, int i) {
    code.iload(base);
    if (i > 0) {
      code.iload(stride);
      if (i > 1) {
        code.loadConstant(i).imul();
      }
      code.iadd();
    }
  }

  private static @Nullable Rational coefficient(StraightLine.Op op) {
    return switch (op) {
      case StraightLine.Op.Mul m -> m.c();
      case StraightLine.Op.Fma f -> f.c();
      case StraightLine.Op.Add _, StraightLine.Op.Sub _ -> null;
    };
  }
}
