package dev.crema.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.crema.backend.Backends;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ScopeTest {

  private static long live() {
    return Backends.get(Device.cpu()).memoryStats().liveBuffers();
  }

  @Test
  void closesWhatWasMadeInside() {
    long before = live();
    Tensor inside;
    try (Scope _ = Scope.open("step")) {
      inside = Tensor.ones(3).add(1);
      assertThat(live()).isGreaterThan(before);
    }
    assertThat(inside.isClosed()).isTrue();
    assertThat(live()).isEqualTo(before);
  }

  @Test
  void aClosedTensorSaysWhoClosedIt() {
    Tensor dead;
    try (Scope _ = Scope.open("step")) {
      dead = Tensor.ones(2, 3);
    }
    assertThatExceptionOfType(ClosedException.class)
        .isThrownBy(() -> dead.add(1))
        .withMessage(
            "tensor f32 [2, 3]: used after it was closed by scope 'step'. Hint:"
                + " scope.keep(tensor)");
    assertThatExceptionOfType(ClosedException.class).isThrownBy(dead::toFloatArray);
    assertThatExceptionOfType(ClosedException.class).isThrownBy(dead::backward);
    assertThat(dead).hasToString("tensor(closed, f32 [2, 3])");
  }

  @Test
  void aTensorClosedByHandDoesNotBlameTheScope() {
    try (Scope _ = Scope.open("step")) {
      Tensor x = Tensor.ones(2);
      x.close();
      x.close();
      assertThatExceptionOfType(ClosedException.class)
          .isThrownBy(x::neg)
          .withMessage("tensor f32 [2]: used after it was closed");
    }
  }

  @Test
  void keepHandsAResultToTheScopeOutside() {
    long before = live();
    Tensor kept;
    try (Scope _ = Scope.open("outer")) {
      try (Scope inner = Scope.open("inner")) {
        kept = inner.keep(Tensor.ones(2));
      }
      assertThat(kept.isClosed()).isFalse();
    }
    assertThat(kept.isClosed()).isTrue();
    assertThat(live()).isEqualTo(before);
  }

  @Test
  void keepInTheOutermostScopeHandsToTheCaller() {
    Tensor kept;
    try (Scope scope = Scope.open("all")) {
      kept = scope.keep(Tensor.ones(2));
    }
    assertThat(kept.toFloatArray()).containsExactly(1, 1);
    kept.close();
  }

  @Test
  void keepLeavesATensorOfAnotherScopeWhereItIs() {
    try (Scope _ = Scope.open("outer")) {
      Tensor x = Tensor.ones(2);
      try (Scope inner = Scope.open("inner")) {
        assertThat(inner.keep(x)).isSameAs(x);
      }
      assertThat(x.isClosed()).isFalse();
    }
  }

  @Test
  void anEscapedTensorBelongsToItsHolder() {
    Tensor parameter;
    try (Scope _ = Scope.open("build")) {
      parameter = Scope.escape(Tensor.ones(2));
    }
    assertThat(parameter.isClosed()).isFalse();
    parameter.close();
  }

  @Test
  void aViewKeepsTheElementsAlive() {
    Tensor row;
    try (Scope scope = Scope.open("view")) {
      Tensor matrix = Tensor.copyOf(new float[] {1, 2, 3, 4}, 2, 2);
      row = scope.keep(matrix.select(0, 1));
    }
    assertThat(row.toFloatArray()).containsExactly(3, 4);
    row.close();
  }

  @Test
  void closesWhenAnExceptionPasses() {
    long before = live();
    assertThatExceptionOfType(ShapeException.class)
        .isThrownBy(
            () -> {
              try (Scope _ = Scope.open("step")) {
                Tensor.ones(2).add(Tensor.ones(3));
              }
            });
    assertThat(live()).isEqualTo(before);
    assertThat(Tensor.ones(1).isClosed()).isFalse();
  }

  @Test
  void scopesCloseInOrder() {
    Scope outer = Scope.open("outer");
    Scope inner = Scope.open("inner");
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(outer::close)
        .withMessage(
            "scope 'outer': closed out of order or on another thread. Hint: use"
                + " try-with-resources");
    inner.close();
    outer.close();
    outer.close();
  }

  @Test
  void aScopeIsItsThreadsOwn() {
    try (Scope scope = Scope.open("mine")) {
      Tensor elsewhere = CompletableFuture.supplyAsync(() -> Tensor.ones(2)).join();
      assertThat(scope.keep(elsewhere).isClosed()).isFalse();
      CompletableFuture<Void> close = CompletableFuture.runAsync(scope::close);
      assertThat(close.handle((_, failure) -> failure).join())
          .hasCauseInstanceOf(IllegalStateException.class);
      scope.close();
      assertThat(elsewhere.isClosed()).isFalse();
      elsewhere.close();
    }
  }
}
