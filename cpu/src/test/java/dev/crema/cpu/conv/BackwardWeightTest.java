package dev.crema.cpu.conv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.crema.backend.Conv2dPlan;
import dev.crema.tensor.DType;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The ways to a gradient for the weight agree, whichever the cost model would take. */
class BackwardWeightTest {
  static Stream<Conv2dPlan> problems() {
    return Stream.of(
        plan(3, 5, 9, 7, 4, 3, 2, 1, 1, 1, 0, 1, 1, 1, 1, 1),
        plan(20, 2, 12, 11, 19, 5, 3, 2, 3, 2, 1, 0, 2, 1, 2, 1),
        plan(2, 6, 8, 8, 9, 3, 3, 1, 1, 1, 1, 1, 1, 2, 3, 3),
        plan(1, 1, 3, 4500, 17, 2, 5, 1, 2, 0, 1, 2, 2, 1, 1, 1),
        plan(2, 40, 33, 40, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1),
        plan(33, 1, 1, 1, 70, 1, 1, 3, 3, 0, 0, 0, 0, 1, 1, 1));
  }

  private static Conv2dPlan plan(
      int n,
      int ic,
      int ih,
      int iw,
      int oc,
      int kh,
      int kw,
      int sh,
      int sw,
      int pt,
      int pb,
      int pl,
      int pr,
      int dh,
      int dw,
      int groups) {
    int oh = (ih + pt + pb - dh * (kh - 1) - 1) / sh + 1;
    int ow = (iw + pl + pr - dw * (kw - 1) - 1) / sw + 1;
    return new Conv2dPlan(
        DType.F64, n, ic, ih, iw, oc, oh, ow, kh, kw, sh, sw, pt, pb, pl, pr, dh, dw, groups);
  }

  @ParameterizedTest
  @MethodSource("problems")
  void allGiveTheDefinition(Conv2dPlan p) {
    var x = noise(p.n() * p.ic() * p.ih() * p.iw(), 1);
    var gy = noise(p.n() * p.oc() * p.oh() * p.ow(), 2);
    double[] expected = new double[p.oc() * p.icPerGroup() * p.kh() * p.kw()];
    new Direct().backwardWeight(p, x, gy, new Operand(expected, 0));

    // What is there before must not matter.
    double[] dots = (double[]) noise(expected.length + 2, 3).array();
    double[] outer = dots.clone();
    double[] columns = dots.clone();
    new ShiftedBackwardWeight(p).run(x, gy, new Operand(dots, 1));
    new BroadcastBackwardWeight(p).run(x, gy, new Operand(outer, 1));
    new Im2colBackwardWeight(p, x, gy, new Operand(columns, 1)).run();
    for (double[] got : new double[][] {dots, outer, columns}) {
      assertThat(Arrays.copyOfRange(got, 1, got.length - 1))
          .containsExactly(expected, within(1e-9));
      double[] before = (double[]) noise(expected.length + 2, 3).array();
      assertThat(got[0]).isEqualTo(before[0]);
      assertThat(got[got.length - 1]).isEqualTo(before[before.length - 1]);
    }
  }

  private static Operand noise(int n, int seed) {
    return new Operand(new Random(seed).doubles(n, -1, 1).toArray(), 0);
  }
}
