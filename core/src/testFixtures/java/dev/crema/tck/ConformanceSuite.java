package dev.crema.tck;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.crema.backend.Backend;
import dev.crema.backend.Backends;
import dev.crema.cases.OpCase;
import dev.crema.cases.OpCases;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every backend must do, as tests: each case of {@link OpCases}, in each mode. A backend's
 * module has one subclass, which says the device.
 */
public abstract class ConformanceSuite {

  /** Where the cases run. */
  protected abstract Device device();

  /** The thread counts whose results must be the same bits; none where there is nothing to set. */
  protected List<Integer> threadCounts() {
    return List.of();
  }

  /** Runs something on so many threads, one of {@link #threadCounts}. */
  protected void withThreads(int threads, Runnable run) {
    throw new UnsupportedOperationException("withThreads " + threads);
  }

  /** What is run. */
  protected List<OpCase> cases() {
    return Stream.concat(OpCases.all().stream(), TransferCases.all().stream()).toList();
  }

  // ---- against the reference ----

  /** The result, and the gradients from one backward, are the reference's. */
  @TestFactory
  Stream<DynamicNode> forward() {
    return forEach(
        _ -> true,
        (c, dtype) ->
            Outcomes.assertClose(
                c,
                dtype,
                Outcome.of(c, dtype, device()),
                Outcome.of(c, dtype, ReferenceBackend.DEVICE)));
  }

  // ---- in 16-bit floats ----

  /** Which of them this backend computes with. */
  protected List<DType> halves() {
    return List.of();
  }

  /**
   * In f16 and bf16, too, results and gradients are the reference's, rounded as often: of every
   * case but those of ops that have none.
   */
  @TestFactory
  Stream<DynamicNode> halvesForward() {
    return forEachHalf(
        _ -> true,
        (c, dtype) ->
            Outcomes.assertClose(
                c,
                dtype,
                Outcome.of(c, dtype, device()),
                Outcome.of(c, dtype, ReferenceBackend.DEVICE)));
  }

  /** On views at odd places and across, they are those of dense operands. */
  @TestFactory
  Stream<DynamicNode> halvesViews() {
    return forEachHalf(
        _ -> true,
        (c, dtype) -> {
          Outcome dense = Outcome.of(c, dtype, device());
          for (Arrangement view : List.of(Arrangement.TRANSPOSED, Arrangement.OFFSET)) {
            Outcomes.assertClose(c, dtype, Outcome.of(c, dtype, device(), view::of), dense);
          }
        });
  }

  @TestFactory
  Stream<DynamicNode> halvesChannelsLast() {
    return forEachHalf(ConformanceSuite::hasImages, this::agreesInChannelsLast);
  }

  /** Ops that f16 and bf16 do not have on any backend. */
  private static final Set<String> WIDE_ONLY = Set.of("sgd", "adam", "rmsprop", "unscale");

  private Stream<DynamicNode> forEachHalf(
      Predicate<OpCase> filter, BiConsumer<OpCase, DType> check) {
    return byOp(
        cases().stream()
            .filter(filter)
            .filter(c -> !WIDE_ONLY.contains(c.op()))
            .filter(c -> c.inputs().stream().anyMatch(input -> input.fixed().isEmpty()))
            .flatMap(c -> halves().stream().map(d -> new Run(c, d, c + " " + d)))
            .toList(),
        check);
  }

  // ---- against differences ----

  /** Gradients in f64 are the limit of differences. */
  @TestFactory
  Stream<DynamicNode> gradient() {
    return forEachF64((c, _) -> c.gradcheck(1, DType.F64, device()).orThrow());
  }

  /** So are the gradients of gradients. */
  @TestFactory
  Stream<DynamicNode> secondGradient() {
    return forEachF64((c, _) -> c.gradcheck(2, DType.F64, device()).orThrow());
  }

  // ---- against the same elements laid out otherwise ----

  @TestFactory
  Stream<DynamicNode> transposedViews() {
    return views(Arrangement.TRANSPOSED);
  }

  @TestFactory
  Stream<DynamicNode> slicedViews() {
    return views(Arrangement.SLICED);
  }

  @TestFactory
  Stream<DynamicNode> offsetViews() {
    return views(Arrangement.OFFSET);
  }

  private Stream<DynamicNode> views(Arrangement arrangement) {
    return forEach(
        c -> !c.large(),
        (c, dtype) ->
            Outcomes.assertClose(
                c,
                dtype,
                Outcome.of(c, dtype, device(), arrangement::of),
                Outcome.of(c, dtype, device())));
  }

  /** Also where the backend keeps that format from op to op. */
  @TestFactory
  Stream<DynamicNode> channelsLast() {
    return forEach(ConformanceSuite::hasImages, this::agreesInChannelsLast);
  }

  private static boolean hasImages(OpCase c) {
    return c.inputs().stream().anyMatch(input -> input.shape().rank() == 4);
  }

  private void agreesInChannelsLast(OpCase c, DType dtype) {
    Outcomes.assertClose(
        c,
        dtype,
        Outcome.of(c, dtype, device(), Arrangement.CHANNELS_LAST::of),
        Outcome.of(c, dtype, device()));
  }

  /** An expanded dimension gives what a dimension of equal copies gives. */
  @TestFactory
  Stream<DynamicNode> expandedViews() {
    return forEach(
        c -> !c.large(),
        (c, dtype) -> {
          for (int dim : new int[] {0, -1}) {
            Outcomes.assertClose(
                c,
                dtype,
                Outcome.of(c, dtype, device(), x -> Arrangement.repeated(x, dim)),
                Outcome.of(c, dtype, device(), x -> Arrangement.repeated(x, dim).copy()));
          }
        });
  }

  // ---- bit by bit ----

  /** Large cases are repeated on other numbers of threads, where there is a choice. */
  @TestFactory
  Stream<DynamicNode> repeat() {
    return forEach(
        c -> !c.large() || threadCounts().isEmpty(),
        (c, dtype) ->
            Outcomes.assertSameBits(
                Outcome.of(c, dtype, device()), Outcome.of(c, dtype, device())));
  }

  @TestFactory
  Stream<DynamicNode> threads() {
    return forEach(
        c -> c.large() && !threadCounts().isEmpty(),
        (c, dtype) -> {
          List<Outcome> outcomes = new ArrayList<>();
          for (int threads : threadCounts()) {
            withThreads(threads, () -> outcomes.add(Outcome.of(c, dtype, device())));
            Outcomes.assertSameBits(outcomes.getLast(), outcomes.getFirst());
          }
        });
  }

  /** Several ops in one pass round as often as one after the other, in each dtype. */
  @TestFactory
  Stream<DynamicNode> fusedBits() {
    List<DType> dtypes = new ArrayList<>(List.of(DType.F32, DType.F64));
    dtypes.addAll(halves());
    return FusedPrograms.all()
        .flatMap(
            program ->
                dtypes.stream()
                    .map(
                        dtype ->
                            dynamicTest(
                                program + " " + dtype, () -> program.check(dtype, device()))));
  }

  // ---- errors ----

  /** Each misuse gets its own exception, with its exact text. */
  @TestFactory
  Stream<DynamicNode> errors() {
    return ErrorCases.all().stream()
        .map(error -> dynamicTest(error.name(), () -> error.check(device())));
  }

  /** A refused op leaves no buffer behind. */
  @TestFactory
  Stream<DynamicNode> leaksOfErrors() {
    return ErrorCases.all().stream()
        .map(error -> dynamicTest(error.name(), () -> assertNoLeak(() -> error.check(device()))));
  }

  // ---- memory ----

  /** After a scope with a forward and a backward, every buffer is given back. */
  @TestFactory
  Stream<DynamicNode> leaks() {
    return forEach(
        c -> !c.large(), (c, dtype) -> assertNoLeak(() -> Outcome.of(c, dtype, device())));
  }

  /** Also when backward ends half-way. */
  @TestFactory
  Stream<DynamicNode> leaksOfFailures() {
    return forEach(
        OpCase::isGradcheckable, (c, dtype) -> assertNoLeak(() -> failInBackward(c, dtype)));
  }

  private void failInBackward(OpCase c, DType dtype) {
    try (Scope _ = Scope.open(c.toString())) {
      Tensor[] inputs = c.tensors(dtype, device());
      for (int i = 0; i < inputs.length; i++) {
        if (inputs[i].requiresGrad()) {
          inputs[i] = inputs[i].mul(1);
        }
      }
      Tensor y = c.function().apply(inputs.clone());
      for (Tensor input : inputs) {
        if (input.requiresGrad()) {
          input.registerHook(
              _ -> {
                throw new IllegalStateException("on purpose");
              });
        }
      }
      assertThatThrownBy(() -> y.backward(Outcome.gradientFor(y), false, false))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("on purpose");
    }
  }

  private void assertNoLeak(Runnable run) {
    long before = backend().memoryStats().liveBuffers();
    run.run();
    assertThat(backend().memoryStats().liveBuffers() - before).as("buffers left").isZero();
  }

  // ---- itself ----

  /** A stand-in must not pass for the backend that is meant. */
  @Test
  void theBackendIsTheOneThatIsMeant() {
    assertThat(backend().device()).isEqualTo(device());
    assertThat(backend() instanceof ReferenceBackend)
        .isEqualTo(device().equals(ReferenceBackend.DEVICE));
  }

  private Backend backend() {
    return Backends.get(device());
  }

  private Stream<DynamicNode> forEachF64(BiConsumer<OpCase, DType> check) {
    return byOp(
        cases().stream()
            .filter(OpCase::isGradcheckable)
            .map(c -> new Run(c, DType.F64, c.toString()))
            .toList(),
        check);
  }

  private Stream<DynamicNode> forEach(Predicate<OpCase> filter, BiConsumer<OpCase, DType> check) {
    return byOp(
        cases().stream()
            .filter(filter)
            .flatMap(c -> c.dtypes().stream().map(d -> new Run(c, d, c + " " + d)))
            .toList(),
        check);
  }

  private record Run(OpCase c, DType dtype, String name) {}

  private static Stream<DynamicNode> byOp(List<Run> runs, BiConsumer<OpCase, DType> check) {
    return runs.stream()
        .collect(groupingBy(run -> run.c().op(), LinkedHashMap::new, toList()))
        .entrySet()
        .stream()
        .map(
            op ->
                dynamicContainer(
                    op.getKey(),
                    op.getValue().stream()
                        .map(
                            run ->
                                dynamicTest(
                                    run.name(), () -> check.accept(run.c(), run.dtype())))));
  }
}
