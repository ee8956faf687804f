package dev.crema.cpu.gemm;

import dev.crema.cpu.simd.VectorCode;
import dev.crema.tensor.DType;
import java.lang.classfile.CodeBuilder;
import java.lang.invoke.MethodHandles;

/**
 * Writes {@link Outer} as bytecode, as {@link TileGenerator} writes tiles. For two rows of one
 * vector it is
 *
 * <pre>{@code
 * a0 = ao + rows[rowAt]; a1 = ao + rows[rowAt + 1];
 * c0 = zero(F); c1 = zero(F);
 * for (line = 0; line < lines; line++) {
 *   for (p = 0; p < n; p++) {
 *     b0 = fromArray(F, b, bo + p * ldb);
 *     x = broadcast(F, a[a0 + p]); c0 = x.fma(b0, c0);
 *     x = broadcast(F, a[a1 + p]); c1 = x.fma(b0, c1);
 *   }
 *   a0 += pitch; a1 += pitch; bo += n * ldb;
 * }
 * c0.add(fromArray(F, c, co)).intoArray(c, co); co += ldc;
 * c1.add(fromArray(F, c, co)).intoArray(c, co);
 * }</pre>
 *
 * {@link FloatPlainOuter} says the same in Java.
 */
final class OuterGenerator {
  // Run's parameters as local variables.
  private static final int A = 1;
  private static final int AO = 2;
  private static final int ROWS = 3;
  private static final int ROW_AT = 4;
  private static final int LINES = 5;
  private static final int N = 6;
  private static final int PITCH = 7;
  private static final int B = 8;
  private static final int BO = 9;
  private static final int C = 10;
  private static final int CO = 11;
  private static final int LDC = 12;

  // Behind them: the line, p, a place, a broadcast element, where each row of a is, the vectors of
  // b, the sums.
  private static final int LINE = 13;
  private static final int P = 14;
  private static final int AT = 15;
  private static final int X = 16;
  private static final int FIRST = 17;

  private final VectorCode code;
  private final int rows;
  private final int vectors;
  private final int ldb;

  private OuterGenerator(DType dtype, int rows, int vectors, int ldb) {
    this.code = new VectorCode(dtype);
    this.rows = rows;
    this.vectors = vectors;
    this.ldb = ldb;
  }

  static Outer generate(DType dtype, int rows, int vectors, int ldb)
      throws ReflectiveOperationException {
    var generator = new OuterGenerator(dtype, rows, vectors, ldb);
    String name = "Outer%dx%d".formatted(rows, vectors);
    return VectorCode.define(MethodHandles.lookup(), name, Outer.class, generator::run);
  }

  private int rowOfA(int i) {
    return FIRST + i;
  }

  private int vectorOfB(int j) {
    return FIRST + rows + j;
  }

  private int sum(int i, int j) {
    return FIRST + rows + vectors + i * vectors + j;
  }

  private void run(CodeBuilder to) {
    code.castArrays(to, A, B, C);
    for (int i = 0; i < rows; i++) {
      to.iload(AO).aload(ROWS).iload(ROW_AT).loadConstant(i).iadd().iaload();
      to.iadd().istore(rowOfA(i));
      for (int j = 0; j < vectors; j++) {
        code.zero(to);
        to.astore(sum(i, j));
      }
    }
    VectorCode.loop(to, LINE, LINES, 1, () -> line(to));
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < vectors; j++) {
        int at = j * code.lanes();
        to.aload(sum(i, j));
        code.load(to, C, CO, at);
        code.add(to);
        code.store(to, C, CO, at);
      }
      to.iload(CO).iload(LDC).iadd().istore(CO);
    }
    to.return_();
  }

  private void line(CodeBuilder to) {
    VectorCode.loop(to, P, N, 1, () -> step(to));
    for (int i = 0; i < rows; i++) {
      to.iload(rowOfA(i)).iload(PITCH).iadd().istore(rowOfA(i));
    }
    to.iload(BO).iload(N).loadConstant(ldb).imul().iadd().istore(BO);
  }

  private void step(CodeBuilder to) {
    to.iload(BO).iload(P).loadConstant(ldb).imul().iadd().istore(AT);
    for (int j = 0; j < vectors; j++) {
      code.load(to, B, AT, j * code.lanes());
      to.astore(vectorOfB(j));
    }
    for (int i = 0; i < rows; i++) {
      to.iload(rowOfA(i)).iload(P).iadd().istore(AT);
      code.broadcast(to, A, AT, 0);
      to.astore(X);
      for (int j = 0; j < vectors; j++) {
        to.aload(X).aload(vectorOfB(j)).aload(sum(i, j));
        code.fma(to);
        to.astore(sum(i, j));
      }
    }
  }
}
