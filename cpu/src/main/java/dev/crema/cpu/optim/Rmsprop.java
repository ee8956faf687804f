package dev.crema.cpu.optim;

import dev.crema.backend.RmspropStep;
import dev.crema.backend.StepViews;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.cpu.simd.Simd;
import dev.crema.tensor.DType;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@link RmspropStep}. */
public final class Rmsprop {
  private Rmsprop() {}

  /** Updates each p and v, and m where there is momentum. */
  public static void run(RmspropStep step, List<StepViews> parameters) {
    Parameters.each(
        parameters,
        Parallel.grain(2),
        (of, from, to) -> {
          View v = Objects.requireNonNull(of.v());
          if (of.p().dtype() == DType.F32) {
            f32(step, of.p(), of.g(), v, of.m(), from, to - from);
          } else {
            f64(step, of.p(), of.g(), v, of.m(), from, to - from);
          }
        });
  }

  private static void f32(
      RmspropStep step, View p, View g, View v, @Nullable View m, int from, int n) {
    float[] ps = CpuBuffer.f32(p);
    float[] gs = CpuBuffer.f32(g);
    float[] vs = CpuBuffer.f32(v);
    int po = CpuBuffer.at(p) + from;
    int go = CpuBuffer.at(g) + from;
    int vo = CpuBuffer.at(v) + from;
    if (m == null) {
      if (Simd.VECTOR) {
        RmspropVector.plain(step, ps, po, gs, go, vs, vo, n);
      } else {
        RmspropScalar.plain(step, ps, po, gs, go, vs, vo, n);
      }
      return;
    }
    float[] ms = CpuBuffer.f32(m);
    int mo = CpuBuffer.at(m) + from;
    if (Simd.VECTOR) {
      RmspropVector.momentum(step, ps, po, gs, go, vs, vo, ms, mo, n);
    } else {
      RmspropScalar.momentum(step, ps, po, gs, go, vs, vo, ms, mo, n);
    }
  }

  private static void f64(
      RmspropStep step, View p, View g, View v, @Nullable View m, int from, int n) {
    double[] ps = CpuBuffer.f64(p);
    double[] gs = CpuBuffer.f64(g);
    double[] vs = CpuBuffer.f64(v);
    int po = CpuBuffer.at(p) + from;
    int go = CpuBuffer.at(g) + from;
    int vo = CpuBuffer.at(v) + from;
    if (m == null) {
      RmspropScalar.plain(step, ps, po, gs, go, vs, vo, n);
    } else {
      RmspropScalar.momentum(
          step, ps, po, gs, go, vs, vo, CpuBuffer.f64(m), CpuBuffer.at(m) + from, n);
    }
  }
}
