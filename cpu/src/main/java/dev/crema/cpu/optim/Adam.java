package dev.crema.cpu.optim;

import dev.crema.backend.AdamStep;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.cpu.simd.Simd;
import dev.crema.tensor.DType;

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

  /** Updates p, m and v. */
  public static void run(AdamStep step, View p, View g, View m, View v) {
    Rates r = Rates.of(step);
    int po = CpuBuffer.at(p);
    int go = CpuBuffer.at(g);
    int mo = CpuBuffer.at(m);
    int vo = CpuBuffer.at(v);
    boolean f32 = p.dtype() == DType.F32;
    Parallel.range(
        (int) p.numel(),
        Parallel.grain(2),
        (from, to) -> {
          int n = to - from;
          if (!f32) {
            AdamScalar.run(
                r,
                CpuBuffer.f64(p),
                po + from,
                CpuBuffer.f64(g),
                go + from,
                CpuBuffer.f64(m),
                mo + from,
                CpuBuffer.f64(v),
                vo + from,
                n);
          } else if (Simd.VECTOR) {
            AdamVector.run(
                r,
                CpuBuffer.f32(p),
                po + from,
                CpuBuffer.f32(g),
                go + from,
                CpuBuffer.f32(m),
                mo + from,
                CpuBuffer.f32(v),
                vo + from,
                n);
          } else {
            AdamScalar.run(
                r,
                CpuBuffer.f32(p),
                po + from,
                CpuBuffer.f32(g),
                go + from,
                CpuBuffer.f32(m),
                mo + from,
                CpuBuffer.f32(v),
                vo + from,
                n);
          }
        });
  }
}
