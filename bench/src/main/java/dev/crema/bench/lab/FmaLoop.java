package dev.crema.bench.lab;

import com.sun.management.ThreadMXBean;
import dev.crema.cpu.simd.Lanes;
import dev.crema.cpu.simd.Simd;
import dev.crema.tensor.DType;
import java.lang.management.ManagementFactory;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/**
 * Fused multiply-adds that touch registers only, in twelve chains, more than any CPU's latency
 * times units needs: what one core can do at most.
 */
public final class FmaLoop {
  private static final int CHAINS = 12;

  /** Steps of a trial; each makes a vector of each chain where the loop is not compiled. */
  private static final int TRIAL = 2_000;

  /** What a trial's call may allocate itself. */
  private static final int CALL_BYTES = 4_096;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private FmaLoop() {}

  /** Operations of one call, a multiply-add being two. */
  public static double flops(DType dtype, int steps) {
    int lanes = Simd.VECTOR ? Simd.BITS / 8 / dtype.bytes() : 1;
    return 2.0 * CHAINS * lanes * steps;
  }

  /** Runs it; the arguments are no constants and the result is used, so that nothing folds. */
  public static double run(DType dtype, int steps, float scale, float shift) {
    if (!Simd.VECTOR) {
      return Scalar.run(steps, scale, shift);
    }
    return dtype == DType.F32 ? Floats.run(steps, scale, shift) : Doubles.run(steps, scale, shift);
  }

  /** Whether C2 is done with it: before, every vector is an object. Of scalars nothing is known. */
  static boolean isCompiled(DType dtype) {
    if (!Simd.VECTOR) {
      return true;
    }
    long before = THREADS.getCurrentThreadAllocatedBytes();
    run(dtype, TRIAL, 0.999f, 0.001f);
    return THREADS.getCurrentThreadAllocatedBytes() - before < CALL_BYTES;
  }

  private static final class Floats {
    static float run(int steps, float scale, float shift) {
      var x = FloatVector.broadcast(Lanes.F, scale);
      var y = FloatVector.broadcast(Lanes.F, shift);
      var c0 = x;
      var c1 = x;
      var c2 = x;
      var c3 = x;
      var c4 = x;
      var c5 = x;
      var c6 = x;
      var c7 = x;
      var c8 = x;
      var c9 = x;
      var c10 = x;
      var c11 = x;
      for (int i = 0; i < steps; i++) {
        c0 = c0.fma(x, y);
        c1 = c1.fma(x, y);
        c2 = c2.fma(x, y);
        c3 = c3.fma(x, y);
        c4 = c4.fma(x, y);
        c5 = c5.fma(x, y);
        c6 = c6.fma(x, y);
        c7 = c7.fma(x, y);
        c8 = c8.fma(x, y);
        c9 = c9.fma(x, y);
        c10 = c10.fma(x, y);
        c11 = c11.fma(x, y);
      }
      var left = c0.add(c1).add(c2).add(c3).add(c4).add(c5);
      return left.add(c6).add(c7).add(c8).add(c9).add(c10).add(c11).lane(0);
    }
  }

  private static final class Doubles {
    static double run(int steps, double scale, double shift) {
      var x = DoubleVector.broadcast(Lanes.D, scale);
      var y = DoubleVector.broadcast(Lanes.D, shift);
      var c0 = x;
      var c1 = x;
      var c2 = x;
      var c3 = x;
      var c4 = x;
      var c5 = x;
      var c6 = x;
      var c7 = x;
      var c8 = x;
      var c9 = x;
      var c10 = x;
      var c11 = x;
      for (int i = 0; i < steps; i++) {
        c0 = c0.fma(x, y);
        c1 = c1.fma(x, y);
        c2 = c2.fma(x, y);
        c3 = c3.fma(x, y);
        c4 = c4.fma(x, y);
        c5 = c5.fma(x, y);
        c6 = c6.fma(x, y);
        c7 = c7.fma(x, y);
        c8 = c8.fma(x, y);
        c9 = c9.fma(x, y);
        c10 = c10.fma(x, y);
        c11 = c11.fma(x, y);
      }
      var left = c0.add(c1).add(c2).add(c3).add(c4).add(c5);
      return left.add(c6).add(c7).add(c8).add(c9).add(c10).add(c11).lane(0);
    }
  }

  /** Where kernels run scalar, too. */
  private static final class Scalar {
    static double run(int steps, float x, float y) {
      float c0 = x;
      float c1 = x + 1;
      float c2 = x + 2;
      float c3 = x + 3;
      float c4 = x + 4;
      float c5 = x + 5;
      float c6 = x + 6;
      float c7 = x + 7;
      float c8 = x + 8;
      float c9 = x + 9;
      float c10 = x + 10;
      float c11 = x + 11;
      for (int i = 0; i < steps; i++) {
        c0 = c0 * x + y;
        c1 = c1 * x + y;
        c2 = c2 * x + y;
        c3 = c3 * x + y;
        c4 = c4 * x + y;
        c5 = c5 * x + y;
        c6 = c6 * x + y;
        c7 = c7 * x + y;
        c8 = c8 * x + y;
        c9 = c9 * x + y;
        c10 = c10 * x + y;
        c11 = c11 * x + y;
      }
      return c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11;
    }
  }
}
