package dev.crema.cpu.gemm;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.crema.cpu.simd.Lanes;
import dev.crema.tensor.DType;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;

/**
 * Writes {@link Tile}s as bytecode, one hidden class for each {@link TileShape}: straight-line code
 * around one loop, which C2 compiles alone, keeps wholly in registers, and never boxes. What it
 * writes, for two rows of one vector, is
 *
 * <pre>{@code
 * c0 = zero(F); c1 = zero(F);                                // or broadcast(F, bias[biasAt + i])
 * for (; k > 0; k--) {
 *   b0 = fromArray(F, b, bo);
 *   x = broadcast(F, a[ao]);     c0 = x.fma(b0, c0);
 *   x = broadcast(F, a[ao + 1]); c1 = x.fma(b0, c1);
 *   ao += lda; bo += step;                                   // or bo0 + rows[step++]
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
  private static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
  private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
  private static final ClassDesc LANES = ClassDesc.of(Lanes.class.getName());

  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_void,
          CD_Object,
          CD_int,
          CD_int,
          CD_Object,
          CD_int,
          CD_int.arrayType(),
          CD_int,
          CD_int,
          CD_Object,
          CD_int,
          CD_int,
          CD_Object,
          CD_int);

  // Run's parameters as local variables, from 1: 0 is the tile itself.
  private static final int A = 1;
  private static final int AO = 2;
  private static final int LDA = 3;
  private static final int B = 4;
  private static final int BO = 5;
  private static final int ROWS = 6;
  private static final int STEP = 7;
  private static final int K = 8;
  private static final int C = 9;
  private static final int CO = 10;
  private static final int LDC = 11;
  private static final int BIAS = 12;
  private static final int BIAS_AT = 13;

  // Behind them: a row's broadcast element, where b's row is, the vectors of b, the sums.
  private static final int X = 14;
  private static final int ROW = 15;
  private static final int B0 = 16;

  private final TileShape shape;
  private final ClassDesc vector;
  private final ClassDesc element;
  private final ClassDesc array;
  private final TypeKind kind;
  private final String species;
  private final int lanes;

  private TileGenerator(TileShape shape) {
    boolean f32 = shape.dtype() == DType.F32;
    this.shape = shape;
    this.vector = ClassDesc.of("jdk.incubator.vector." + (f32 ? "FloatVector" : "DoubleVector"));
    this.element = f32 ? CD_float : CD_double;
    this.array = element.arrayType();
    this.kind = f32 ? TypeKind.FLOAT : TypeKind.DOUBLE;
    this.species = f32 ? "F" : "D";
    this.lanes = f32 ? Lanes.F_LENGTH : Lanes.D_LENGTH;
  }

  /** A new tile of this shape. */
  static Tile generate(TileShape shape) throws ReflectiveOperationException {
    byte[] bytes = new TileGenerator(shape).classFile();
    return (Tile)
        MethodHandles.lookup()
            .defineHiddenClass(bytes, true)
            .lookupClass()
            .getDeclaredConstructor()
            .newInstance();
  }

  private byte[] classFile() {
    String name = "%s%dx%d".formatted(Tile.class.getName(), shape.rows(), shape.vectors());
    return ClassFile.of()
        .build(
            ClassDesc.of(name),
            c ->
                c.withFlags(ClassFile.ACC_FINAL)
                    .withInterfaceSymbols(ClassDesc.of(Tile.class.getName()))
                    .withMethodBody(INIT_NAME, MTD_void, 0, this::constructor)
                    .withMethodBody("run", RUN, ClassFile.ACC_PUBLIC, this::run));
  }

  private void constructor(CodeBuilder code) {
    code.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void).return_();
  }

  private void run(CodeBuilder code) {
    for (int operand : new int[] {A, B, C}) {
      code.aload(operand).checkcast(array).astore(operand);
    }
    if (shape.biased()) {
      code.aload(BIAS).checkcast(array).astore(BIAS);
    }
    for (int i = 0; i < shape.rows(); i++) {
      for (int j = 0; j < shape.vectors(); j++) {
        start(code, i);
        code.astore(sum(i, j));
      }
    }
    loop(code);
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
      broadcast(code, BIAS, BIAS_AT, i);
    } else {
      zero(code);
    }
  }

  private void loop(CodeBuilder code) {
    var top = code.newLabel();
    var end = code.newLabel();
    code.labelBinding(top).iload(K).ifle(end);
    if (shape.indexed()) {
      code.iload(BO).aload(ROWS).iload(STEP).iaload().iadd().istore(ROW);
    }
    for (int j = 0; j < shape.vectors(); j++) {
      load(code, B, shape.indexed() ? ROW : BO, j);
      code.astore(B0 + j);
    }
    for (int i = 0; i < shape.rows(); i++) {
      broadcast(code, A, AO, i);
      code.astore(X);
      for (int j = 0; j < shape.vectors(); j++) {
        code.aload(X)
            .aload(B0 + j)
            .aload(sum(i, j))
            .invokevirtual(vector, "fma", MethodTypeDesc.of(vector, VECTOR, VECTOR))
            .astore(sum(i, j));
      }
    }
    code.iload(AO).iload(LDA).iadd().istore(AO);
    if (shape.indexed()) {
      code.iinc(STEP, 1);
    } else {
      code.iload(BO).iload(STEP).iadd().istore(BO);
    }
    code.iinc(K, -1).goto_(top).labelBinding(end);
  }

  private void store(CodeBuilder code, int i, int j) {
    code.aload(sum(i, j));
    if (shape.adds()) {
      load(code, C, CO, j);
      code.invokevirtual(vector, "add", MethodTypeDesc.of(vector, VECTOR));
    }
    if (shape.relu()) {
      zero(code);
      code.invokevirtual(vector, "max", MethodTypeDesc.of(vector, VECTOR));
    }
    code.aload(C).iload(CO).loadConstant(j * lanes).iadd();
    code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
  }

  private int sum(int i, int j) {
    return B0 + shape.vectors() + i * shape.vectors() + j;
  }

  private void species(CodeBuilder code) {
    code.getstatic(LANES, species, SPECIES);
  }

  private void zero(CodeBuilder code) {
    species(code);
    code.invokestatic(vector, "zero", MethodTypeDesc.of(vector, SPECIES));
  }

  /** Vector j at x[at]. */
  private void load(CodeBuilder code, int x, int at, int j) {
    species(code);
    code.aload(x).iload(at).loadConstant(j * lanes).iadd();
    code.invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, array, CD_int));
  }

  /** Element i at x[at], in all lanes. */
  private void broadcast(CodeBuilder code, int x, int at, int i) {
    species(code);
    code.aload(x).iload(at).loadConstant(i).iadd().arrayLoad(kind);
    code.invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, element));
  }
}
