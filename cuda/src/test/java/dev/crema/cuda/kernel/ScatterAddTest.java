package dev.crema.cuda.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.tensor.UnsupportedOpException;
import org.junit.jupiter.api.Test;

class ScatterAddTest {
  @Test
  void aSortTakesAPowerOfTwo() {
    assertThat(ScatterAdd.padded(1)).isEqualTo(1);
    assertThat(ScatterAdd.padded(2)).isEqualTo(2);
    assertThat(ScatterAdd.padded(2049)).isEqualTo(4096);
    assertThat(ScatterAdd.padded(1 << 30)).isEqualTo(1 << 30);
  }

  @Test
  void moreThanAnIntCanPadIsRefused() {
    assertThatThrownBy(() -> ScatterAdd.padded((1 << 30) + 1))
        .isInstanceOf(UnsupportedOpException.class)
        .hasMessageContaining("got 1073741825");
  }
}
