package dev.crema.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.autograd.Autocast;
import dev.crema.autograd.NoGrad;
import dev.crema.backend.Backend;
import dev.crema.backend.Backends;
import dev.crema.backend.Chain;
import dev.crema.tck.ReferenceBackend;
import dev.crema.tensor.DType;
import dev.crema.tensor.DTypeException;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import dev.crema.tensor.UnsupportedOpException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a fused function asks the backend for, keeps, and refuses. */
class FusedTest {
  private static final Device DEVICE = ReferenceBackend.DEVICE;
  private static final Set<String> MEMORY = Set.of("allocate", "device", "hasChannelsLast");

  private final List<String> calls = new ArrayList<>();
  private final Scope scope = Scope.open("test");

  @BeforeEach
  void lookOn() {
    Backends.watch(DEVICE, this::looking);
  }

  @AfterEach
  void lookAway() {
    scope.close();
    Backends.unwatch(DEVICE);
  }

  private Backend looking(Backend backend) {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (_, method, args) -> {
              if (!MEMORY.contains(method.getName())) {
                calls.add(
                    args != null && args[0] instanceof Chain chain
                        ? chain.name()
                        : method.getName());
              }
              try {
                return method.invoke(backend, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private List<String> callsOf(Runnable run) {
    calls.clear();
    run.run();
    return List.copyOf(calls);
  }

  private static Tensor numbers(double... values) {
    return Tensor.copyOf(values, DType.F64, Shape.of(values.length), DEVICE);
  }

  private static double[] grad(Tensor t) {
    return Objects.requireNonNull(t.grad()).toDoubleArray();
  }

  @Test
  void oneCallForwardAndOneBackward() {
    Tensor x = numbers(0.5, -1).requiresGrad_();
    Tensor gy = numbers(1, 1);
    Tensor y = x.silu();
    assertThat(callsOf(x::silu)).containsExactly("silu");
    assertThat(callsOf(() -> y.backward(gy, false, false))).containsExactly("silu_grad");
  }

  @Test
  void gradientsOfOneOpAreOneCall() {
    Tensor gy = numbers(1, 1);
    Function<Function<Tensor, Tensor>, List<String>> backward =
        f -> {
          Tensor y = f.apply(numbers(0.5, 2).requiresGrad_());
          return callsOf(() -> y.backward(gy, false, false));
        };
    assertThat(backward.apply(t -> t.elu(1))).containsExactly("elu_grad");
    assertThat(backward.apply(t -> t.leakyRelu(0.1))).containsExactly("leaky_relu_grad");
    assertThat(backward.apply(t -> t.clamp(0, 1))).containsExactly("clamp_grad");
    assertThat(backward.apply(Tensor::sqrt)).containsExactly("sqrt_grad");
    assertThat(backward.apply(Tensor::relu)).containsExactly("binary");
    assertThat(backward.apply(t -> t.maximum(gy))).containsExactly("larger_grad");
  }

  /** Both terms of a residual block have the same gradient, and need the result alone. */
  @Test
  void inputsOfOneGradientShareIt() {
    Fused residual = Fused.of("add_relu", 2, t -> t[0].add(t[1]).relu());
    Tensor a = numbers(1, -2).requiresGrad_();
    Tensor b = numbers(1, 1).requiresGrad_();
    Tensor y = residual.apply(a, b);
    try (var _ = NoGrad.open()) {
      a.fill_(7); // it was not kept: nothing complains
    }
    assertThat(callsOf(() -> y.backward(numbers(3, 4), false, false)))
        .as("the last is for the second leaf, which has a gradient of its own")
        .containsExactly("upload", "binary", "copy");
    assertThat(grad(a)).containsExactly(3, 0);
    assertThat(grad(b)).containsExactly(3, 0);
  }

  @Test
  void anInputThatIsKeptMustNotChange() {
    Tensor x = numbers(1, -2).requiresGrad_();
    Tensor y = x.silu();
    try (var _ = NoGrad.open()) {
      x.fill_(7);
    }
    assertThatThrownBy(() -> y.backward(numbers(3, 4), false, false))
        .hasMessageContaining("'silu' saved for its gradient was changed in place");
  }

  @Test
  void theFunctionRunsOnce() {
    AtomicInteger runs = new AtomicInteger();
    Fused f =
        Fused.of(
            "counted",
            1,
            t -> {
              runs.incrementAndGet();
              return t[0].mul(2).add(1);
            });
    for (int i = 0; i < 3; i++) {
      f.apply(numbers(1).requiresGrad_()).backward();
    }
    assertThat(runs).hasValue(1);
  }

  @Test
  void aParameterMakesItOnce() {
    AtomicInteger made = new AtomicInteger();
    Function<Double, Fused> scaled =
        Fused.per(
            by -> {
              made.incrementAndGet();
              return Fused.of("scaled", 1, t -> t[0].mul(by).add(by));
            });
    assertThat(scaled.apply(2.0).apply(numbers(3)).item()).isEqualTo(8);
    assertThat(scaled.apply(2.0).apply(numbers(4)).item()).isEqualTo(10);
    assertThat(scaled.apply(3.0).apply(numbers(4)).item()).isEqualTo(15);
    assertThat(made).hasValue(2);
    for (int i = 0; i < 1000; i++) {
      assertThat(scaled.apply((double) i).apply(numbers(1)).item()).isEqualTo(2 * i);
    }
  }

  @Test
  void equalStepsAreOne() {
    Fused f = Fused.of("twice", 1, t -> t[0].exp().add(1).mul(t[0].exp().add(1)));
    assertThat(Program.of("twice", traced(f)).chain().steps()).hasSize(3);
  }

  private static Expression traced(Fused f) {
    return Tracer.expression(f.apply(Tracer.input(0)));
  }

  @Test
  void whatIsTooLongRunsOpByOp() {
    Fused f = Fused.of("long", 1, t -> times(20, t[0]));
    Tensor x = numbers(0.5).requiresGrad_();
    assertThat(callsOf(() -> f.apply(x.detach()))).as("20 steps").containsExactly("long");
    assertThat(callsOf(() -> f.apply(x))).as("60 in its gradient").doesNotContain("long");
    Fused longer = Fused.of("longer", 1, t -> times(33, t[0]));
    assertThat(callsOf(() -> longer.apply(x.detach()))).hasSize(33).doesNotContain("longer");
    Tensor y = f.apply(x);
    y.backward();
    Tensor z = numbers(0.5).requiresGrad_();
    times(20, z).backward();
    assertThat(grad(x)).isEqualTo(grad(z));
  }

  private static Tensor times(int n, Tensor x) {
    Tensor y = x;
    for (int i = 0; i < n; i++) {
      y = i % 2 == 0 ? y.sin() : y.mul(x);
    }
    return y;
  }

  @Test
  void tooManyInputsOrNumbersRunOpByOp() {
    Fused seven = Fused.of("seven", 7, t -> List.of(t).stream().reduce(Tensor::mul).orElseThrow());
    Tensor[] x = IntStream.range(0, 7).mapToObj(_ -> numbers(2)).toArray(Tensor[]::new);
    assertThat(callsOf(() -> seven.apply(x))).hasSize(6).containsOnly("binary");
    assertThat(seven.apply(x).item()).isEqualTo(128);
    Fused numbers =
        Fused.of(
            "numbers",
            1,
            t -> {
              Tensor y = t[0];
              for (int i = 0; i < Chain.MAX_NUMBERS + 1; i++) {
                y = y.add(i + 0.5);
              }
              return y;
            });
    assertThat(callsOf(() -> numbers.apply(numbers(1))))
        .contains("binary")
        .doesNotContain("numbers");
  }

  @Test
  void oneOpIsThatOp() {
    Fused f = Fused.of("sum", 2, t -> t[0].add(t[1]));
    Tensor x = numbers(1);
    assertThat(callsOf(() -> f.apply(x, x))).containsExactly("binary");
    assertThat(Fused.of("same", 1, t -> t[0]).apply(x)).isSameAs(x);
  }

  /** The straight-through estimator: rounded forward, as if it were not on the way back. */
  @Test
  void noGradientGoesThroughDetach() {
    Fused f = Fused.of("rounded", 1, t -> t[0].add(t[0].round().sub(t[0]).detach()).square());
    Tensor x = numbers(1.25, 2.75).requiresGrad_();
    Tensor y = f.apply(x);
    assertThat(y.toDoubleArray()).containsExactly(1, 9);
    y.backward(numbers(1, 1), false, false);
    assertThat(grad(x)).containsExactly(2, 6);
  }

  @Test
  void norThroughWhatIsComputedUnderNoGrad() {
    Fused f =
        Fused.of(
            "scaled",
            1,
            t -> {
              Tensor scale;
              try (var _ = NoGrad.open()) {
                scale = t[0].abs().add(1);
              }
              return t[0].mul(scale);
            });
    Tensor x = numbers(-2).requiresGrad_();
    f.apply(x).backward();
    assertThat(grad(x)).containsExactly(3);
  }

  @Test
  void madeUnderNoGradItStillHasAGradient() {
    Fused f = Fused.of("cube", 1, t -> t[0].square().mul(t[0]));
    try (var _ = NoGrad.open()) {
      assertThat(f.apply(numbers(2)).requiresGrad()).isFalse();
    }
    Tensor x = numbers(2).requiresGrad_();
    f.apply(x).backward();
    assertThat(grad(x)).containsExactly(12);
  }

  @Test
  void withoutAGradientThereIsNone() {
    Fused f = Fused.of("truth", 1, t -> t[0].gt(0).to(t[0].dtype()).mul(2).add(1));
    Tensor x = numbers(2, -2).requiresGrad_();
    Tensor y = f.apply(x);
    assertThat(y.toDoubleArray()).containsExactly(3, 1);
    y.backward(numbers(1, 1), false, false);
    assertThat(grad(x)).containsExactly(0, 0);
  }

  @Test
  void underAutocastAllOfItIsWideIfOneOpIs() {
    Fused softplus = Fused.of("softplus", 1, t -> t[0].exp().add(1).log());
    Tensor x = numbers(2).to(DType.BF16);
    assertThat(softplus.apply(x).dtype()).isEqualTo(DType.BF16);
    try (var _ = Autocast.open(DType.BF16)) {
      assertThat(softplus.apply(x).dtype()).isEqualTo(DType.F32);
      assertThat(x.silu().dtype()).isEqualTo(DType.BF16);
      Fused sum = Fused.of("sum", 2, t -> t[0].add(t[1]).mul(0.5));
      assertThat(sum.apply(x, numbers(1).to(DType.F32)).dtype()).isEqualTo(DType.F32);
    }
  }

  @Test
  void severalThreadsMayBeFirst() throws Exception {
    for (int round = 0; round < 20; round++) {
      Fused f = Fused.of("shared", 1, t -> t[0].sigmoid().mul(t[0]).tanh());
      try (var threads = Executors.newFixedThreadPool(4)) {
        List<Future<double[]>> results =
            IntStream.range(0, 4)
                .mapToObj(
                    _ ->
                        threads.submit(
                            () -> {
                              Tensor x = numbers(0.3, -2).requiresGrad_();
                              f.apply(x).backward(numbers(1, 1), false, false);
                              return grad(x);
                            }))
                .toList();
        for (var result : results) {
          assertThat(result.get()).isEqualTo(results.getFirst().get());
        }
      }
    }
  }

  // ---- refused ----

  @Test
  void whatIsNotElementwiseIsNamed() {
    assertThatThrownBy(() -> Fused.of("mine", 1, t -> t[0].sub(t[0].sum())).apply(numbers(1)))
        .isInstanceOf(UnsupportedOpException.class)
        .hasMessage(
            "mine: expected elementwise ops of floating tensors alone, got reduce. Hint: fuse what"
                + " is before and behind it");
    assertThatThrownBy(() -> Fused.of("mine", 1, t -> t[0].to(DType.F32)).apply(numbers(1)))
        .hasMessageContaining("got a tensor of f32");
    assertThatThrownBy(() -> Fused.of("mine", 1, t -> t[0].add(t[0].item())).apply(numbers(1)))
        .hasMessageContaining("got download");
    assertThatThrownBy(() -> Fused.of("mine", 1, t -> t[0].unsqueeze(0).neg()).apply(numbers(1)))
        .hasMessageContaining("got shape [1]");
    assertThatThrownBy(() -> Fused.of("mine", 1, _ -> numbers(1)).apply(numbers(1)))
        .hasMessageContaining("got a tensor that is no input");
    assertThatThrownBy(() -> Fused.of("mine", 1, t -> t[0].add(numbers(1))).apply(numbers(1)))
        .hasMessageContaining("expected one device");
  }

  @Test
  void wrongInputsAreNamed() {
    Fused f = Fused.of("mine", 2, t -> t[0].add(t[1]).relu());
    assertThatThrownBy(() -> f.apply(numbers(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mine: expected 2 tensors, got 1");
    assertThatThrownBy(() -> f.apply(numbers(1), numbers(1).to(DType.F32)))
        .isInstanceOf(DTypeException.class)
        .hasMessageStartingWith("mine: expected one dtype, got f64 [1] and f32 [1]");
    assertThatThrownBy(() -> f.apply(numbers(1, 2), numbers(1, 2, 3)))
        .isInstanceOf(ShapeException.class)
        .hasMessageStartingWith("mine: shapes [2] and [3] do not broadcast");
    Tensor whole = numbers(1).to(DType.I64);
    assertThatThrownBy(() -> f.apply(whole, whole))
        .isInstanceOf(DTypeException.class)
        .hasMessageStartingWith("mine: expected f32 or f64, got i64 [1]");
  }

  @Test
  void aResultThatIsNoNumberIsNamed() {
    assertThatThrownBy(() -> Fused.of("mine", 1, t -> t[0].gt(0)).apply(numbers(1)))
        .isInstanceOf(DTypeException.class)
        .hasMessage(
            "mine: expected a floating result, got bool. Hint: convert with to(t[0].dtype())");
    assertThatThrownBy(() -> Fused.of("mine", 1, t -> Tensor.zerosLike(t[0])).apply(numbers(1)))
        .isInstanceOf(UnsupportedOpException.class)
        .hasMessage("mine: expected a function of its inputs, got a number");
  }
}
