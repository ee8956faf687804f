package dev.crema.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.crema.backend.Conv2dPlan;
import dev.crema.bench.lab.LabOptions.Mode;
import dev.crema.bench.lab.Row.Speed;
import dev.crema.bench.lab.Row.Status;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.Scratch;
import dev.crema.cpu.conv.Algorithms;
import dev.crema.cpu.conv.ConvAlgorithm;
import dev.crema.cpu.conv.Direction;
import dev.crema.cpu.conv.Epilogue;
import dev.crema.cpu.conv.Operand;
import dev.crema.tensor.DType;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LabTest {
  private static final ConvProblem PROBLEM = ConvProblem.parse("mb2ic4ih12oc6kh3ph1n\"a:b\"");
  private static final ConvAlgorithm IM2COL = Algorithms.named("im2col");

  private final int threads = Parallel.numThreads();

  @AfterEach
  void restoreThreads() {
    Parallel.setNumThreads(threads);
  }

  /** im2col, and then something happens to the operands, the last being the result. */
  private interface Mishap {
    void on(float[] a, float[] b, float[] result);
  }

  private record Tampered(Mishap mishap) implements ConvAlgorithm {
    @Override
    public String name() {
      return "tampered";
    }

    @Override
    public @Nullable String declines(Conv2dPlan plan, Direction direction) {
      return null;
    }

    @Override
    public void forward(Conv2dPlan plan, Operand x, Operand w, Epilogue epilogue, Operand y) {
      IM2COL.forward(plan, x, w, epilogue, y);
      mishap.on(x.f32(), w.f32(), y.f32());
    }

    @Override
    public void backwardInput(Conv2dPlan plan, Operand gy, Operand w, Operand gx) {
      IM2COL.backwardInput(plan, gy, w, gx);
      mishap.on(gy.f32(), w.f32(), gx.f32());
    }

    @Override
    public void backwardWeight(Conv2dPlan plan, Operand x, Operand gy, Operand gw) {
      IM2COL.backwardWeight(plan, x, gy, gw);
      mishap.on(x.f32(), gy.f32(), gw.f32());
    }
  }

  private static Row row(Direction direction, Set<Mode> modes, ConvAlgorithm... algorithms) {
    return layer(direction, modes, algorithms).rows().getLast();
  }

  private static Layer layer(Direction direction, Set<Mode> modes, ConvAlgorithm... algorithms) {
    return new Lab(new LabOptions(List.of(algorithms), false, modes, 2, 5, false, DType.F32))
        .measure(PROBLEM, direction);
  }

  private static Row tampered(Direction direction, Mishap mishap) {
    return row(direction, Set.of(Mode.CORRECTNESS), new Tampered(mishap));
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  void what_is_wrong_fails(Direction direction) {
    // A tap that is left out at one place.
    failed(
        tampered(direction, (a, b, result) -> result[result.length - 1] += a[0] * b[0]), "error");
    // An element that is not written.
    failed(tampered(direction, (_, _, result) -> result[3] = Float.NaN), "error");
    // A result that is a place further.
    failed(
        tampered(
            direction, (_, _, result) -> System.arraycopy(result, 0, result, 1, result.length - 1)),
        "error");
    failed(tampered(direction, (a, _, _) -> a[0]++), "changes its inputs");
    failed(
        tampered(
            direction,
            (_, _, _) -> {
              throw new IllegalStateException("no idea");
            }),
        "throws java.lang.IllegalStateException: no idea");
  }

  @Test
  void what_is_wrong_is_not_timed() {
    Mishap nonsense = (_, _, result) -> result[0] += 1;
    Layer layer =
        layer(Direction.FORWARD, Set.of(Mode.PERFORMANCE), IM2COL, new Tampered(nonsense));

    failed(layer.rows().getLast(), "error");
    assertThat(layer.rows().getFirst().speed()).isNotNull();
    assertThat(layer.passed()).isFalse();
  }

  private static void failed(Row row, String why) {
    assertThat(row.status()).isEqualTo(Status.FAILED);
    assertThat(row.note()).contains(why);
    assertThat(row.speed()).isNull();
  }

  @Test
  void other_bits_fail() {
    int[] calls = {0};
    Mishap drift = (_, _, result) -> result[0] = Math.nextUp(result[0] + 1e-7f * calls[0]++);

    Row row = row(Direction.FORWARD, Set.of(Mode.BITWISE), new Tampered(drift));

    failed(row, "other bits");
    assertThat(row.sameBits()).isFalse();
  }

  @Test
  void what_is_right_has_all_its_figures() {
    Mishap scratch = (_, _, _) -> Scratch.give(Scratch.f32(1 << 16));
    Layer layer =
        layer(
            Direction.FORWARD,
            Set.of(Mode.CORRECTNESS, Mode.PERFORMANCE, Mode.BITWISE),
            IM2COL,
            new Tampered(scratch));

    Row row = layer.rows().getLast();
    assertThat(row.status()).as(row.note()).isEqualTo(Status.OK);
    assertThat(row.sameBits()).isTrue();
    assertThat(row.workspaceBytes()).isBetween(4L << 16, 5L << 16);
    assertThat(Objects.requireNonNull(row.accuracy()).max()).isBetween(1e-9, 1e-5);
    Speed speed = Objects.requireNonNull(row.speed());
    Peak peak = Objects.requireNonNull(layer.peak());
    assertThat(layer.flops()).isEqualTo(2.0 * 2 * 6 * 12 * 12 * 4 * 9);
    assertThat(layer.bytes()).isEqualTo(4L * (2 * 4 * 144 + 6 * 4 * 9 + 2 * 6 * 144));
    assertThat(speed.minMs()).isPositive().isLessThanOrEqualTo(speed.medianMs());
    assertThat(speed.gflops()).isCloseTo(layer.flops() / speed.minMs() * 1e-6, within(1e-6));
    assertThat(speed.peakPercent()).isCloseTo(100 * speed.gflops() / peak.gflops(), within(1e-6));
    assertThat(speed.gbPerS()).isCloseTo(layer.bytes() / speed.minMs() * 1e-6, within(1e-6));
    assertThat(speed.bandwidthPercent())
        .isCloseTo(100 * speed.gbPerS() / peak.gbPerS(), within(1e-6));
    assertThat(row.repro())
        .isEqualTo(
            "./crema conv --dir fwd --alg tampered --threads 2 --mode CPB"
                + " 'mb2ic4ih12oc6oh12kh3ph1n\"a:b\"'");
    assertThat(layer.rows().stream().filter(Row::best)).hasSize(1);
    assertThat(layer.passed()).isTrue();
  }

  @Test
  void the_pick_holds_the_automatic_choice_against_the_best() {
    Layer layer = layer(Direction.BACKWARD_WEIGHT, Set.of(Mode.PERFORMANCE), all());

    Layer.Pick pick = layer.pick().orElseThrow();
    Row best = named(layer, pick.best());
    Row auto = named(layer, pick.auto());
    assertThat(best.best()).isTrue();
    assertThat(auto.auto()).isTrue();
    assertThat(pick.ratio())
        .isEqualTo(
            Objects.requireNonNull(auto.speed()).minMs()
                / Objects.requireNonNull(best.speed()).minMs())
        .isGreaterThanOrEqualTo(1);
  }

  @Test
  void one_algorithm_alone_is_no_choice() {
    assertThat(layer(Direction.FORWARD, Set.of(Mode.PERFORMANCE), IM2COL).pick()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Direction.class)
  void every_algorithm_is_right_and_repeats_itself_or_says_why_not(Direction direction) {
    for (String problem :
        List.of(
            "mb2ic4ih12oc6kh3ph1",
            "mb2ic3ih20oc4kh5sh2ph2",
            "g2mb1ic8ih9iw14oc8kh3ph1",
            "g8mb2ic8ih9oc8kh3ph1",
            "mb3ic8ih7oc16kh1",
            "mb1ic5ih10oc5oh9kh3dh1ph1",
            "mb2ic8ih13oc4kh5ph2")) {
      for (DType dtype : List.of(DType.F32, DType.F64)) {
        var options =
            new LabOptions(
                Algorithms.all(),
                false,
                Set.of(Mode.CORRECTNESS, Mode.BITWISE),
                2,
                5,
                false,
                dtype);
        Layer layer = new Lab(options).measure(ConvProblem.parse(problem), direction);
        assertThat(layer.rows())
            .allSatisfy(
                row -> {
                  assertThat(row.status())
                      .as("%s: %s", row.repro(), row.note())
                      .isIn(Status.OK, Status.DECLINED);
                  assertThat(row.note().isEmpty()).isEqualTo(row.status() == Status.OK);
                });
      }
    }
  }

  /** So many that the sums of its output channels are not all made at once. */
  @Test
  void a_kernel_of_many_taps_has_the_right_gradient() {
    var options =
        new LabOptions(
            List.of(Algorithms.named("implicit")),
            true,
            Set.of(Mode.CORRECTNESS, Mode.BITWISE),
            2,
            5,
            false,
            DType.F32);
    ConvProblem many = ConvProblem.parse("mb1ic1ih150iw151oc50kh150");

    Row row = new Lab(options).measure(many, Direction.BACKWARD_WEIGHT).rows().getFirst();

    assertThat(row.status()).as(row.note()).isEqualTo(Status.OK);
  }

  @Test
  void the_definition_is_left_out_of_large_problems_unless_named() {
    ConvProblem large = ConvProblem.parse("mb64ic64ih112oc64kh3ph1");
    var options =
        new LabOptions(
            List.of(Algorithms.named("direct")),
            false,
            Set.of(Mode.CORRECTNESS),
            2,
            5,
            false,
            DType.F32);

    Row row = new Lab(options).measure(large.withBatch(8), Direction.FORWARD).rows().getFirst();

    assertThat(row.status()).isEqualTo(Status.SKIPPED);
    assertThat(row.note()).contains("--alg direct");
  }

  private static ConvAlgorithm[] all() {
    return Algorithms.all().toArray(ConvAlgorithm[]::new);
  }

  private static Row named(Layer layer, String algorithm) {
    return layer.rows().stream()
        .filter(row -> row.algorithm().equals(algorithm))
        .findFirst()
        .orElseThrow();
  }
}
