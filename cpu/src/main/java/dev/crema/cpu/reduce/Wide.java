package dev.crema.cpu.reduce;

import static dev.crema.cpu.simd.Lanes.D;
import static dev.crema.cpu.simd.Lanes.D_LENGTH;

import dev.crema.cpu.simd.Simd;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** For sums in f64 of vectors. Only for code behind {@link Simd#VECTOR}. */
public final class Wide {
  /** As many f32 lanes as a vector has f64 lanes. */
  private static final VectorSpecies<Float> HALF =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Simd.BITS / 2));

  private Wide() {}

  /** One vector's worth of f32 elements, as f64. */
  public static DoubleVector load(float[] x, int at) {
    return (DoubleVector) FloatVector.fromArray(HALF, x, at).castShape(D, 0);
  }

  /** One vector of f64 elements. */
  public static DoubleVector load(double[] x, int at) {
    return DoubleVector.fromArray(D, x, at);
  }

  /** The lanes' sum, in order: {@code reduceLanes(ADD)} has none. */
  public static double sum(DoubleVector v) {
    double sum = v.lane(0);
    for (int lane = 1; lane < D_LENGTH; lane++) {
      sum += v.lane(lane);
    }
    return sum;
  }
}
