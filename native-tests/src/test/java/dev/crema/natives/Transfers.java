package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.tensor.Device;
import dev.crema.tensor.IndexException;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Copies between Java's memory and the device's, in the sizes that pinned memory cuts them to. */
abstract class Transfers {
  @Test
  void everySizeComesBackAsItWent() {
    for (int n :
        new int[] {1, 2, 63, 64, 65, 1_000_003, (4 << 20) / 4, (4 << 20) / 4 + 1, 9 << 20}) {
      float[] values = new float[n];
      for (int i = 0; i < n; i++) {
        values[i] = i;
      }
      try (Scope _ = Scope.open("test")) {
        assertThat(Tensor.copyOf(values, n).to(Device.cuda()).toFloatArray()).isEqualTo(values);
      }
    }
  }

  @Test
  void readingNothingTakesNoErrorAway() {
    try (Scope _ = Scope.open("test")) {
      Tensor table = Tensor.copyOf(new float[] {1, 2, 3}, 3).to(Device.cuda());
      Tensor picked = table.gather(0, Tensor.copyOf(new long[] {7}, 1).to(Device.cuda()));
      assertThat(Tensor.zeros(0).to(Device.cuda()).toFloatArray()).isEmpty();
      assertThatThrownBy(picked::toFloatArray)
          .isInstanceOf(IndexException.class)
          .hasMessageContaining("index 7");
    }
  }

  /** Which a word of all ones, that is no fault at all, must not be taken for. */
  @Test
  void theLargestIndexIsAnErrorToo() {
    try (Scope _ = Scope.open("test")) {
      Tensor table = Tensor.copyOf(new float[] {1, 2, 3}, 3).to(Device.cuda());
      Tensor index = Tensor.copyOf(new long[] {Long.MAX_VALUE}, 1).to(Device.cuda());
      Tensor picked = table.gather(0, index);
      assertThatThrownBy(picked::toFloatArray).isInstanceOf(IndexException.class);
    }
  }

  @Test
  void theArrayIsFreeAtOnce() {
    try (Scope _ = Scope.open("test")) {
      float[] values = {1, 2, 3};
      Tensor x = Tensor.copyOf(values, 3).to(Device.cuda());
      values[0] = 100;
      assertThat(x.toFloatArray()).containsExactly(1, 2, 3);
    }
  }

  @Test
  void manyUploadsWithoutAWaitKeepTheirValues() {
    try (Scope _ = Scope.open("test")) {
      Tensor sum = Tensor.copyOf(new float[100_000], 100_000).to(Device.cuda());
      for (int i = 1; i <= 100; i++) {
        float[] values = new float[100_000];
        Arrays.fill(values, i);
        sum = sum.add(Tensor.copyOf(values, 100_000).to(Device.cuda()));
      }
      assertThat(sum.toFloatArray()).containsOnly(5050);
    }
  }
}
