package dev.crema.bench.lab;

import dev.crema.tensor.DType;

/**
 * What the machine can do at most, measured in the same run with as many threads.
 *
 * @param gflops multiply-adds that touch registers only, in 10⁹ operations a second
 * @param gbPerS from and to main memory (STREAM's triad), in 10⁹ bytes a second
 */
public record Peak(double gflops, double gbPerS) {
  /**
   * This machine's, in f32, on as many threads as compute now. It takes a second, or some more
   * while the JIT compiler works.
   */
  public static Peak here() {
    return new Limits(DType.F32).peak();
  }
}
