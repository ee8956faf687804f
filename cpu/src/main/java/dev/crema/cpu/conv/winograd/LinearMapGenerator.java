package dev.crema.cpu.conv.winograd;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.crema.cpu.simd.Simd;
import dev.crema.tensor.DType;
import java.lang.System.Logger.Level;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
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
  private static final ClassDesc MAP = LinearMap.class.describeConstable().orElseThrow();
  private static final ClassDesc LANES = ClassDesc.of("dev.crema.cpu.simd.Lanes");
  private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
  private static final ClassDesc ANY = ClassDesc.of("jdk.incubator.vector.Vector");

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
  private static final int FROM = 17;
  private static final int TO = 18;
  private static final int CONSTANTS = 19;

  private final StraightLine program;
  private final boolean f32;
  private final ClassDesc vector;
  private final ClassDesc element;
  private final ClassDesc array;

  /** The distinct coefficients, each in a register of its own, and the first value's variable. */
  private final List<Rational> constants = new ArrayList<>();

  private final int values;

  private LinearMapGenerator(StraightLine program, DType dtype) {
    this.program = program;
    this.f32 = dtype == DType.F32;
    this.vector =
        ClassDesc.of(
            f32 ? "jdk.incubator.vector.FloatVector" : "jdk.incubator.vector.DoubleVector");
    this.element = f32 ? CD_float : CD_double;
    this.array = element.arrayType();
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
      } catch (ReflectiveOperationException | LinkageError e) {
        System.getLogger("dev.crema.cpu")
            .log(
                Level.WARNING,
                "Winograd transforms run as plain loops, several times slower: this JVM refuses"
                    + " generated classes",
                e);
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
    byte[] bytes = new LinearMapGenerator(new StraightLine(matrix), dtype).bytes();
    return (LinearMap)
        MethodHandles.lookup()
            .defineHiddenClass(bytes, true)
            .lookupClass()
            .getDeclaredConstructor()
            .newInstance();
  }

  private byte[] bytes() {
    ClassDesc[] parameters = new ClassDesc[INNER];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = i + 1 == X || i + 1 == Y ? CD_Object : CD_int;
    }
    return ClassFile.of()
        .build(
            ClassDesc.of(LinearMap.class.getPackageName(), "GeneratedLinearMap"),
            c ->
                c.withFlags(ClassFile.ACC_FINAL)
                    .withInterfaceSymbols(MAP)
                    .withMethodBody(INIT_NAME, MTD_void, 0, LinearMapGenerator::constructor)
                    .withMethodBody(
                        "run",
                        MethodTypeDesc.of(CD_void, parameters),
                        ClassFile.ACC_PUBLIC,
                        this::body));
  }

  private static void constructor(CodeBuilder code) {
    code.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void).return_();
  }

  private void body(CodeBuilder code) {
    code.aload(X).checkcast(array).astore(FROM).aload(Y).checkcast(array).astore(TO);
    for (int i = 0; i < constants.size(); i++) {
      species(code);
      if (f32) {
        code.loadConstant(constants.get(i).toFloat());
      } else {
        code.loadConstant(constants.get(i).toDouble());
      }
      code.invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, element))
          .astore(CONSTANTS + i);
    }
    loop(
        code,
        I,
        OUTER,
        () -> {
          code.iload(XO).istore(S).iload(YO).istore(D);
          loop(
              code,
              J,
              INNER,
              () -> {
                step(code);
                advance(code, S, X_INNER);
                advance(code, D, Y_INNER);
              });
          advance(code, XO, X_OUTER);
          advance(code, YO, Y_OUTER);
        });
    code.return_();
  }

  private static void loop(CodeBuilder code, int counter, int bound, Runnable body) {
    Label head = code.newLabel();
    Label end = code.newLabel();
    code.iconst_0().istore(counter).labelBinding(head).iload(counter).iload(bound).if_icmpge(end);
    body.run();
    code.iinc(counter, 1).goto_(head).labelBinding(end);
  }

  private static void advance(CodeBuilder code, int variable, int by) {
    code.iload(variable).iload(by).iadd().istore(variable);
  }

  private void step(CodeBuilder code) {
    for (int i = 0; i < program.inputs(); i++) {
      species(code);
      code.aload(FROM);
      index(code, S, XS, i);
      code.invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, array, CD_int))
          .astore(values + i);
    }
    for (int i = 0; i < program.ops().size(); i++) {
      operation(code, program.ops().get(i));
      code.astore(values + program.inputs() + i);
    }
    for (int i = 0; i < program.outputs().length; i++) {
      code.aload(values + program.outputs()[i]).aload(TO);
      index(code, D, YS, i);
      code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
    }
  }

  private void operation(CodeBuilder code, StraightLine.Op op) {
    switch (op) {
      case StraightLine.Op.Add(int a, int b) -> binary(code, "add", values + a, values + b);
      case StraightLine.Op.Sub(int a, int b) -> binary(code, "sub", values + a, values + b);
      case StraightLine.Op.Mul(int a, Rational c) -> binary(code, "mul", values + a, constant(c));
      case StraightLine.Op.Fma(int a, Rational c, int b) ->
          code.aload(values + a)
              .aload(constant(c))
              .aload(values + b)
              .invokevirtual(vector, "fma", MethodTypeDesc.of(vector, ANY, ANY));
    }
  }

  private void binary(CodeBuilder code, String operation, int a, int b) {
    code.aload(a).aload(b).invokevirtual(vector, operation, MethodTypeDesc.of(vector, ANY));
  }

  private int constant(Rational c) {
    return CONSTANTS + constants.indexOf(c);
  }

  private void species(CodeBuilder code) {
    code.getstatic(LANES, f32 ? "F" : "D", SPECIES);
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
