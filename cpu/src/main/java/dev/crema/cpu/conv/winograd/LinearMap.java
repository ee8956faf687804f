package dev.crema.cpu.conv.winograd;

/**
 * y = matrix·x for many x at once, whose elements lie in the lanes of vectors. One step maps one
 * vector: x's elements are {@code xs} apart, y's {@code ys}. Two nested loops make the steps.
 */
interface LinearMap {
  /**
   * Maps {@code outer · inner} vectors.
   *
   * @param x {@code float[]} or {@code double[]}, as y
   * @param xOuter how far apart the vectors of x are from step to step of the outer loop; the
   *     others alike
   */
  void run(
      Object x,
      int xo,
      int xs,
      int xOuter,
      int xInner,
      Object y,
      int yo,
      int ys,
      int yOuter,
      int yInner,
      int outer,
      int inner);
}
