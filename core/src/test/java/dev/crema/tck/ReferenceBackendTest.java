package dev.crema.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.crema.backend.Backend;
import dev.crema.backend.Backends;
import dev.crema.backend.Buffer;
import dev.crema.tensor.ClosedException;
import dev.crema.tensor.DType;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ReferenceBackendTest {
  private final Backend backend = Backends.get(ReferenceBackend.DEVICE);

  @Test
  void freshMemoryIsPoisoned() {
    for (DType dtype : DType.values()) {
      Tensor fresh = Tensor.empty(Shape.of(2), dtype, ReferenceBackend.DEVICE);
      assertThat(fresh.toDoubleArray())
          .doesNotContain(0, 1)
          .satisfies(values -> assertThat(Double.isNaN(values[0])).isEqualTo(dtype.isFloating()));
      fresh.close();
    }
  }

  @Test
  void freedMemoryIsPoisoned() {
    Tensor x = Tensor.zeros(Shape.of(2), DType.F32, ReferenceBackend.DEVICE);
    var buffer = (ReferenceBuffer) x.buffer();
    assertThat(buffer.get(0)).isZero();
    x.close();
    assertThat(buffer.get(0)).isNaN();
  }

  @Test
  void aWrappedArrayStaysItsOwners() {
    float[] mine = {1, 2};
    Buffer buffer = backend.wrap(DType.F32, mine);
    buffer.release();
    assertThat(mine).containsExactly(1, 2);
  }

  @Test
  void countsBuffersAndBytes() {
    var before = backend.memoryStats();
    Buffer buffer = backend.allocate(DType.F64, 100);
    var during = backend.memoryStats();
    assertThat(during.liveBuffers() - before.liveBuffers()).isEqualTo(1);
    assertThat(during.liveBytes() - before.liveBytes()).isEqualTo(800);
    assertThat(during.peakBytes()).isGreaterThanOrEqualTo(during.liveBytes());
    buffer.retain();
    buffer.release();
    assertThat(backend.memoryStats().liveBuffers()).isEqualTo(during.liveBuffers());
    buffer.release();
    assertThat(backend.memoryStats().liveBuffers()).isEqualTo(before.liveBuffers());
  }

  @Test
  void countingMistakesAreErrors() {
    Buffer buffer = backend.allocate(DType.F32, 1);
    buffer.release();
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(buffer::release);
    assertThatExceptionOfType(ClosedException.class).isThrownBy(buffer::retain);
  }
}
