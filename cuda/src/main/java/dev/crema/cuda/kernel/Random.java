package dev.crema.cuda.kernel;

import dev.crema.backend.RandomOp;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.cuda.driver.Live;
import dev.crema.tensor.DType;
import dev.crema.tensor.Philox;
import java.util.function.LongSupplier;

/** Random numbers by the rules at {@link Philox}: {@code random.cu}. */
public final class Random {
  private Random() {}

  /** Fills y from the stream {@code seed}, starting at each run's block {@code offset}. */
  public static void run(
      CudaDevice device, RandomOp op, double a, double b, long seed, LongSupplier offset, View y) {
    DType dtype = y.dtype();
    Args args = device.kernels().get("random", Grid.name("random", dtype)).args();
    args.i32(
        switch (op) {
          case UNIFORM -> 0;
          case NORMAL -> 1;
          case BERNOULLI -> 2;
        });
    if (dtype == DType.F32) {
      args.ints(draw((float) a, (float) b));
    } else {
      args.longs(draw(a, b));
    }
    int n = (int) y.numel();
    Live from = device.live(1, () -> new long[] {offset.getAsLong()});
    args.f64(a).f64(b).i64(seed).live(from).i32(n).at(y);
    args.launch(Grid.blocks(Philox.blocks(dtype, n)), Grid.THREADS, 0);
  }

  /** a, b, b − a, and the largest uniform number: the sum a + u·(b − a) may round up to b. */
  private static int[] draw(float a, float b) {
    float last = b > a ? Math.nextDown(b) : Float.POSITIVE_INFINITY;
    return new int[] {
      Float.floatToRawIntBits(a),
      Float.floatToRawIntBits(b),
      Float.floatToRawIntBits(b - a),
      Float.floatToRawIntBits(last)
    };
  }

  private static long[] draw(double a, double b) {
    double last = b > a ? Math.nextDown(b) : Double.POSITIVE_INFINITY;
    return new long[] {
      Double.doubleToRawLongBits(a),
      Double.doubleToRawLongBits(b),
      Double.doubleToRawLongBits(b - a),
      Double.doubleToRawLongBits(last)
    };
  }
}
