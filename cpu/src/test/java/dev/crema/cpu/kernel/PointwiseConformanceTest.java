package dev.crema.cpu.kernel;

import static dev.crema.cpu.kernel.Twin.CPU;
import static dev.crema.cpu.kernel.Twin.REFERENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.backend.BinaryOp;
import dev.crema.backend.Chain;
import dev.crema.backend.PointwisePlan;
import dev.crema.backend.UnaryOp;
import dev.crema.tensor.DType;
import dev.crema.tensor.Layout;
import dev.crema.tensor.Shape;
import dev.crema.tensor.UnsupportedOpException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Elementwise kernels against the reference: odd sizes, strides, special values, every type. */
class PointwiseConformanceTest {
  private static final int[] SIZES = {1, 6, 13, 207, 4098};
  private static final double[] SPECIAL = {
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    0,
    -0.0,
    1,
    -1,
    0.5,
    -0.5,
    1e-300,
    -1e-300,
    1e-41,
    3e38,
    -3e38,
    1e300,
    88.8,
    -88.8,
    -104,
    710,
    -746,
    10,
    -10,
    1e-8,
    Double.MIN_VALUE,
    Float.MIN_VALUE
  };
  private static final EnumSet<UnaryOp> OF_INTEGERS =
      EnumSet.of(
          UnaryOp.NEG, UnaryOp.ABS, UnaryOp.SIGN, UnaryOp.SQUARE, UnaryOp.RELU, UnaryOp.CLAMP);

  private final Random random = new Random(7);

  private static void unary(UnaryOp op, double a, double b, Twin x, Twin y) {
    CPU.unary(op, a, b, PointwisePlan.of(y.cpu(), x.cpu()), x.cpu(), y.cpu());
    REFERENCE.unary(
        op, a, b, PointwisePlan.of(y.reference(), x.reference()), x.reference(), y.reference());
  }

  private static void binary(BinaryOp op, Twin a, Twin b, Twin y) {
    CPU.binary(op, PointwisePlan.of(y.cpu(), a.cpu(), b.cpu()), a.cpu(), b.cpu(), y.cpu());
    REFERENCE.binary(
        op,
        PointwisePlan.of(y.reference(), a.reference(), b.reference()),
        a.reference(),
        b.reference(),
        y.reference());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOT")
  void unaryOfFloatingNumbers(UnaryOp op) {
    for (DType type : List.of(DType.F32, DType.F64)) {
      for (int n : SIZES) {
        Twin x = Twin.random(type, random, n);
        Twin y = Twin.random(type, random, n);
        unary(op, 0.75, 1.5, x, y);
        y.assertClose(op + " " + type + " " + n, 4);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOT")
  void unaryOfSpecialValues(UnaryOp op) {
    for (DType type : List.of(DType.F32, DType.F64)) {
      Twin x = Twin.of(type, specials(type));
      Twin y = Twin.random(type, random, SPECIAL.length);
      unary(op, 0.75, 1.5, x, y);
      y.assertClose(op + " " + type, 4, type == DType.F32 ? Float.MIN_NORMAL : Double.MIN_NORMAL);
    }
  }

  private static Object specials(DType type) {
    if (type == DType.F64) {
      return SPECIAL.clone();
    }
    float[] f = new float[SPECIAL.length];
    for (int i = 0; i < f.length; i++) {
      f[i] = (float) SPECIAL[i];
    }
    return f;
  }

  @ParameterizedTest
  @EnumSource
  void unaryOfIntegers(UnaryOp op) {
    for (DType type : List.of(DType.I32, DType.I64, DType.U8)) {
      Twin x = Twin.random(type, random, 207);
      Twin y = Twin.random(type, random, 207);
      if (OF_INTEGERS.contains(op)) {
        unary(op, -2, 5, x, y);
        y.assertEqual(op + " " + type);
      }
    }
  }

  @Test
  void notOfBool() {
    Twin x = Twin.random(DType.BOOL, random, 207);
    Twin y = Twin.random(DType.BOOL, random, 207);
    unary(UnaryOp.NOT, 0, 0, x, y);
    y.assertEqual("not");
  }

  @Test
  void anOpThatATypeLacksIsNamed() {
    Twin x = Twin.random(DType.I32, random, 3);
    assertThatThrownBy(() -> unary(UnaryOp.EXP, 0, 0, x, x))
        .isInstanceOf(UnsupportedOpException.class)
        .hasMessageContainingAll("EXP", "integers");
  }

  @ParameterizedTest
  @EnumSource
  void binaryOfEveryType(BinaryOp op) {
    for (DType type : DType.values()) {
      boolean carried = type == DType.F16 || type == DType.BF16;
      if (carried
          || op.isLogical() != (type == DType.BOOL)
          || op.isFloatingOnly() && !type.isFloating()) {
        continue;
      }
      for (int n : SIZES) {
        Twin a = Twin.random(type, random, n);
        Twin b = Twin.random(type, random, n);
        Twin y = Twin.random(op.isComparison() ? DType.BOOL : type, random, n);
        binary(op, a, b, y);
        // In f64 the reference's 1 − b² has itself lost digits.
        double lost = op == BinaryOp.TANH_GRAD && type == DType.F64 ? 1e-14 : 0;
        y.assertClose(op + " " + type + " " + n, 4, lost);
      }
    }
  }

  /** Not of the gradients of functions whose values lie between −1 and 1. */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"AND", "OR", "XOR", "TANH_GRAD", "SIGMOID_GRAD"})
  void binaryOfSpecialValues(BinaryOp op) {
    for (DType type : List.of(DType.F32, DType.F64)) {
      int n = SPECIAL.length;
      Object values = specials(type);
      Twin a = Twin.of(type, values, Layout.of(Shape.of(n, n), new long[] {1, 0}, 0));
      Twin b = Twin.of(type, values, Layout.of(Shape.of(n, n), new long[] {0, 1}, 0));
      Twin y = Twin.random(op.isComparison() ? DType.BOOL : type, random, n, n);
      binary(op, a, b, y);
      y.assertClose(op + " " + type, 4, type == DType.F32 ? Float.MIN_NORMAL : Double.MIN_NORMAL);
    }
  }

  /** Every layout of one shape that tensors come to have, the array's edges unused. */
  private static List<Layout> layouts(long rows, long columns) {
    Layout dense = Layout.of(Shape.of(rows, columns), new long[] {columns, 1}, 0);
    List<Layout> layouts = new ArrayList<>(List.of(dense));
    layouts.add(Layout.of(dense.shape(), new long[] {columns, 1}, 5)); // offset
    layouts.add(Layout.of(dense.shape(), new long[] {1, rows}, 2)); // transposed
    layouts.add(Layout.of(dense.shape(), new long[] {columns + 3, 1}, 1)); // rows with gaps
    layouts.add(Layout.of(dense.shape(), new long[] {3 * columns, 3}, 1)); // every third column
    return layouts;
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64", "I32", "U8"})
  void anyStridesOfAnyOperand(DType type) {
    Shape shape = Shape.of(37, 61);
    List<Layout> inputs = new ArrayList<>(layouts(37, 61));
    inputs.add(Layout.of(shape, new long[] {1, 0}, 0)); // a column, repeated
    inputs.add(Layout.of(shape, new long[] {0, 1}, 3)); // a row, repeated
    inputs.add(Layout.of(shape, new long[] {0, 0}, 2)); // one number
    for (Layout out : layouts(37, 61)) {
      for (Layout a : inputs) {
        for (Layout b : inputs) {
          Twin x = Twin.random(type, random, a);
          Twin z = Twin.random(type, random, b);
          Twin y = Twin.random(type, random, out);
          binary(BinaryOp.SUB, x, z, y);
          y.assertEqual(a + " - " + b + " to " + out);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void conversions(DType from) {
    for (DType to : DType.values()) {
      for (Layout in : layouts(9, 11)) {
        for (Layout out : layouts(9, 11)) {
          Twin x = Twin.random(from, random, in);
          Twin y = Twin.random(to, random, out);
          CPU.copy(PointwisePlan.of(y.cpu(), x.cpu()), x.cpu(), y.cpu());
          REFERENCE.copy(
              PointwisePlan.of(y.reference(), x.reference()), x.reference(), y.reference());
          y.assertEqual(from + " to " + to);
        }
      }
    }
  }

  @Test
  void conversionsOfNumbersOutOfRangeAreJavas() {
    float[] x = {Float.NaN, 300, -1, 1e20f, -1e20f, 2.7f, -2.7f, 0.1f};
    byte[] u8 = {0, 44, -1, -1, 0, 2, -2, 0};
    int[] i32 = {0, 300, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 2, -2, 0};
    byte[] bool = {1, 1, 1, 1, 1, 1, 1, 1};
    assertThat((byte[]) converted(DType.F32, x, DType.U8, new byte[8])).isEqualTo(u8);
    assertThat((int[]) converted(DType.F32, x, DType.I32, new int[8])).isEqualTo(i32);
    assertThat((byte[]) converted(DType.F32, x, DType.BOOL, new byte[8])).isEqualTo(bool);
    assertThat((float[]) converted(DType.U8, new byte[] {-1, 3}, DType.F32, new float[2]))
        .containsExactly(255, 3);
  }

  private static Object converted(DType from, Object x, DType to, Object y) {
    Twin in = Twin.of(from, x);
    Twin out = Twin.of(to, y);
    CPU.copy(PointwisePlan.of(out.cpu(), in.cpu()), in.cpu(), out.cpu());
    return y;
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64", "I64", "U8"})
  void transposesOfAnyRank(DType type) {
    for (int[] order : new int[][] {{0, 2, 1}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}, {1, 0, 2}}) {
      for (Shape shape : List.of(Shape.of(33, 65, 41), Shape.of(70, 5, 3), Shape.of(2, 3, 100))) {
        Layout in = Layout.contiguous(shape).permute(order);
        Twin x = Twin.random(type, random, in);
        Twin y = Twin.random(type, random, in.shape().sizes());
        CPU.copy(PointwisePlan.of(y.cpu(), x.cpu()), x.cpu(), y.cpu());
        REFERENCE.copy(
            PointwisePlan.of(y.reference(), x.reference()), x.reference(), y.reference());
        y.assertEqual(shape + " " + Arrays.toString(order));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void fillOfAnyLayout(DType type) {
    for (Layout out : layouts(37, 61)) {
      Twin y = Twin.random(type, random, out);
      CPU.fill(3, PointwisePlan.of(y.cpu()), y.cpu());
      REFERENCE.fill(3, PointwisePlan.of(y.reference()), y.reference());
      y.assertEqual(type + " " + out);
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"F16", "BF16"}) // only carried here
  void whereOfAnyType(DType type) {
    Shape shape = Shape.of(37, 61);
    for (Layout out : layouts(37, 61)) {
      Twin condition = Twin.random(DType.BOOL, random, Layout.of(shape, new long[] {0, 1}, 0));
      Twin a = Twin.random(type, random, out);
      Twin b = Twin.random(type, random, Layout.of(shape, new long[] {1, 0}, 0));
      Twin y = Twin.random(type, random, out);
      var plan = PointwisePlan.of(y.cpu(), condition.cpu(), a.cpu(), b.cpu());
      CPU.where(plan, condition.cpu(), a.cpu(), b.cpu(), y.cpu());
      REFERENCE.where(plan, condition.reference(), a.reference(), b.reference(), y.reference());
      y.assertEqual(type + " " + out);
    }
  }

  /** (a > b ? a : b·0.5) − a, whose steps use inputs, a number, and what is kept between them. */
  private static Chain chain() {
    return new Chain(
        "test",
        2,
        List.of(0.5),
        List.of(
            new Chain.Binary(BinaryOp.GT, 0, 1),
            new Chain.Binary(BinaryOp.MUL, 1, 2),
            new Chain.Where(3, 0, 4),
            new Chain.Binary(BinaryOp.SUB, 5, 0)));
  }

  private static void chain(Chain chain, Twin a, Twin b, Twin y) {
    CPU.chain(
        chain, PointwisePlan.of(y.cpu(), a.cpu(), b.cpu()), List.of(a.cpu(), b.cpu()), y.cpu());
    REFERENCE.chain(
        chain,
        PointwisePlan.of(y.reference(), a.reference(), b.reference()),
        List.of(a.reference(), b.reference()),
        y.reference());
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void chainsOfAnyStrides(DType type) {
    Shape shape = Shape.of(37, 61);
    List<Layout> inputs = new ArrayList<>(layouts(37, 61));
    inputs.add(Layout.of(shape, new long[] {1, 0}, 0)); // a column, repeated
    inputs.add(Layout.of(shape, new long[] {0, 0}, 2)); // one number
    for (Layout out : layouts(37, 61)) {
      for (Layout a : inputs) {
        for (Layout b : inputs) {
          Twin x = Twin.random(type, random, a);
          Twin z = Twin.random(type, random, b);
          Twin y = Twin.random(type, random, out);
          chain(chain(), x, z, y);
          y.assertEqual(a + ", " + b + " to " + out);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void chainsOfAnyLength(DType type) {
    for (int n : new int[] {0, 1, 6, 13, 207, 1024, 1025, 4098, 70_001}) {
      Twin x = Twin.random(type, random, n);
      Twin z = Twin.random(type, random, n);
      Twin y = Twin.random(type, random, n);
      chain(chain(), x, z, y);
      y.assertEqual(type + " " + n);
    }
  }

  @Test
  void chainsInPlace() {
    for (Layout layout : layouts(37, 61)) {
      Twin x = Twin.random(DType.F32, random, layout);
      Twin y = Twin.random(DType.F32, random, layout);
      chain(chain(), x, y, y);
      y.assertEqual(layout.toString());
      chain(chain(), y, x, y);
      y.assertEqual(layout.toString());
    }
  }

  @Test
  void inPlace() {
    for (Layout layout : layouts(37, 61)) {
      Twin x = Twin.random(DType.F32, random, layout);
      Twin y = Twin.random(DType.F32, random, layout);
      binary(BinaryOp.MUL, x, y, y);
      y.assertEqual(layout.toString());
      unary(UnaryOp.NEG, 0, 0, y, y);
      y.assertEqual(layout.toString());
    }
  }
}
