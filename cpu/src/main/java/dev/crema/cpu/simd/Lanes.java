package dev.crema.cpu.simd;

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

  /** Lanes of f32 and i32. */
  public static final int F_LENGTH = F.length();

  /** Lanes of f64 and i64. */
  public static final int D_LENGTH = D.length();

  private Lanes() {}
}
