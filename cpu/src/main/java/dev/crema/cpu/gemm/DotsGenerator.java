package dev.crema.cpu.gemm;

import dev.crema.cpu.simd.VectorCode;
import dev.crema.tensor.DType;
import java.lang.classfile.CodeBuilder;
import java.lang.invoke.MethodHandles;

/**
 * Writes {@link Dots} as bytecode, as {@link TileGenerator} writes tiles. For one row by two it is
 *
 * <pre>{@code
 * b0 = bo + rows[rowAt]; b1 = bo + rows[rowAt + 1];
 * c0 = zero(F); c1 = zero(F);
 * for (f = 0; f < n; f += lanes) {
 *   y0 = fromArray(F, b, b0 + f); y1 = fromArray(F, b, b1 + f);
 *   x = fromArray(F, a, ao + f); c0 = x.fma(y0, c0); c1 = x.fma(y1, c1);
 * }
 * c0.add(fromArray(F, sums, so)).intoArray(sums, so); ...
 * }</pre>
 *
 * {@link FloatPlainDots} says the same in Java.
 */
final class DotsGenerator {
  // Run's parameters as local variables.
  private static final int A = 1;
  private static final int AO = 2;
  private static final int LDA = 3;
  private static final int B = 4;
  private static final int BO = 5;
  private static final int ROWS = 6;
  private static final int ROW_AT = 7;
  private static final int N = 8;
  private static final int SUMS = 9;
  private static final int SO = 10;

  // Behind them: f, a place, a vector of a, where each row of a and of b is, the vectors of b, the
  // sums.
  private static final int F = 11;
  private static final int AT = 12;
  private static final int X = 13;
  private static final int FIRST = 14;

  private final VectorCode vectors;
  private final int rows;
  private final int columns;

  private DotsGenerator(DType dtype, int rows, int columns) {
    this.vectors = new VectorCode(dtype);
    this.rows = rows;
    this.columns = columns;
  }

  static Dots generate(DType dtype, int rows, int columns) throws ReflectiveOperationException {
    var generator = new DotsGenerator(dtype, rows, columns);
    String name = "Dots%dx%d".formatted(rows, columns);
    return VectorCode.define(MethodHandles.lookup(), name, Dots.class, generator::run);
  }

  private int rowOfA(int i) {
    return FIRST + i;
  }

  private int rowOfB(int j) {
    return FIRST + rows + j;
  }

  private int vectorOfB(int j) {
    return FIRST + rows + columns + j;
  }

  private int sum(int i, int j) {
    return FIRST + rows + 2 * columns + i * columns + j;
  }

  private void run(CodeBuilder code) {
    vectors.castArrays(code, A, B, SUMS);
    for (int i = 0; i < rows; i++) {
      code.iload(AO).iload(LDA).loadConstant(i).imul().iadd().istore(rowOfA(i));
    }
    for (int j = 0; j < columns; j++) {
      code.iload(BO).aload(ROWS).iload(ROW_AT).loadConstant(j).iadd().iaload();
      code.iadd().istore(rowOfB(j));
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        vectors.zero(code);
        code.astore(sum(i, j));
      }
    }
    VectorCode.loop(code, F, N, vectors.lanes(), () -> step(code));
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        int at = (i * columns + j) * vectors.lanes();
        code.aload(sum(i, j));
        vectors.load(code, SUMS, SO, at);
        vectors.add(code);
        vectors.store(code, SUMS, SO, at);
      }
    }
    code.return_();
  }

  private void step(CodeBuilder code) {
    for (int j = 0; j < columns; j++) {
      code.iload(rowOfB(j)).iload(F).iadd().istore(AT);
      vectors.load(code, B, AT, 0);
      code.astore(vectorOfB(j));
    }
    for (int i = 0; i < rows; i++) {
      code.iload(rowOfA(i)).iload(F).iadd().istore(AT);
      vectors.load(code, A, AT, 0);
      code.astore(X);
      for (int j = 0; j < columns; j++) {
        code.aload(X).aload(vectorOfB(j)).aload(sum(i, j));
        vectors.fma(code);
        code.astore(sum(i, j));
      }
    }
  }
}
