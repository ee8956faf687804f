package dev.crema.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.backend.Conv2dPlan;
import dev.crema.tensor.DType;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConvProblemTest {
  @Test
  void every_part_arrives_in_the_plan() {
    Conv2dPlan plan =
        ConvProblem.parse("g2mb4ic6ih20iw30oc8oh9ow9kh5kw3sh2sw3dh0dw1ph1pw0n\"all\"")
            .plan(DType.F32);

    assertThat(plan)
        .isEqualTo(
            new Conv2dPlan(DType.F32, 4, 6, 20, 30, 8, 9, 9, 5, 3, 2, 3, 1, 0, 0, 0, 1, 2, 2));
  }

  @Test
  void parts_come_in_any_order_and_underscores_do_not_count() {
    assertThat(ConvProblem.parse("oc64_ic3_ph2_kh11_sh4_ih224_mb8"))
        .isEqualTo(ConvProblem.parse("mb8ic3ih224oc64kh11sh4ph2"));
  }

  @ParameterizedTest
  @CsvSource({
    // what may be left out, all of it
    "ic3ih9oc4kh3, g1mb2ic3ih9iw9oc4oh7ow7kh3kw3sh1sw1dh0dw0ph0pw0",
    // widths are as the heights
    "ic3ih9oc4kh3sh2dh1ph1, ic3ih9iw9oc4kh3kw3sh2sw2dh1dw1ph1pw1",
    "ic3ih9iw12oc4kh3ph1, ic3ih9iw12oc4oh9ow12kh3kw3ph1pw1",
    "ic3ih9oc4kh3kw1ph1, ic3ih9oc4kh3kw1ph1pw1ow11",
    // oh from the padding
    "ic3ih227oc4kh11sh4ph0, ic3ih227oc4oh55kh11sh4ph0",
    // the padding from oh: half of what is lacking
    "ic3ih13oc4oh13kh3, ic3ih13oc4oh13kh3ph1",
    "ic3ih227oc4oh55kh11sh4, ic3ih227oc4oh55kh11sh4ph0",
    "ic3ih9iw9oc4oh9ow7kh3, ic3ih9iw9oc4oh9ow7kh3ph1pw0",
  })
  void what_is_left_out_is_deduced(String shorter, String longer) {
    assertThat(ConvProblem.parse(shorter)).isEqualTo(ConvProblem.parse(longer));
  }

  @Test
  void what_is_lacking_is_padded_behind() {
    Conv2dPlan plan = ConvProblem.parse("ic1ih8oc1oh8kh4ph1").plan(DType.F32);

    assertThat(plan.pt()).isEqualTo(1);
    assertThat(plan.pb()).isEqualTo(2);
    assertThat(plan.oh()).isEqualTo(8);
  }

  @Test
  void pixels_left_over_are_no_padding() {
    Conv2dPlan plan = ConvProblem.parse("ic1ih224oc1oh55kh11sh4ph2").plan(DType.F32);

    assertThat(plan.pb()).isEqualTo(1);
    assertThat(ConvProblem.parse("ic1ih6oc1oh3kh1sh2ph0").plan(DType.F32).pb()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ic1ih3oc1kh1n\"a:b\"", "ic1ih3oc1kh1na:b"})
  void a_name_needs_no_quotes_since_shells_take_them(String line) {
    assertThat(ConvProblem.parse(line).name()).isEqualTo("a:b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ic3ih9oc4kx3 | unknown part 'kx' | 9",
        "ic3ih9oc4kh3! | got '!' | 12",
        "ic3ih9ocoh3 | unknown part 'ocoh' | 6",
        "ic3ih9oc4kh | 'kh' wants a number | 11",
        "ic3ih9oc4kh0 | 'kh' must be at least 1 | 11",
        "ic3ih9oc4kh3ic3 | 'ic' is there twice | 12",
        "ic3id9ih9oc4kh3 | 3-D | 3",
        "ic3ih9oc4 | 'kh' is missing | 9",
        "ih9oc4kh3 | 'ic' is missing | 9",
        "g2ic3ih9oc4kh3 | ic3 does not fall into g2 | 2",
        "g2ic4ih9oc5kh3 | oc5 does not fall into g2 | 8",
        "ic3ih9oc4kh11 | nothing is left for oh: the kernel spans 11 pixels, the padded image has 9"
            + " | 13",
        "ic3ih9oc4oh5kh3ph0 | oh is too small: 2 pixels would be left over | 9",
        "ic3ih9oc4oh55kh3ph1 | oh is too large | 9",
        "ic3ih9oc4oh550kh3 | oh is too large | 9",
        "ic3ih9oc4kh3n | 'n' wants a name | 13",
        "ic3ih9oc4kh3n\"a | quotes are not closed | 13",
        "ic3ih9oc4kh3n\"a\"mb2 | nothing may follow | 16",
        "mb99999ic512ih224oc4kh3ph1 | an array at most | 26",
        "ic1234567890ih9oc4kh3 | too large | 2",
      })
  void a_mistake_shows_its_place(String line, String words, int position) {
    assertThatThrownBy(() -> ConvProblem.parse(line))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(words)
        .hasMessageContaining("\n  " + line + "\n  " + " ".repeat(position) + "^");
  }

  @Test
  void the_batch_can_be_set() {
    assertThat(ConvProblem.parse("mb8ic3ih9oc4kh3nx").withBatch(2))
        .isEqualTo(ConvProblem.parse("mb2ic3ih9oc4kh3nx"));
    assertThatThrownBy(() -> ConvProblem.parse("ic3ih9oc4kh3").withBatch(0))
        .isInstanceOf(ProblemException.class);
  }

  @Property
  void what_is_printed_reads_as_the_same_problem(
      @ForAll @IntRange(min = 1, max = 40) int mb,
      @ForAll @IntRange(min = 1, max = 4) int groups,
      @ForAll @IntRange(min = 1, max = 3) int channels,
      @ForAll @IntRange(min = 1, max = 30) int ih,
      @ForAll @IntRange(min = 1, max = 30) int iw,
      @ForAll @IntRange(min = 1, max = 5) int kh,
      @ForAll @IntRange(min = 1, max = 5) int kw,
      @ForAll @IntRange(min = 1, max = 3) int sh,
      @ForAll @IntRange(min = 1, max = 3) int sw,
      @ForAll @IntRange(min = 0, max = 3) int ph,
      @ForAll @IntRange(min = 0, max = 3) int pw,
      @ForAll @IntRange(min = 1, max = 3) int dilation,
      @ForAll @IntRange(min = 0, max = 2) int extra,
      @ForAll boolean named) {
    Assume.that(Axis.windows(ih, kh, sh, ph, dilation) > 0);
    Assume.that(Axis.windows(iw, kw, sw, pw, 1) > 0);
    int oh = Math.toIntExact(Axis.windows(ih, kh, sh, ph, dilation)) + extra;
    var h = new Axis(ih, oh, kh, sh, ph, dilation);
    Assume.that(h.lacking() < h.span());
    var problem =
        new ConvProblem(
            named ? "net:layer*2" : "",
            mb,
            groups,
            groups * channels,
            groups * 2,
            h,
            new Axis(iw, (int) Axis.windows(iw, kw, sw, pw, 1), kw, sw, pw, 1));

    assertThat(ConvProblem.parse(problem.toString())).isEqualTo(problem);
    Conv2dPlan plan = problem.plan(DType.F32);
    assertThat(plan.oh()).isEqualTo(problem.h().out());
    assertThat(plan.ow()).isEqualTo(problem.w().out());
  }
}
