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
import java.util.function.Consumer;

/** Calls of the Vector API as bytecode, for one dtype at the width of {@link Lanes}. */
final class VectorCode {
  private static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
  private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
  private static final ClassDesc LANES = ClassDesc.of(Lanes.class.getName());

  private final ClassDesc vector;
  private final ClassDesc element;
  private final ClassDesc array;
  private final TypeKind kind;
  private final String species;
  private final int lanes;

  VectorCode(DType dtype) {
    boolean f32 = dtype == DType.F32;
    this.vector = ClassDesc.of("jdk.incubator.vector." + (f32 ? "FloatVector" : "DoubleVector"));
    this.element = f32 ? CD_float : CD_double;
    this.array = element.arrayType();
    this.kind = f32 ? TypeKind.FLOAT : TypeKind.DOUBLE;
    this.species = f32 ? "F" : "D";
    this.lanes = f32 ? Lanes.F_LENGTH : Lanes.D_LENGTH;
  }

  /** An instance of a new hidden class whose one method, {@code run}, has this body. */
  static Object define(String name, Class<?> type, MethodTypeDesc run, Consumer<CodeBuilder> body)
      throws ReflectiveOperationException {
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(name),
                c ->
                    c.withFlags(ClassFile.ACC_FINAL)
                        .withInterfaceSymbols(ClassDesc.of(type.getName()))
                        .withMethodBody(INIT_NAME, MTD_void, 0, VectorCode::constructor)
                        .withMethodBody("run", run, ClassFile.ACC_PUBLIC, body));
    return MethodHandles.lookup()
        .defineHiddenClass(bytes, true)
        .lookupClass()
        .getDeclaredConstructor()
        .newInstance();
  }

  private static void constructor(CodeBuilder code) {
    code.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void).return_();
  }

  int lanes() {
    return lanes;
  }

  /** From {@code Object} to the dtype's array. */
  void castArrays(CodeBuilder code, int... operands) {
    for (int operand : operands) {
      code.aload(operand).checkcast(array).astore(operand);
    }
  }

  void zero(CodeBuilder code) {
    species(code);
    code.invokestatic(vector, "zero", MethodTypeDesc.of(vector, SPECIES));
  }

  /** The vector at x[at + offset]. */
  void load(CodeBuilder code, int x, int at, int offset) {
    species(code);
    index(code, x, at, offset);
    code.invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, array, CD_int));
  }

  /** Element x[at + offset], in all lanes. */
  void broadcast(CodeBuilder code, int x, int at, int offset) {
    species(code);
    index(code, x, at, offset);
    code.arrayLoad(kind);
    code.invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, element));
  }

  /** The vector on the stack to x[at + offset]. */
  void store(CodeBuilder code, int x, int at, int offset) {
    index(code, x, at, offset);
    code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
  }

  /** sum = a·b + sum, all local variables. */
  void fma(CodeBuilder code, int a, int b, int sum) {
    code.aload(a).aload(b).aload(sum);
    code.invokevirtual(vector, "fma", MethodTypeDesc.of(vector, VECTOR, VECTOR));
    code.astore(sum);
  }

  /** The sum of the two vectors on the stack. */
  void add(CodeBuilder code) {
    code.invokevirtual(vector, "add", MethodTypeDesc.of(vector, VECTOR));
  }

  /** The larger of the two vectors on the stack. */
  void max(CodeBuilder code) {
    code.invokevirtual(vector, "max", MethodTypeDesc.of(vector, VECTOR));
  }

  private void species(CodeBuilder code) {
    code.getstatic(LANES, species, SPECIES);
  }

  private static void index(CodeBuilder code, int x, int at, int offset) {
    code.aload(x).iload(at).loadConstant(offset).iadd();
  }
}
