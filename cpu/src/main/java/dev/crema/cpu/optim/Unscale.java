package dev.crema.cpu.optim;

import dev.crema.backend.StepViews;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.tensor.DType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gradients back from a scaled loss, and whether one of them overflowed. */
public final class Unscale {
  private Unscale() {}

  /** Each gradient times factor; found = 1 where an element was not finite. */
  public static void run(View factor, List<View> gradients, View found) {
    float f = CpuBuffer.f32(factor)[CpuBuffer.at(factor)];
    Parameters.each(
        gradients.stream().map(g -> new StepViews(g, g, null, null)).toList(),
        Parallel.grain(1),
        (of, from, to) -> {
          int at = CpuBuffer.at(of.g());
          boolean finite =
              of.g().dtype() == DType.F32
                  ? f32(CpuBuffer.f32(of.g()), at + from, at + to, f)
                  : f64(CpuBuffer.f64(of.g()), at + from, at + to, f);
          if (!finite) {
            CpuBuffer.f32(found)[CpuBuffer.at(found)] = 1; // whoever comes, writes the same
          }
        });
  }

  /** A finite number times 0 is 0, any other NaN. */
  private static boolean f32(float[] g, int from, int to, float factor) {
    float zero = 0;
    for (int i = from; i < to; i++) {
      zero += g[i] * 0;
      g[i] *= factor;
    }
    return zero == 0;
  }

  private static boolean f64(double[] g, int from, int to, float factor) {
    double zero = 0;
    for (int i = from; i < to; i++) {
      zero += g[i] * 0;
      g[i] *= factor;
    }
    return zero == 0;
  }

  /** Whether a step is to be skipped. */
  public static boolean isSet(@Nullable View skip) {
    return skip != null && CpuBuffer.f32(skip)[CpuBuffer.at(skip)] != 0;
  }
}
