package dev.crema.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Counts floating-point operations beside the time: with throughput per second, the result's {@code
 * gflops} is GFLOP/s.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Gflops {
  /** 10⁹ operations done in this iteration; JMH resets and divides it. */
  public double gflops;

  /** Adds this many operations, a fused multiply-add being two. */
  void add(double flops) {
    gflops += flops * 1e-9;
  }
}
