package dev.crema.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the largest arrays need, without making them. */
class LargeTensorTest {
  private static final int LONGEST = Integer.MAX_VALUE - 8;
  private static final long GIB = 1L << 30;

  @ParameterizedTest
  @ValueSource(ints = {4, 8})
  void theLongestArrayGoesInChunksFromItsFirstElementToItsLast(int width) throws IOException {
    var next = new AtomicLong();
    ArrayCodec.inChunks(
        LONGEST,
        width,
        (at, chunk) -> {
          assertThat(at).isEqualTo(next.get());
          next.addAndGet(chunk.remaining() / width);
        });
    assertThat(next).hasValue(LONGEST);
  }

  @Test
  void theHeapAloneLimitsTheBytesOfATensor() {
    assertThatCode(() -> BoundedInput.requireHeap("file", 8 * GIB, 2 * GIB, 10 * GIB))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> BoundedInput.requireHeap("file", 2 * GIB, 2 * GIB, 4 * GIB - 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("-Xmx");
  }
}
