package dev.crema.cpu.reduce;

import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.D_LENGTH;
import static dev.crema.cpu.simd.Lanes.F;
import static dev.crema.cpu.simd.Lanes.F_LENGTH;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.MIN;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/** {@link Rows} with vectors: four sums at once, since each addition waits for the one before. */
final class RowsVector {
  private RowsVector() {}

  static double sum(float[] x, int at, int n) {
    DoubleVector a = DoubleVector.zero(D);
    DoubleVector b = a;
    DoubleVector c = a;
    DoubleVector d = a;
    int i = at;
    for (; i <= at + n - 4 * D_LENGTH; i += 4 * D_LENGTH) {
      a = a.add(Wide.load(x, i));
      b = b.add(Wide.load(x, i + D_LENGTH));
      c = c.add(Wide.load(x, i + 2 * D_LENGTH));
      d = d.add(Wide.load(x, i + 3 * D_LENGTH));
    }
    double sum = Wide.sum(a.add(b).add(c.add(d)));
    for (; i < at + n; i++) {
      sum += x[i];
    }
    return sum;
  }

  static float max(float[] x, int at, int n) {
    float max = x[at];
    int bound = at + n - 2 * F_LENGTH;
    int i = at;
    if (i <= bound) {
      FloatVector a = FloatVector.broadcast(F, max);
      FloatVector b = a;
      for (; i <= bound; i += 2 * F_LENGTH) {
        a = a.max(FloatVector.fromArray(F, x, i));
        b = b.max(FloatVector.fromArray(F, x, i + F_LENGTH));
      }
      max = a.max(b).reduceLanes(MAX);
    }
    for (; i < at + n; i++) {
      max = Math.max(max, x[i]);
    }
    return max;
  }

  static float min(float[] x, int at, int n) {
    float min = x[at];
    int bound = at + n - 2 * F_LENGTH;
    int i = at;
    if (i <= bound) {
      FloatVector a = FloatVector.broadcast(F, min);
      FloatVector b = a;
      for (; i <= bound; i += 2 * F_LENGTH) {
        a = a.min(FloatVector.fromArray(F, x, i));
        b = b.min(FloatVector.fromArray(F, x, i + F_LENGTH));
      }
      min = a.min(b).reduceLanes(MIN);
    }
    for (; i < at + n; i++) {
      min = Math.min(min, x[i]);
    }
    return min;
  }

  static double sum(double[] x, int at, int n) {
    DoubleVector a = DoubleVector.zero(D);
    DoubleVector b = a;
    DoubleVector c = a;
    DoubleVector d = a;
    int i = at;
    for (; i <= at + n - 4 * D_LENGTH; i += 4 * D_LENGTH) {
      a = a.add(DoubleVector.fromArray(D, x, i));
      b = b.add(DoubleVector.fromArray(D, x, i + D_LENGTH));
      c = c.add(DoubleVector.fromArray(D, x, i + 2 * D_LENGTH));
      d = d.add(DoubleVector.fromArray(D, x, i + 3 * D_LENGTH));
    }
    double sum = Wide.sum(a.add(b).add(c.add(d)));
    for (; i < at + n; i++) {
      sum += x[i];
    }
    return sum;
  }

  static double max(double[] x, int at, int n) {
    double max = x[at];
    int bound = at + n - 2 * D_LENGTH;
    int i = at;
    if (i <= bound) {
      DoubleVector a = DoubleVector.broadcast(D, max);
      DoubleVector b = a;
      for (; i <= bound; i += 2 * D_LENGTH) {
        a = a.max(DoubleVector.fromArray(D, x, i));
        b = b.max(DoubleVector.fromArray(D, x, i + D_LENGTH));
      }
      max = a.max(b).reduceLanes(MAX);
    }
    for (; i < at + n; i++) {
      max = Math.max(max, x[i]);
    }
    return max;
  }

  static double min(double[] x, int at, int n) {
    double min = x[at];
    int bound = at + n - 2 * D_LENGTH;
    int i = at;
    if (i <= bound) {
      DoubleVector a = DoubleVector.broadcast(D, min);
      DoubleVector b = a;
      for (; i <= bound; i += 2 * D_LENGTH) {
        a = a.min(DoubleVector.fromArray(D, x, i));
        b = b.min(DoubleVector.fromArray(D, x, i + D_LENGTH));
      }
      min = a.min(b).reduceLanes(MIN);
    }
    for (; i < at + n; i++) {
      min = Math.min(min, x[i]);
    }
    return min;
  }
}
