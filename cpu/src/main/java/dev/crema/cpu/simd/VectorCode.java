package dev.crema.cpu.simd;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.crema.tensor.DType;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Calls of the Vector API as bytecode, for one dtype at the width of {@link Lanes}: what generators
 * of kernels write with. Operations take their operands from the stack, and leave the result there.
 */
public final class VectorCode {
  private static final System.Logger LOG = System.getLogger("dev.crema.cpu");
  private static final AtomicBoolean REFUSED = new AtomicBoolean();

  private static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
  private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
  private static final ClassDesc LANES = ClassDesc.of(Lanes.class.getName());

  private final ClassDesc vector;
  private final ClassDesc element;
  private final ClassDesc array;
  private final TypeKind kind;
  private final String species;
  private final int lanes;

  /** Code for f32 or f64. */
  public VectorCode(DType dtype) {
    boolean f32 = dtype == DType.F32;
    this.vector = ClassDesc.of("jdk.incubator.vector." + (f32 ? "FloatVector" : "DoubleVector"));
    this.element = f32 ? CD_float : CD_double;
    this.array = element.arrayType();
    this.kind = f32 ? TypeKind.FLOAT : TypeKind.DOUBLE;
    this.species = f32 ? "F" : "D";
    this.lanes = f32 ? Lanes.F_LENGTH : Lanes.D_LENGTH;
  }

  // ---- classes ----

  /**
   * An instance of a new hidden class.
   *
   * @param lookup of a class beside the interface, in whose package the new one is
   * @param name of the class, which profiles show
   * @param type the interface that it implements, which has one method
   * @param body that method's; its parameters are the local variables from 1 on
   */
  public static <T> T define(Lookup lookup, String name, Class<T> type, Consumer<CodeBuilder> body)
      throws ReflectiveOperationException {
    Class<?> made = lookup.defineHiddenClass(bytes(name, type, body), true).lookupClass();
    return type.cast(made.getDeclaredConstructor().newInstance());
  }

  private static byte[] bytes(String name, Class<?> type, Consumer<CodeBuilder> body) {
    Method method = type.getMethods()[0];
    MethodTypeDesc signature =
        MethodType.methodType(method.getReturnType(), method.getParameterTypes())
            .describeConstable()
            .orElseThrow();
    return ClassFile.of()
        .build(
            ClassDesc.of(type.getPackageName(), name),
            c ->
                c.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL)
                    .withInterfaceSymbols(ClassDesc.of(type.getName()))
                    .withMethodBody(
                        INIT_NAME, MTD_void, ClassFile.ACC_PUBLIC, VectorCode::constructor)
                    .withMethodBody(method.getName(), signature, ClassFile.ACC_PUBLIC, body));
  }

  private static void constructor(CodeBuilder code) {
    code.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void).return_();
  }

  /** Warns, once, that this JVM runs plain Java instead. */
  public static void refused(Throwable e) {
    if (!REFUSED.getAndSet(true)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "matrix products and convolutions run several times slower: this JVM refuses generated"
              + " classes ({0}). Hint: use an unmodified OpenJDK 25",
          e.toString());
    }
  }

  // ---- code ----

  /** Elements of a vector. */
  public int lanes() {
    return lanes;
  }

  /** From {@code Object} to the dtype's array, in these local variables. */
  public void castArrays(CodeBuilder code, int... operands) {
    for (int operand : operands) {
      code.aload(operand).checkcast(array).astore(operand);
    }
  }

  /** for (counter = 0; counter &lt; bound; counter += step), both local variables. */
  public static void loop(CodeBuilder code, int counter, int bound, int step, Runnable body) {
    var top = code.newLabel();
    var end = code.newLabel();
    code.iconst_0().istore(counter);
    code.labelBinding(top).iload(counter).iload(bound).if_icmpge(end);
    body.run();
    code.iinc(counter, step).goto_(top).labelBinding(end);
  }

  /** A vector of zeros. */
  public void zero(CodeBuilder code) {
    species(code);
    code.invokestatic(vector, "zero", MethodTypeDesc.of(vector, SPECIES));
  }

  /** The vector at x[at + offset]. */
  public void load(CodeBuilder code, int x, int at, int offset) {
    load(code, x, () -> index(code, at, offset));
  }

  /** The vector at the index that this puts on the stack. */
  public void load(CodeBuilder code, int x, Runnable index) {
    species(code);
    code.aload(x);
    index.run();
    code.invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, array, CD_int));
  }

  /** The vector on the stack to x[at + offset]. */
  public void store(CodeBuilder code, int x, int at, int offset) {
    store(code, x, () -> index(code, at, offset));
  }

  /** The vector on the stack to the index that this puts there. */
  public void store(CodeBuilder code, int x, Runnable index) {
    code.aload(x);
    index.run();
    code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
  }

  /** Element x[at + offset], in all lanes. */
  public void broadcast(CodeBuilder code, int x, int at, int offset) {
    species(code);
    code.aload(x);
    index(code, at, offset);
    code.arrayLoad(kind);
    broadcast(code);
  }

  /** A constant, in all lanes. */
  public void broadcast(CodeBuilder code, double value) {
    species(code);
    if (kind == TypeKind.FLOAT) {
      code.loadConstant((float) value);
    } else {
      code.loadConstant(value);
    }
    broadcast(code);
  }

  private void broadcast(CodeBuilder code) {
    code.invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, element));
  }

  /** a·b + c of three vectors. */
  public void fma(CodeBuilder code) {
    code.invokevirtual(vector, "fma", MethodTypeDesc.of(vector, VECTOR, VECTOR));
  }

  /** The sum of two vectors. */
  public void add(CodeBuilder code) {
    binary(code, "add");
  }

  /** The difference of two vectors. */
  public void sub(CodeBuilder code) {
    binary(code, "sub");
  }

  /** The product of two vectors. */
  public void mul(CodeBuilder code) {
    binary(code, "mul");
  }

  /** The larger of two vectors. */
  public void max(CodeBuilder code) {
    binary(code, "max");
  }

  private void binary(CodeBuilder code, String operation) {
    code.invokevirtual(vector, operation, MethodTypeDesc.of(vector, VECTOR));
  }

  private void species(CodeBuilder code) {
    code.getstatic(LANES, species, SPECIES);
  }

  private static void index(CodeBuilder code, int at, int offset) {
    code.iload(at).loadConstant(offset).iadd();
  }
}
