package dev.crema.cpu.gemm;

import dev.crema.tensor.DType;
import java.util.Random;

/** Arrays of either element type, for tests of tiles. */
final class Elements {
  private Elements() {}

  /** Numbers of −1 to 1 that the dtype holds exactly. */
  static double[] random(DType dtype, int n, int seed) {
    double[] x = new Random(seed).doubles(n, -1, 1).toArray();
    for (int i = 0; i < x.length && dtype == DType.F32; i++) {
      x[i] = (float) x[i];
    }
    return x;
  }

  /** A copy as the dtype's array. */
  static Object as(DType dtype, double[] x) {
    if (dtype == DType.F64) {
      return x.clone();
    }
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = (float) x[i];
    }
    return y;
  }

  static double at(Object c, int i) {
    return c instanceof float[] f ? f[i] : ((double[]) c)[i];
  }
}
