package dev.crema.bench.profile;

import dev.crema.backend.Backend;
import dev.crema.backend.Backends;
import dev.crema.backend.Mark;
import dev.crema.bench.lab.Peak;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.function.Supplier;

/**
 * What a device can do, measured: on the CPU as the lab does, on another by its largest product of
 * f32 and a copy, sized so that one takes a millisecond or more.
 */
public final class DeviceLimits {
  private static final long LONG_ENOUGH = 1_000_000;
  private static final int RUNS = 5;

  /** A GPU that rests takes that long to reach its clock. */
  private static final long RAMP_NANOS = 100_000_000;

  private static final int MOST = 8192;

  private DeviceLimits() {}

  /** The limits of a device. */
  public static Peak of(Device device) {
    return device.equals(Device.cpu()) ? Peak.here() : new Peak(gflops(device), gbPerS(device));
  }

  private static double gflops(Device device) {
    for (int n = 64; ; n *= 2) {
      try (Scope _ = Scope.open("limits")) {
        Tensor a = noise(n, device);
        long nanos = best(device, () -> a.matmul(a));
        if (nanos >= LONG_ENOUGH || n == MOST) {
          return 2.0 * n * n * n / nanos;
        }
      }
    }
  }

  private static double gbPerS(Device device) {
    for (int n = 1024; ; n *= 2) {
      try (Scope _ = Scope.open("limits")) {
        Tensor x = noise(n, device);
        long nanos = best(device, x::copy);
        if (nanos >= LONG_ENOUGH || n == MOST) {
          return 2.0 * Float.BYTES * n * n / nanos;
        }
      }
    }
  }

  /**
   * Of equal numbers products would be faster: they take less power, which leaves higher clocks.
   */
  private static Tensor noise(int n, Device device) {
    return Tensor.uniform(-1, 1, Shape.of(n, n), DType.F32, device, Generator.of(0));
  }

  private static long best(Device device, Supplier<Tensor> work) {
    Backend backend = Backends.get(device);
    long best = Long.MAX_VALUE;
    long began = System.nanoTime();
    for (int i = 0; i < RUNS || System.nanoTime() - began < RAMP_NANOS; i++) {
      try (Mark from = backend.mark()) {
        work.get().close();
        try (Mark to = backend.mark()) {
          best = Math.min(best, Math.max(1, to.nanos() - from.nanos()));
        }
      }
    }
    return best;
  }
}
