package dev.crema.cpu.reduce;

/** Adds a row to a row of f64 sums. */
final class ColumnsScalar {
  private ColumnsScalar() {}

  static void add(float[] x, int at, double[] sum, int n) {
    for (int i = 0; i < n; i++) {
      sum[i] += x[at + i];
    }
  }

  /** Collects in {@code lost} what each addition rounds away (Knuth's two-sum). */
  static void add(double[] x, int at, double[] sum, double[] lost, int n) {
    for (int i = 0; i < n; i++) {
      double s = sum[i];
      double t = s + x[at + i];
      double added = t - s;
      lost[i] += (s - (t - added)) + (x[at + i] - added);
      sum[i] = t;
    }
  }
}
