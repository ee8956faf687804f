package dev.crema.cpu.reduce;

/**
 * {@link Rows} without vectors: four sums at once, since each addition waits for the one before.
 */
final class RowsScalar {
  private RowsScalar() {}

  static double sum(float[] x, int at, int n) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = at;
    for (; i <= at + n - 4; i += 4) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
    }
    double sum = (a + b) + (c + d);
    for (; i < at + n; i++) {
      sum += x[i];
    }
    return sum;
  }

  static float max(float[] x, int at, int n) {
    float max = x[at];
    for (int i = 1; i < n; i++) {
      max = Math.max(max, x[at + i]);
    }
    return max;
  }

  static float min(float[] x, int at, int n) {
    float min = x[at];
    for (int i = 1; i < n; i++) {
      min = Math.min(min, x[at + i]);
    }
    return min;
  }

  static double sum(double[] x, int at, int n) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = at;
    for (; i <= at + n - 4; i += 4) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
    }
    double sum = (a + b) + (c + d);
    for (; i < at + n; i++) {
      sum += x[i];
    }
    return sum;
  }

  static double max(double[] x, int at, int n) {
    double max = x[at];
    for (int i = 1; i < n; i++) {
      max = Math.max(max, x[at + i]);
    }
    return max;
  }

  static double min(double[] x, int at, int n) {
    double min = x[at];
    for (int i = 1; i < n; i++) {
      min = Math.min(min, x[at + i]);
    }
    return min;
  }

  static long sum(long[] x, int at, int n) {
    long a = 0;
    long b = 0;
    long c = 0;
    long d = 0;
    int i = at;
    for (; i <= at + n - 4; i += 4) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
    }
    long sum = (a + b) + (c + d);
    for (; i < at + n; i++) {
      sum += x[i];
    }
    return sum;
  }

  static long max(long[] x, int at, int n) {
    long max = x[at];
    for (int i = 1; i < n; i++) {
      max = Math.max(max, x[at + i]);
    }
    return max;
  }

  static long min(long[] x, int at, int n) {
    long min = x[at];
    for (int i = 1; i < n; i++) {
      min = Math.min(min, x[at + i]);
    }
    return min;
  }
}
