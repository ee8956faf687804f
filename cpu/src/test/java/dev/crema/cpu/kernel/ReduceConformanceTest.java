package dev.crema.cpu.kernel;

import static dev.crema.cpu.kernel.Twin.CPU;
import static dev.crema.cpu.kernel.Twin.REFERENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.backend.ReduceOp;
import dev.crema.backend.ReducePlan;
import dev.crema.tensor.DType;
import dev.crema.tensor.Layout;
import dev.crema.tensor.Shape;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Reductions against the reference: rows, columns, channels, any strides, any type; and how exact
 * sums are.
 */
class ReduceConformanceTest {
  private final Random random = new Random(11);

  private void check(ReduceOp op, DType type, Layout layout, int... dims) {
    Twin x = Twin.random(type, random, layout);
    var plan = ReducePlan.check("test", layout, false, dims);
    Twin y =
        Twin.random(op == ReduceOp.SUM ? type.sumType() : type, random, plan.outShape().sizes());
    CPU.reduce(op, plan, x.cpu(), y.cpu());
    REFERENCE.reduce(op, plan, x.reference(), y.reference());
    // The reference adds plainly: in f64 its own error is what is allowed.
    double lost = type == DType.F64 ? 1e-14 * plan.reducedCount() : 1e-12;
    y.assertClose(op + " " + type + " " + layout + " " + Arrays.toString(dims), 1, lost);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"F16", "BF16"}) // only carried here
  void everyShapeOfReduction(DType type) {
    for (ReduceOp op : ReduceOp.values()) {
      for (int n : new int[] {1, 6, 13, 207, 4098}) {
        check(op, type, Layout.contiguous(Shape.of(n)), 0);
        check(op, type, Layout.contiguous(Shape.of(3, n)), 1);
        check(op, type, Layout.contiguous(Shape.of(n, 3)), 0);
        check(op, type, Layout.contiguous(Shape.of(3, n)), 0);
      }
      Layout nchw = Layout.contiguous(Shape.of(5, 7, 6, 11));
      check(op, type, nchw, 0, 2, 3);
      check(op, type, nchw, 1);
      check(op, type, nchw, 0, 1);
      check(op, type, nchw, 1, 3);
      check(op, type, nchw);
      check(op, type, nchw.permute(3, 1, 0, 2), 0, 2);
      check(op, type, nchw.permute(3, 1, 0, 2), 1, 3);
      check(op, type, nchw.slice(3, 1, 10, 3).slice(1, 2, 6, 1), 2, 3);
      check(op, type, Layout.of(Shape.of(4, 5, 6), new long[] {0, 1, 0}, 2), 0, 2);
      check(op, type, Layout.of(Shape.of(4, 5, 6), new long[] {0, 1, 0}, 2), 1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void longRangesAreCutAndJoined(DType type) {
    for (ReduceOp op : ReduceOp.values()) {
      check(op, type, Layout.contiguous(Shape.of(100_003)), 0);
      check(op, type, Layout.contiguous(Shape.of(2, 70_001)), 1);
      check(op, type, Layout.contiguous(Shape.of(3_001, 70)), 0);
      check(op, type, Layout.contiguous(Shape.of(2, 520, 514)), 1);
      check(op, type, Layout.contiguous(Shape.of(100_003, 2)).slice(1, 0, 1, 1), 0);
    }
  }

  @Test
  void theSumOfNothingIsZero() {
    Twin x = Twin.random(DType.F32, random, 1);
    Layout none = Layout.of(Shape.of(3, 0, 2), new long[] {2, 2, 1}, 0);
    for (int dim : new int[] {1, 2}) {
      var plan = ReducePlan.check("test", none, false, dim);
      Twin y = Twin.random(DType.F32, random, Math.max(1, plan.outShape().numel()));
      CPU.reduce(ReduceOp.SUM, plan, x.cpu(), y.cpu());
      if (plan.keptCount() > 0) {
        assertThat((float[]) y.cpuArray()).containsOnly(0);
      }
    }
  }

  @Test
  void nanAndInfinitySurviveAnyWhere() {
    for (double odd : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      for (int at : new int[] {0, 205}) {
        for (ReduceOp op : List.of(ReduceOp.SUM, ReduceOp.MAX)) {
          for (int dim = 0; dim < 2; dim++) {
            double[] x = (double[]) Twin.values(DType.F64, random, 207 * 207);
            x[at * 207 + at] = odd;
            Twin in = Twin.of(DType.F64, x, Layout.contiguous(Shape.of(207, 207)));
            Twin y = Twin.random(DType.F64, random, 207);
            CPU.reduce(
                op, ReducePlan.check("test", in.cpu().layout(), false, dim), in.cpu(), y.cpu());
            assertThat(((double[]) y.cpuArray())[at]).isEqualTo(Double.valueOf(odd));
          }
        }
      }
    }
  }

  @Test
  void sumsAreAsExactAsTheResultsType() {
    int n = 1 << 17;
    float[] tenths = new float[n];
    Arrays.fill(tenths, 0.1f);
    float expected = new BigDecimal(0.1f).multiply(BigDecimal.valueOf(n)).floatValue();
    assertThat(sum(DType.F32, tenths, 0)).isEqualTo(expected);

    double[] mixed = (double[]) Twin.values(DType.F64, random, n);
    BigDecimal exact = BigDecimal.ZERO;
    for (double x : mixed) {
      exact = exact.add(new BigDecimal(x));
    }
    double error = Math.abs(sum(DType.F64, mixed, 0) - exact.doubleValue());
    assertThat(error).isLessThan(1e-12);
  }

  @Test
  void columnsOfF64AreCompensated() {
    int rows = 100_000;
    double[] x = new double[rows * 2];
    for (int i = 0; i < rows; i++) {
      x[2 * i] = i == 0 ? 1e16 : 1;
      x[2 * i + 1] = 0.1;
    }
    assertThat(sum(DType.F64, x, rows)).isEqualTo(1e16 + (rows - 1));
  }

  /** The sum of all, or of the first of two columns. */
  private static double sum(DType type, Object x, int rows) {
    Twin in = rows == 0 ? Twin.of(type, x) : Twin.of(type, x, Layout.contiguous(Shape.of(rows, 2)));
    Twin y = Twin.random(type, new Random(0), 2);
    CPU.reduce(
        ReduceOp.SUM, ReducePlan.check("test", in.cpu().layout(), false, 0), in.cpu(), y.cpu());
    return type == DType.F32 ? ((float[]) y.cpuArray())[0] : ((double[]) y.cpuArray())[0];
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"F16", "BF16"}) // only carried here
  void theFirstOfEqualsIsTheArgument(DType type) {
    for (ReduceOp op : List.of(ReduceOp.MAX, ReduceOp.MIN)) {
      for (Layout layout :
          List.of(
              Layout.contiguous(Shape.of(9, 207)),
              Layout.contiguous(Shape.of(1, 4098)),
              Layout.contiguous(Shape.of(207, 9)).transpose(0, 1))) {
        for (int dim = 0; dim < 2; dim++) {
          Twin x = Twin.random(type, random, layout);
          var plan = ReducePlan.check("test", layout, false, dim);
          Twin y = Twin.random(DType.I64, random, plan.outShape().sizes());
          CPU.argReduce(op, plan, x.cpu(), y.cpu());
          REFERENCE.argReduce(op, plan, x.reference(), y.reference());
          y.assertEqual(op + " " + type + " " + layout);
        }
      }
    }
  }

  @Test
  void theFirstNanIsTheArgument() {
    float[] x = {1, 7, Float.NaN, 9, Float.NaN};
    for (ReduceOp op : List.of(ReduceOp.MAX, ReduceOp.MIN)) {
      Twin in = Twin.of(DType.F32, x);
      Twin y = Twin.random(DType.I64, random, 1);
      CPU.argReduce(op, ReducePlan.check("test", in.cpu().layout(), false, 0), in.cpu(), y.cpu());
      assertThat((long[]) y.cpuArray()).containsExactly(2);
    }
  }
}
