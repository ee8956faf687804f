package dev.crema.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.crema.backend.Backends;
import dev.crema.tensor.AutogradException;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long graphs, and what they saved, live. */
class LifetimeTest {
  private Tensor w;
  private long before;

  @BeforeEach
  void aParameter() {
    w = Tensor.copyOf(new float[] {0.5f, 0.5f, 0.5f, 0.5f}).requiresGrad_();
    before = live();
  }

  @AfterEach
  void theParameterTakesItsGradientAlong() {
    w.close();
    assertThat(live()).isEqualTo(before - 1);
  }

  private static long live() {
    return Backends.get(Device.cpu()).memoryStats().liveBuffers();
  }

  private float[] gradient() {
    return Objects.requireNonNull(w.grad(), "the parameter has no gradient").toFloatArray();
  }

  private static Tensor twos() {
    return Tensor.copyOf(new float[] {2, 2, 2, 2});
  }

  @Test
  void aTrainingStepLeavesOnlyTheGradient() {
    for (int i = 0; i < 100; i++) {
      try (Scope _ = Scope.open("step")) {
        twos().mul(w).relu().mul(w).sum().backward();
      }
      assertThat(live()).isEqualTo(before + 1);
    }
    assertThat(gradient()).containsOnly(100 * 2f * 2 * 0.5f);
  }

  @Test
  void aForwardThatIsNeverDifferentiatedLeavesNothing() {
    try (Scope _ = Scope.open("eval")) {
      Tensor t = twos();
      for (int i = 0; i < 50; i++) {
        t = t.mul(w);
      }
    }
    assertThat(live()).isEqualTo(before);
  }

  @Test
  void aKeptResultCanStillBeDifferentiated() {
    try (Scope _ = Scope.open("outer")) {
      Tensor kept;
      try (Scope inner = Scope.open("inner")) {
        kept = inner.keep(twos().mul(w).relu().sum());
      }
      kept.backward();
    }
    assertThat(gradient()).containsOnly(2);
    assertThat(live()).isEqualTo(before + 1);
  }

  /** As nn's containers do: of each layer only what its gradient needs survives. */
  @Test
  void aScopedForwardKeepsWhatNodesSaved() {
    int layers = 100;
    try (Scope _ = Scope.open("step")) {
      Tensor t = twos();
      long inside = live();
      try (Scope sequential = Scope.open("sequential")) {
        for (int i = 0; i < layers; i++) {
          t = t.mul(w).relu();
        }
        sequential.keep(t);
      }
      // A ReLU saves its result, which is the next product's saved input: one buffer per layer.
      assertThat(live() - inside).isEqualTo(layers);
      Tensor loss = t.sum();
      loss.backward();
      assertThat(live() - inside).as("the result, the loss and the gradient").isEqualTo(3);
    }
    assertThat(live()).isEqualTo(before + 1);
  }

  @Test
  void aNodeIsFreedOnceItsGradientRan() {
    var peak = new AtomicLong();
    try (Scope _ = Scope.open("step")) {
      Tensor t = w;
      for (int i = 0; i < 1000; i++) {
        Tensor next = t.tanh();
        next.registerHook(
            _ -> {
              peak.accumulateAndGet(live(), Math::max);
              return null;
            });
        if (t != w) {
          t.close();
        }
        t = next;
      }
      long saved = live();
      assertThat(saved - before).isEqualTo(1000);
      t.sum().backward();
      assertThat(peak.get() - saved).as("more than the forward held").isLessThan(6);
      assertThat(live() - before).as("result, loss and gradient").isEqualTo(3);
    }
    assertThat(live()).isEqualTo(before + 1);
  }

  @Test
  void aSecondBackwardIsRefusedAndLeaksNothing() {
    try (Scope _ = Scope.open("twice")) {
      Tensor y = w.mul(w).sum();
      y.backward();
      assertThatExceptionOfType(AutogradException.class)
          .isThrownBy(y::backward)
          .withMessage(
              "backward: the graph of 'sum' was freed by an earlier backward. Hint: call"
                  + " backward(retainGraph) the first time");
    }
    assertThat(live()).isEqualTo(before + 1);
  }

  @Test
  void aDeepGraphOverflowsNoStack() {
    int depth = 200_000;
    try (Scope _ = Scope.open("deep")) {
      Tensor t = w;
      for (int i = 0; i < depth; i++) {
        Tensor next = t.relu();
        if (t != w) {
          t.close();
        }
        t = next;
      }
      assertThat(live() - before).isEqualTo(depth);
      t.sum().backward();
    }
    assertThat(gradient()).containsOnly(1);
    assertThat(live()).isEqualTo(before + 1);
  }

  @Test
  void aDeepGraphThatIsDroppedOverflowsNoStack() {
    Tensor t = w;
    for (int i = 0; i < 200_000; i++) {
      Tensor next = t.relu();
      if (t != w) {
        t.close();
      }
      t = next;
    }
    t.close();
    assertThat(live()).isEqualTo(before);
  }

  @Test
  void aFailingGradientLeaksNothing() {
    try (Scope _ = Scope.open("step")) {
      Tensor a = w.mul(2);
      Tensor b = w.mul(3);
      Tensor failing =
          Autograd.record(
              "fails", a.add(b).detach(), Autograd.inputs(a, b), s -> new Fails(s.of(a)));
      Tensor loss = failing.mul(w).sum();
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(loss::backward)
          .withMessage("no gradient today");
      assertThat(GradMode.isRecording()).isTrue();
    }
    assertThat(live())
        .as("with the gradient that was complete before")
        .isLessThanOrEqualTo(before + 1);
  }

  /** Gives the first gradient, makes something, and fails. */
  record Fails(Saved a) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      g.set(0, gy.mul(a.get()));
      gy.exp();
      throw new IllegalStateException("no gradient today");
    }
  }

  @Test
  void gradientsOfGradientsLeaveNothing() {
    try (Scope _ = Scope.open("step")) {
      Tensor y = w.pow(3).sum();
      Tensor g = Autograd.grad(y, List.of(w), true).getFirst();
      Tensor gg = Autograd.grad(g.sum(), List.of(w), false).getFirst();
      assertThat(gg.toFloatArray()).containsOnly(6 * 0.5f);
    }
    assertThat(live()).isEqualTo(before);
  }

  /** A product keeps an operand only for the sake of the other. */
  @Test
  void aConstantsPartnerIsNotSaved() {
    try (Scope _ = Scope.open("step")) {
      Tensor y;
      try (Scope inner = Scope.open("inner")) {
        Tensor x = twos();
        Tensor h = w.mul(2);
        y = inner.keep(h.mul(x)); // saves x, not h
      }
      assertThat(live() - before).as("y, x, and the number 2").isEqualTo(3);
      y.sum().backward();
    }
  }

  @Test
  void withoutAScopeTheHandlesAreTheCallers() {
    Tensor y = w.mul(w);
    Tensor loss = y.sum();
    loss.backward();
    loss.close();
    y.close();
    assertThat(gradient()).containsOnly(1);
    assertThat(live()).isEqualTo(before + 1);
  }
}
