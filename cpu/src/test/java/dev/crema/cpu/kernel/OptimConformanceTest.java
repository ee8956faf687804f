package dev.crema.cpu.kernel;

import static dev.crema.cpu.kernel.Twin.CPU;
import static dev.crema.cpu.kernel.Twin.REFERENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.backend.AdamStep;
import dev.crema.backend.RmspropStep;
import dev.crema.backend.SgdStep;
import dev.crema.backend.StepViews;
import dev.crema.tensor.DType;
import dev.crema.tensor.Layout;
import dev.crema.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Optimizer steps against the reference. */
class OptimConformanceTest {
  private static final int[] SIZES = {1, 6, 13, 207, 40_001};

  private final Random random = new Random(19);

  private Twin operand(DType type, int n, int offset) {
    return Twin.random(type, random, Layout.of(Shape.of(n), new long[] {1}, offset));
  }

  /** A running mean of squares, which is not negative. */
  private Twin squares(DType type, int n) {
    Object values = Twin.values(type, random, n);
    if (values instanceof float[] f) {
      for (int i = 0; i < n; i++) {
        f[i] *= f[i];
      }
      return Twin.of(type, f);
    }
    double[] d = (double[]) values;
    return Twin.of(type, Arrays.stream(d).map(x -> x * x).toArray());
  }

  private static List<StepViews> cpu(Twin p, Twin g, @Nullable Twin m, @Nullable Twin v) {
    return List.of(
        new StepViews(p.cpu(), g.cpu(), m == null ? null : m.cpu(), v == null ? null : v.cpu()));
  }

  private static List<StepViews> reference(Twin p, Twin g, @Nullable Twin m, @Nullable Twin v) {
    return List.of(
        new StepViews(
            p.reference(),
            g.reference(),
            m == null ? null : m.reference(),
            v == null ? null : v.reference()));
  }

  private static double tolerance(DType type) {
    return type == DType.F32 ? 2e-6 : 1e-14;
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void sgd(DType type) {
    for (int n : SIZES) {
      for (boolean nesterov : new boolean[] {false, true}) {
        for (boolean first : new boolean[] {false, true}) {
          var step = new SgdStep(0.1, 0.9, nesterov ? 0 : 0.25, 1e-2, nesterov, first);
          Twin p = operand(type, n, 3);
          Twin g = operand(type, n, 1);
          Twin m = operand(type, n, 0);
          CPU.sgdStep(step, cpu(p, g, m, null), null);
          REFERENCE.sgdStep(step, reference(p, g, m, null), null);
          p.assertClose(step.toString(), 2, tolerance(type));
          m.assertClose(step.toString(), 2, tolerance(type));
          CPU.sgdStep(step, cpu(p, g, null, null), null);
          REFERENCE.sgdStep(step, reference(p, g, null, null), null);
          p.assertClose(step.toString(), 2, tolerance(type));
        }
      }
    }
  }

  @Test
  void theFirstStepDoesNotReadItsMomentum() {
    float[] m = new float[13];
    Arrays.fill(m, Float.NaN);
    Twin momentum = Twin.of(DType.F32, m);
    Twin g = operand(DType.F32, 13, 0);
    Twin p = operand(DType.F32, 13, 0);
    CPU.sgdStep(new SgdStep(0.1, 0.9, 0.5, 0, false, true), cpu(p, g, momentum, null), null);
    assertThat(m).isEqualTo(g.cpuArray());
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void adam(DType type) {
    for (int n : SIZES) {
      for (boolean decoupled : new boolean[] {false, true}) {
        var step = new AdamStep(1e-3, 0.9, 0.999, 1e-8, 1e-2, decoupled, 3);
        Twin p = operand(type, n, 3);
        Twin g = operand(type, n, 1);
        Twin m = operand(type, n, 0);
        Twin v = squares(type, n);
        CPU.adamStep(step, cpu(p, g, m, v), null);
        REFERENCE.adamStep(step, reference(p, g, m, v), null);
        p.assertClose(step.toString(), 2, tolerance(type));
        m.assertClose(step.toString(), 2, tolerance(type));
        v.assertClose(step.toString(), 2, tolerance(type));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void rmsprop(DType type) {
    for (int n : SIZES) {
      var step = new RmspropStep(1e-2, 0.99, 1e-8, 1e-2, 0.9);
      Twin p = operand(type, n, 3);
      Twin g = operand(type, n, 1);
      Twin m = operand(type, n, 2);
      Twin v = squares(type, n);
      for (boolean momentum : new boolean[] {true, false}) {
        CPU.rmspropStep(step, cpu(p, g, momentum ? m : null, v), null);
        REFERENCE.rmspropStep(step, reference(p, g, momentum ? m : null, v), null);
        p.assertClose(step.toString(), 2, 20 * tolerance(type));
        m.assertClose(step.toString(), 2, 20 * tolerance(type));
        v.assertClose(step.toString(), 2, tolerance(type));
      }
    }
  }
}
