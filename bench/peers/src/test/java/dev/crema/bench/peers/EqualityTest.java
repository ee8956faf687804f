package dev.crema.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EqualityTest {
  private static final float[] NUMBERS = {1, -2, 3, 0};

  private static String difference(float... actual) {
    return Equality.difference(List.of(NUMBERS), List.of(actual), 2e-4);
  }

  @Test
  void roundingIsEqual() {
    assertThat(difference(1, -2, 3, 0)).isEmpty();
    assertThat(difference(1.0001f, -2, 2.9999f, 1e-4f)).isEmpty();
  }

  @Test
  void anotherNumberIsNot() {
    assertThat(difference(1, -2, 3.01f, 0)).startsWith("differs by 2.7e-03 (RMS), 5.3e-03");
    assertThat(difference(1, -2, 3, Float.NaN)).startsWith("differs by NaN");
  }

  @Test
  void anotherNumberOfNumbersIsNot() {
    assertThat(difference(1, -2, 3)).isEqualTo("expected 4 numbers, got 3");
    assertThat(Equality.difference(List.of(NUMBERS), List.of(), 1))
        .isEqualTo("expected 1 results, got 0");
  }

  @Test
  void saysWhichResultItIs() {
    assertThat(
            Equality.difference(
                List.of(NUMBERS, NUMBERS), List.of(NUMBERS, new float[] {1, 1, 1, 1}), 2e-4))
        .startsWith("result 1: differs");
  }
}
