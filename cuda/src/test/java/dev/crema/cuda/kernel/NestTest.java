package dev.crema.cuda.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.tensor.UnsupportedOpException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What kernels get by value, read as {@code crema.cuh} reads it. */
class NestTest {
  private static int quotient(int[] divisor, int n) {
    long magic = divisor[1] & 0xFFFFFFFFL;
    return ((int) (n * magic >>> 32) + n) >>> divisor[2];
  }

  @Test
  void divisorsDivideEveryInt() {
    var random = new SplittableRandom(1);
    for (int bits = 1; bits <= 31; bits++) {
      for (int i = 0; i < 2000; i++) {
        int d = Math.max(1, random.nextInt() >>> 32 - bits);
        int[] divisor = Nest.divisor(d);
        int whole = Integer.MAX_VALUE / d * d;
        int[] tries = {0, 1, d - 1, d, whole - 1, whole, Integer.MAX_VALUE, random.nextInt() >>> 1};
        for (int n : tries) {
          assertThat(quotient(divisor, n)).as("%s / %s", n, d).isEqualTo(n / d);
        }
      }
    }
    assertThat(quotient(Nest.divisor(Integer.MAX_VALUE), Integer.MAX_VALUE)).isEqualTo(1);
  }

  @Test
  void aDivisorOfNothingIsOne() {
    assertThat(Nest.divisor(0)).isEqualTo(Nest.divisor(1));
  }

  @Test
  void neighboursThatLieOneBehindTheOtherAreOneLoop() {
    int[] nest =
        Nest.of(new long[] {4, 1, 3, 5}, new long[] {15, 7, 5, 1}, new long[] {5, 0, 0, 1});
    assertThat(nest[0]).isEqualTo(3);
    assertThat(Nest.of(new long[] {4, 1, 3, 5}, new long[] {15, 7, 5, 1})[0]).isEqualTo(1);
    assertThat(Nest.of(new long[] {1, 1}, new long[] {9, 9})[0]).isEqualTo(1);
  }

  @Test
  void moreLoopsThanAKernelHasAreRefused() {
    long[] sizes = new long[Nest.MAX_RANK + 1];
    Arrays.fill(sizes, 2);
    long[] strides = new long[sizes.length];
    Arrays.setAll(strides, d -> 3L * (d + 1));
    assertThatThrownBy(() -> Nest.of(sizes, strides))
        .isInstanceOf(UnsupportedOpException.class)
        .hasMessageContaining("contiguous() first");
  }
}
