package dev.crema.cpu.gemm;

import dev.crema.cpu.simd.VectorCode;
import java.lang.classfile.CodeBuilder;
import java.lang.invoke.MethodHandles;

/**
 * Writes {@link Tile}s as bytecode, one hidden class for each {@link TileShape}: straight-line code
 * around one loop, which C2 compiles alone, keeps wholly in registers, and never boxes. What it
 * writes, for two rows of one vector, is
 *
 * <pre>{@code
 * c0 = zero(F); c1 = zero(F);                                // or broadcast(F, bias[biasAt + i])
 * for (p = 0; p < k; p++) {
 *   b0 = fromArray(F, b, bo + p * ldb);                      // or bo + rows[rowAt + p]
 *   x = broadcast(F, a[ao + p * lda]);     c0 = x.fma(b0, c0);
 *   x = broadcast(F, a[ao + p * lda + 1]); c1 = x.fma(b0, c1);
 * }
 * c0.intoArray(c, co); co += ldc;                            // or c0.add(fromArray(F, c, co)), max(0)
 * c1.intoArray(c, co);
 * }</pre>
 *
 * {@link FloatPlainTile} says the same in Java. There is no tile with masks for a ragged edge: C1
 * refuses so large a method, and what C1 refuses stays in the interpreter for minutes before C2
 * looks at it.
 */
final class TileGenerator {
  // Run's parameters as local variables, from 1: 0 is the tile itself.
  private static final int A = 1;
  private static final int AO = 2;
  private static final int B = 3;
  private static final int BO = 4;
  private static final int ROWS = 5;
  private static final int ROW_AT = 6;
  private static final int K = 7;
  private static final int C = 8;
  private static final int CO = 9;
  private static final int LDC = 10;
  private static final int BIAS = 11;
  private static final int BIAS_AT = 12;

  // Behind them: p, where a and b are at p, a row's broadcast element, the vectors of b, the sums.
  private static final int P = 13;
  private static final int AT_A = 14;
  private static final int AT_B = 15;
  private static final int X = 16;
  private static final int B0 = 17;

  private final TileShape shape;
  private final VectorCode vectors;

  private TileGenerator(TileShape shape) {
    this.shape = shape;
    this.vectors = new VectorCode(shape.dtype());
  }

  /** A new tile of this shape. */
  static Tile generate(TileShape shape) throws ReflectiveOperationException {
    String name = "Tile%dx%d".formatted(shape.rows(), shape.vectors());
    return VectorCode.define(
        MethodHandles.lookup(), name, Tile.class, new TileGenerator(shape)::run);
  }

  private void run(CodeBuilder code) {
    vectors.castArrays(code, A, B, C);
    if (shape.biased()) {
      vectors.castArrays(code, BIAS);
    }
    for (int i = 0; i < shape.rows(); i++) {
      for (int j = 0; j < shape.vectors(); j++) {
        start(code, i);
        code.astore(sum(i, j));
      }
    }
    VectorCode.loop(code, P, K, 1, () -> step(code));
    for (int i = 0; i < shape.rows(); i++) {
      for (int j = 0; j < shape.vectors(); j++) {
        store(code, i, j);
      }
      code.iload(CO).iload(LDC).iadd().istore(CO);
    }
    code.return_();
  }

  private void start(CodeBuilder code, int i) {
    if (shape.biased()) {
      vectors.broadcast(code, BIAS, BIAS_AT, i);
    } else {
      vectors.zero(code);
    }
  }

  private void step(CodeBuilder code) {
    code.iload(AO).iload(P).loadConstant(shape.lda()).imul().iadd().istore(AT_A);
    code.iload(BO);
    if (shape.indexed()) {
      code.aload(ROWS).iload(ROW_AT).iload(P).iadd().iaload();
    } else {
      code.iload(P).loadConstant(shape.ldb()).imul();
    }
    code.iadd().istore(AT_B);
    for (int j = 0; j < shape.vectors(); j++) {
      vectors.load(code, B, AT_B, j * vectors.lanes());
      code.astore(B0 + j);
    }
    for (int i = 0; i < shape.rows(); i++) {
      vectors.broadcast(code, A, AT_A, i);
      code.astore(X);
      for (int j = 0; j < shape.vectors(); j++) {
        code.aload(X).aload(B0 + j).aload(sum(i, j));
        vectors.fma(code);
        code.astore(sum(i, j));
      }
    }
  }

  private void store(CodeBuilder code, int i, int j) {
    int at = j * vectors.lanes();
    code.aload(sum(i, j));
    if (shape.adds()) {
      vectors.load(code, C, CO, at);
      vectors.add(code);
    }
    if (shape.relu()) {
      vectors.zero(code);
      vectors.max(code);
    }
    vectors.store(code, C, CO, at);
  }

  private int sum(int i, int j) {
    return B0 + shape.vectors() + i * shape.vectors() + j;
  }
}
