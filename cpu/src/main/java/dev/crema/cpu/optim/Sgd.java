package dev.crema.cpu.optim;

import dev.crema.backend.SgdStep;
import dev.crema.backend.StepViews;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.cpu.simd.Simd;
import dev.crema.tensor.DType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link SgdStep}: d = g + decay·p; m = keep·m + take·d; p −= lr·m, with Nesterov lr·(d + keep·m),
 * without momentum lr·d.
 */
public final class Sgd {
  private Sgd() {}

  /** Updates each p, and m where there is momentum. */
  public static void run(SgdStep step, List<StepViews> parameters) {
    Parameters.each(
        parameters,
        Parallel.grain(1),
        (of, from, to) -> {
          if (of.p().dtype() == DType.F32) {
            f32(step, of.p(), of.g(), of.m(), from, to - from);
          } else {
            f64(step, of.p(), of.g(), of.m(), from, to - from);
          }
        });
  }

  private static void f32(SgdStep step, View p, View g, @Nullable View m, int from, int n) {
    float[] ps = CpuBuffer.f32(p);
    float[] gs = CpuBuffer.f32(g);
    int po = CpuBuffer.at(p) + from;
    int go = CpuBuffer.at(g) + from;
    float lr = (float) step.lr();
    float decay = (float) step.weightDecay();
    if (m == null) {
      if (Simd.VECTOR) {
        SgdVector.plain(ps, po, gs, go, lr, decay, n);
      } else {
        SgdScalar.plain(ps, po, gs, go, lr, decay, n);
      }
      return;
    }
    float[] ms = CpuBuffer.f32(m);
    int mo = CpuBuffer.at(m) + from;
    float keep = (float) step.momentum();
    float take = (float) take(step);
    if (step.first()) {
      Arrays.fill(ms, mo, mo + n, 0); // then m = 0 + d
    }
    if (Simd.VECTOR) {
      if (step.nesterov()) {
        SgdVector.nesterov(ps, po, gs, go, ms, mo, lr, decay, keep, take, n);
      } else {
        SgdVector.momentum(ps, po, gs, go, ms, mo, lr, decay, keep, take, n);
      }
    } else if (step.nesterov()) {
      SgdScalar.nesterov(ps, po, gs, go, ms, mo, lr, decay, keep, take, n);
    } else {
      SgdScalar.momentum(ps, po, gs, go, ms, mo, lr, decay, keep, take, n);
    }
  }

  private static void f64(SgdStep step, View p, View g, @Nullable View m, int from, int n) {
    double[] ps = CpuBuffer.f64(p);
    double[] gs = CpuBuffer.f64(g);
    int po = CpuBuffer.at(p) + from;
    int go = CpuBuffer.at(g) + from;
    double lr = step.lr();
    double decay = step.weightDecay();
    if (m == null) {
      SgdScalar.plain(ps, po, gs, go, lr, decay, n);
      return;
    }
    double[] ms = CpuBuffer.f64(m);
    int mo = CpuBuffer.at(m) + from;
    if (step.first()) {
      Arrays.fill(ms, mo, mo + n, 0);
    }
    if (step.nesterov()) {
      SgdScalar.nesterov(ps, po, gs, go, ms, mo, lr, decay, step.momentum(), take(step), n);
    } else {
      SgdScalar.momentum(ps, po, gs, go, ms, mo, lr, decay, step.momentum(), take(step), n);
    }
  }

  private static double take(SgdStep step) {
    return step.first() ? 1 : 1 - step.dampening();
  }
}
