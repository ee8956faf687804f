package dev.crema.cpu.reduce;

import dev.crema.backend.ReduceOp;
import dev.crema.cpu.simd.Simd;

/** Folds one dense run of at least one element into one number, floating sums in f64. */
public final class Rows {
  /** Shorter runs are as fast without vectors, and start at full speed. */
  private static final int SHORTEST = 32;

  private Rows() {}

  private static boolean vectors(int n) {
    return Simd.VECTOR && n >= SHORTEST;
  }

  static double fold(ReduceOp op, float[] x, int at, int n) {
    return switch (op) {
      case SUM -> sum(x, at, n);
      case MAX -> max(x, at, n);
      case MIN -> vectors(n) ? RowsVector.min(x, at, n) : RowsScalar.min(x, at, n);
    };
  }

  static double fold(ReduceOp op, double[] x, int at, int n) {
    return switch (op) {
      case SUM -> sum(x, at, n);
      case MAX -> max(x, at, n);
      case MIN -> vectors(n) ? RowsVector.min(x, at, n) : RowsScalar.min(x, at, n);
    };
  }

  static long fold(ReduceOp op, long[] x, int at, int n) {
    return switch (op) {
      case SUM -> RowsScalar.sum(x, at, n);
      case MAX -> RowsScalar.max(x, at, n);
      case MIN -> RowsScalar.min(x, at, n);
    };
  }

  /** The sum of x[at .. at + n). */
  public static double sum(float[] x, int at, int n) {
    return vectors(n) ? RowsVector.sum(x, at, n) : RowsScalar.sum(x, at, n);
  }

  /** The sum of x[at .. at + n). */
  public static double sum(double[] x, int at, int n) {
    return vectors(n) ? RowsVector.sum(x, at, n) : RowsScalar.sum(x, at, n);
  }

  /** The largest of x[at .. at + n), NaN if any is. */
  public static float max(float[] x, int at, int n) {
    return vectors(n) ? RowsVector.max(x, at, n) : RowsScalar.max(x, at, n);
  }

  /** The largest of x[at .. at + n), NaN if any is. */
  public static double max(double[] x, int at, int n) {
    return vectors(n) ? RowsVector.max(x, at, n) : RowsScalar.max(x, at, n);
  }
}
