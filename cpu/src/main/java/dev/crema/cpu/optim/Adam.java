package dev.crema.cpu.optim;

import dev.crema.backend.AdamStep;
import dev.crema.backend.StepViews;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.cpu.simd.Simd;
import dev.crema.tensor.DType;
import java.util.List;
import java.util.Objects;

/** {@link AdamStep}. */
public final class Adam {
  private Adam() {}

  /**
   * A step's coefficients: p' = shrink·p; d = g + decay·p'; m = beta1·m + (1 − beta1)·d; v =
   * beta2·v + (1 − beta2)·d²; p = p' − rate·m / (root·√v + eps).
   */
  record Rates(
      double shrink,
      double decay,
      double beta1,
      double beta2,
      double rate,
      double root,
      double eps) {

    static Rates of(AdamStep s) {
      return new Rates(
          s.decoupled() ? 1 - s.lr() * s.weightDecay() : 1,
          s.decoupled() ? 0 : s.weightDecay(),
          s.beta1(),
          s.beta2(),
          s.lr() / (1 - Math.pow(s.beta1(), s.t())),
          1 / Math.sqrt(1 - Math.pow(s.beta2(), s.t())),
          s.eps());
    }
  }

  /** Updates each p, m and v. */
  public static void run(AdamStep step, List<StepViews> parameters) {
    Rates rates = Rates.of(step);
    Parameters.each(
        parameters, Parallel.grain(2), (of, from, to) -> run(rates, of, from, to - from));
  }

  private static void run(Rates r, StepViews of, int from, int n) {
    View m = Objects.requireNonNull(of.m());
    View v = Objects.requireNonNull(of.v());
    int po = CpuBuffer.at(of.p()) + from;
    int go = CpuBuffer.at(of.g()) + from;
    int mo = CpuBuffer.at(m) + from;
    int vo = CpuBuffer.at(v) + from;
    if (of.p().dtype() == DType.F64) {
      double[] ps = CpuBuffer.f64(of.p());
      double[] gs = CpuBuffer.f64(of.g());
      AdamScalar.run(r, ps, po, gs, go, CpuBuffer.f64(m), mo, CpuBuffer.f64(v), vo, n);
      return;
    }
    float[] ps = CpuBuffer.f32(of.p());
    float[] gs = CpuBuffer.f32(of.g());
    if (Simd.VECTOR) {
      AdamVector.run(r, ps, po, gs, go, CpuBuffer.f32(m), mo, CpuBuffer.f32(v), vo, n);
    } else {
      AdamScalar.run(r, ps, po, gs, go, CpuBuffer.f32(m), mo, CpuBuffer.f32(v), vo, n);
    }
  }
}
