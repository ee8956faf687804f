package dev.crema.cpu.simd;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The species of every vector kernel, at the width that {@link Simd} chose. Only for code behind
 * {@link Simd#VECTOR}.
 */
public final class Lanes {
  private static final VectorShape SHAPE = VectorShape.forBitSize(Simd.BITS);

  public static final VectorSpecies<Float> F = VectorSpecies.of(float.class, SHAPE);
  public static final VectorSpecies<Double> D = VectorSpecies.of(double.class, SHAPE);
  public static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, SHAPE);
  public static final VectorSpecies<Long> J = VectorSpecies.of(long.class, SHAPE);

  /** For rows too short for {@link #F}, where that is wider. */
  public static final VectorSpecies<Float> F_256 = FloatVector.SPECIES_256;

  public static final VectorSpecies<Float> F_128 = FloatVector.SPECIES_128;
  public static final VectorSpecies<Double> D_256 = DoubleVector.SPECIES_256;
  public static final VectorSpecies<Double> D_128 = DoubleVector.SPECIES_128;

  /** Four lanes: f64's only where {@link #HAS_256}. */
  public static final VectorSpecies<Float> F_QUAD = FloatVector.SPECIES_128;

  public static final VectorSpecies<Double> D_QUAD = DoubleVector.SPECIES_256;

  /** Whether kernels may use {@link #F_QUAD}. */
  public static final boolean F_HAS_QUAD = Simd.VECTOR;

  /** Whether kernels may use {@link #D_QUAD}. */
  public static final boolean D_HAS_QUAD = Simd.BITS >= 256;

  /** Whether the hardware has vectors of 256 bit, and a kernel may use them. */
  public static final boolean HAS_256 = Simd.BITS >= 256;

  /** Lanes of f32 and i32. */
  public static final int F_LENGTH = F.length();

  /** Lanes of f64 and i64. */
  public static final int D_LENGTH = D.length();

  private Lanes() {}
}
