package dev.crema.cpu.reduce;

import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.D_LENGTH;

import jdk.incubator.vector.DoubleVector;

/** {@link ColumnsScalar} with vectors, bit for bit the same. */
final class ColumnsVector {
  private ColumnsVector() {}

  static void add(float[] x, int at, double[] sum, int n) {
    int i = 0;
    for (; i < D.loopBound(n); i += D_LENGTH) {
      DoubleVector.fromArray(D, sum, i).add(Wide.load(x, at + i)).intoArray(sum, i);
    }
    for (; i < n; i++) {
      sum[i] += x[at + i];
    }
  }

  static void add(double[] x, int at, double[] sum, double[] lost, int n) {
    int i = 0;
    for (; i < D.loopBound(n); i += D_LENGTH) {
      DoubleVector v = DoubleVector.fromArray(D, x, at + i);
      DoubleVector s = DoubleVector.fromArray(D, sum, i);
      DoubleVector t = s.add(v);
      DoubleVector added = t.sub(s);
      DoubleVector error = s.sub(t.sub(added)).add(v.sub(added));
      DoubleVector.fromArray(D, lost, i).add(error).intoArray(lost, i);
      t.intoArray(sum, i);
    }
    for (; i < n; i++) {
      double s = sum[i];
      double t = s + x[at + i];
      double added = t - s;
      lost[i] += (s - (t - added)) + (x[at + i] - added);
      sum[i] = t;
    }
  }
}
