package dev.crema.cpu.pointwise;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/**
 * Operators on vectors, each bit for bit the {@link Loop.F32} or {@link Loop.F64} of the same name.
 */
interface VectorOperator {
  /** An operator of f32 vectors. */
  interface F32 {
    FloatVector apply(FloatVector a, FloatVector b, float p, float q);
  }

  /** An operator of f64 vectors. */
  interface F64 {
    DoubleVector apply(DoubleVector a, DoubleVector b, double p, double q);
  }
}
