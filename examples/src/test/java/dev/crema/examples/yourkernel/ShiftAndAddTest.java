package dev.crema.examples.yourkernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.backend.Conv2dPlan;
import dev.crema.bench.lab.ConvProblem;
import dev.crema.bench.lab.Lab;
import dev.crema.bench.lab.LabOptions;
import dev.crema.bench.lab.LabOptions.Mode;
import dev.crema.bench.lab.Row;
import dev.crema.cpu.conv.Algorithms;
import dev.crema.cpu.conv.ConvAlgorithm;
import dev.crema.cpu.conv.ConvPolicy;
import dev.crema.cpu.conv.Direction;
import dev.crema.cpu.conv.Selection;
import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.DType;
import dev.crema.tensor.Tensor;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShiftAndAddTest {
  @Test
  void service_loader_finds_it() {
    assertThat(Algorithms.named("shift-and-add")).isInstanceOf(ShiftAndAdd.class);
  }

  @Property(tries = 300)
  void it_is_right_and_repeats_itself(
      @ForAll @IntRange(min = 1, max = 3) int n,
      @ForAll @IntRange(min = 1, max = 3) int groups,
      @ForAll @IntRange(min = 1, max = 3) int ic,
      @ForAll @IntRange(min = 1, max = 3) int oc,
      @ForAll @IntRange(min = 1, max = 12) int ih,
      @ForAll @IntRange(min = 1, max = 12) int iw,
      @ForAll @IntRange(min = 1, max = 5) int kh,
      @ForAll @IntRange(min = 1, max = 5) int kw,
      @ForAll @IntRange(min = 1, max = 4) int stride,
      @ForAll @IntRange(min = 0, max = 4) int ph,
      @ForAll @IntRange(min = 0, max = 4) int pw,
      @ForAll @IntRange(min = 0, max = 2) int dilation) {
    Assume.that(ih + 2 * ph > (kh - 1) * (dilation + 1));
    Assume.that(iw + 2 * pw > (kw - 1) * (dilation + 1));
    var problem =
        ConvProblem.parse(
            "g%dmb%dic%dih%diw%doc%dkh%dkw%dsh%dph%dpw%ddh%d"
                .formatted(
                    groups, n, groups * ic, ih, iw, groups * oc, kh, kw, stride, ph, pw, dilation));
    var options =
        new LabOptions(
            List.of(Algorithms.named("shift-and-add")),
            true,
            Set.of(Mode.CORRECTNESS, Mode.BITWISE),
            1,
            1,
            false,
            DType.F32);
    for (Direction direction : Direction.values()) {
      Row row = new Lab(options).measure(problem, direction).rows().getFirst();
      assertThat(row.status()).as("%s: %s", row.repro(), row.note()).isEqualTo(Row.Status.OK);
    }
  }

  @Test
  void a_policy_puts_it_into_a_network_and_nothing_else_does() {
    Conv2dPlan plan = ConvProblem.parse("mb2ic3ih9oc4kh3ph1").plan(DType.F32);
    ConvPolicy before = Selection.policy();
    Tensor x = Tensor.randn(2, 3, 9, 9);
    Tensor w = Tensor.randn(4, 3, 3, 3);
    Tensor bias = Tensor.randn(4);
    try {
      Selection.setPolicy(ConvPolicy.AUTO);
      assertThat(Selection.of(plan, Direction.FORWARD)).isNotInstanceOf(ShiftAndAdd.class);
      Tensor usual = x.conv2d(w, bias, Conv2dOptions.DEFAULT.padding(1));

      Selection.setPolicy(ConvPolicy.pin("shift-and-add"));
      ConvAlgorithm chosen = Selection.of(plan, Direction.FORWARD);
      Tensor mine = x.conv2d(w, bias, Conv2dOptions.DEFAULT.padding(1));

      assertThat(chosen).isInstanceOf(ShiftAndAdd.class);
      assertThat(mine.sub(usual).abs().max().item()).isLessThan(1e-5);
    } finally {
      Selection.setPolicy(before);
    }
  }
}
