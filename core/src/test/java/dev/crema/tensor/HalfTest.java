package dev.crema.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every number of both 16-bit types, and the rounding between each two of them. */
class HalfTest {

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void everyNumberComesBack(DType half) {
    for (int bits = 0; bits <= 0xFFFF; bits++) {
      float value = Half.value(half, (short) bits);
      if (Float.isNaN(value)) {
        assertThat(Half.value(half, Half.bits(half, value))).isNaN();
      } else {
        assertThat(Half.bits(half, value) & 0xFFFF).isEqualTo(bits);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void whatLiesBetweenRoundsToTheNearestAndTiesToEven(DType half) {
    for (int bits = 0; Float.isFinite(Half.value(half, (short) (bits + 1))); bits++) {
      float low = Half.value(half, (short) bits);
      float high = Half.value(half, (short) (bits + 1));
      float middle = low + (high - low) / 2; // exact: f32 has more bits
      assertThat(Half.bits(half, middle)).isEqualTo((short) (bits + (bits & 1)));
      assertThat(Half.bits(half, Math.nextUp(middle))).isEqualTo((short) (bits + 1));
      assertThat(Half.bits(half, -Math.nextDown(middle)) & 0x7FFF).isEqualTo(bits);
    }
  }

  @Test
  void whatIsTooLargeIsInfinite() {
    assertThat(Half.value(DType.F16, Half.bits(DType.F16, 65519.99f))).isEqualTo(65504);
    assertThat(Half.value(DType.F16, Half.bits(DType.F16, 65520))).isInfinite();
    assertThat(Half.value(DType.BF16, Half.bits(DType.BF16, -Float.MAX_VALUE)))
        .isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(Half.value(DType.BF16, Half.bits(DType.BF16, Float.NaN))).isNaN();
    assertThat(Half.value(DType.BF16, Half.bits(DType.BF16, Float.intBitsToFloat(0x7F800001))))
        .isNaN();
  }

  @Test
  void aTensorIsReadAsNumbersOrAsBits() {
    Tensor x = Tensor.copyOf(new float[] {1, -2.5f, 0.1f}).to(DType.BF16);
    assertThat(x.toArray()).isEqualTo(new short[] {0x3F80, (short) 0xC020, 0x3DCD});
    assertThat(x.toFloatArray()).containsExactly(1, -2.5f, 0.10009765625f);
    assertThat(x.select(0, 1).item()).isEqualTo(-2.5);
    assertThat(x).hasToString("tensor([ 1.0000, -2.5000,  0.1001], dtype=bf16)");
    short[] bits = {0x3C00, (short) 0xC000};
    Tensor y = Tensor.copyOf(bits, DType.F16, Shape.of(2), Device.cpu());
    assertThat(y.toFloatArray()).containsExactly(1, -2);
    assertThat(Tensor.full(Shape.of(1), 0.1, DType.F16, Device.cpu()).item())
        .isEqualTo(0.0999755859375);
  }

  @Test
  void copyOfWantsBits() {
    assertThatThrownBy(() -> Tensor.copyOf(new float[1], DType.F16, Shape.of(1), Device.cpu()))
        .isInstanceOf(DTypeException.class)
        .hasMessageContaining("expected a short[] for f16, got a float[]");
  }
}
