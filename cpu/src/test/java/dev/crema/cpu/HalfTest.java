package dev.crema.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.autograd.Autocast;
import dev.crema.tensor.DType;
import dev.crema.tensor.Tensor;
import dev.crema.tensor.UnsupportedOpException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * f16 and bf16 on the CPU: carried, moved and converted, but nothing is silently computed in f32.
 */
class HalfTest {

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void computingIsRefusedWithAHint(DType half) {
    Tensor x = Tensor.ones(2, 2).to(half);
    assertThatThrownBy(() -> x.matmul(x))
        .isInstanceOf(UnsupportedOpException.class)
        .hasMessage(
            "matmul: expected f32 or f64 on the CPU, got %s, which is only carried and converted here. Hint: convert with to(DType.F32), or compute on a GPU"
                .formatted(half));
    assertThatThrownBy(() -> x.add(1)).isInstanceOf(UnsupportedOpException.class);
    assertThatThrownBy(x::exp).isInstanceOf(UnsupportedOpException.class);
    assertThatThrownBy(x::sum).isInstanceOf(UnsupportedOpException.class);
  }

  @Test
  void autocastIsNamedWhereItIsWhatRounds() {
    Tensor x = Tensor.ones(2, 2);
    try (var _ = Autocast.open(DType.BF16)) {
      assertThatThrownBy(() -> x.matmul(x))
          .isInstanceOf(UnsupportedOpException.class)
          .hasMessageStartingWith("autocast: expected tensors on a GPU, got f32 [2, 2] on the CPU");
    }
  }

  @Test
  void movingWorks() {
    Tensor x = Tensor.copyOf(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).to(DType.BF16);
    assertThat(x.t().contiguous().toFloatArray()).containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(x.slice(1, 1, 3).copy().toFloatArray()).containsExactly(2, 3, 5, 6);
    assertThat(Tensor.full(x.shape(), 7, DType.F16, x.device()).toFloatArray()).containsOnly(7);
  }
}
