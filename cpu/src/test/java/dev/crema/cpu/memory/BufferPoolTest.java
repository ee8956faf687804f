package dev.crema.cpu.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.backend.MemoryStats;
import dev.crema.tensor.ClosedException;
import dev.crema.tensor.DType;
import dev.crema.tensor.OutOfMemoryException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BufferPoolTest {
  private final BufferPool pool = new BufferPool(1 << 20, false);

  @ParameterizedTest
  @EnumSource
  void aReleasedArrayServesTheNextBufferOfItsSize(DType dtype) {
    CpuBuffer first = pool.allocate(dtype, 1000);
    Object array = first.array();
    first.release();
    assertThat(pool.allocate(dtype, 990).array()).isSameAs(array);
  }

  @Test
  void anArrayServesOneBufferAtATime() {
    CpuBuffer first = pool.allocate(DType.F32, 100);
    assertThat(pool.allocate(DType.F32, 100).array()).isNotSameAs(first.array());
  }

  @Test
  void statsCountWhatIsLiveAndWhatIsIdle() {
    CpuBuffer a = pool.allocate(DType.F32, 64);
    CpuBuffer b = pool.wrap(DType.I64, new long[10]);
    assertThat(pool.stats()).isEqualTo(new MemoryStats(2, 336, 336, 0));
    a.release();
    assertThat(pool.stats()).isEqualTo(new MemoryStats(1, 80, 336, 256));
    b.release();
    assertThat(pool.stats()).isEqualTo(new MemoryStats(0, 0, 336, 256));
    pool.clear();
    assertThat(pool.stats()).isEqualTo(new MemoryStats(0, 0, 336, 0));
  }

  @Test
  void aWrappedArrayStaysTheCallers() {
    float[] mine = new float[64];
    pool.wrap(DType.F32, mine).release();
    assertThat(pool.allocate(DType.F32, 64).array()).isNotSameAs(mine);
  }

  @Test
  void idleArraysStayWithinTheBoundAndTheOldestSizeGoesFirst() {
    CpuBuffer old = pool.allocate(DType.F32, 100_000);
    CpuBuffer recent = pool.allocate(DType.F32, 120_000);
    CpuBuffer newest = pool.allocate(DType.F32, 140_000);
    Object oldArray = old.array();
    Object newestArray = newest.array();
    old.release();
    recent.release();
    newest.release();
    assertThat(pool.stats().pooledBytes()).isLessThanOrEqualTo(1 << 20);
    assertThat(pool.allocate(DType.F32, 140_000).array()).isSameAs(newestArray);
    assertThat(pool.allocate(DType.F32, 100_000).array()).isNotSameAs(oldArray);
  }

  @Test
  void anArrayLargerThanTheBoundIsNotKept() {
    pool.allocate(DType.F64, 1 << 20).release();
    assertThat(pool.stats().pooledBytes()).isZero();
  }

  @Test
  void aLengthBeyondJavaArraysIsExplained() {
    assertThatThrownBy(() -> pool.allocate(DType.U8, 3_000_000_000L))
        .isInstanceOf(OutOfMemoryException.class)
        .hasMessageContaining("expected at most 2147483639 elements on the CPU")
        .hasMessageContaining("got 3000000000 of u8");
  }

  @Test
  void anExhaustedHeapIsExplainedAfterThePoolIsDropped() {
    CpuBuffer live = pool.allocate(DType.F32, 250_000);
    pool.allocate(DType.F32, 1000).release();
    assertThatThrownBy(() -> pool.allocate(DType.F64, 2_000_000_000L))
        .isInstanceOf(OutOfMemoryException.class)
        .hasMessageContaining("no room for 2000000000 elements of f64 (16000.0 MB)")
        .hasMessageContaining("1.0 MB are live in 1 buffers")
        .hasMessageContaining("the heap's limit is")
        .hasMessageContaining("Hint:");
    assertThat(pool.stats().pooledBytes()).isZero();
    assertThat(pool.stats().liveBuffers()).isEqualTo(1);
    live.release();
  }

  @Test
  void aReleasedBufferGivesNoArray() {
    CpuBuffer buffer = pool.allocate(DType.F32, 10);
    buffer.release();
    assertThatThrownBy(buffer::array).isInstanceOf(ClosedException.class);
  }

  @Test
  void debugModePoisonsFreshAndFreedArrays() {
    BufferPool debug = new BufferPool(1 << 20, true);
    CpuBuffer f32 = debug.allocate(DType.F32, 10);
    float[] array = (float[]) f32.array();
    assertThat(array).containsOnly(Float.NaN);
    array[3] = 1;
    f32.release();
    assertThat(array).containsOnly(Float.NaN);
    assertThat((double[]) debug.allocate(DType.F64, 1).array()).containsOnly(Double.NaN);
    assertThat((int[]) debug.allocate(DType.I32, 1).array()).containsOnly(Integer.MIN_VALUE);
    assertThat((long[]) debug.allocate(DType.I64, 1).array()).containsOnly(Long.MIN_VALUE);
    assertThat((byte[]) debug.allocate(DType.BOOL, 1).array()).containsOnly((byte) 0x80);
  }

  @Test
  void threadsNeverShareAnArray() throws Exception {
    int threads = 4;
    try (var executor = Executors.newFixedThreadPool(threads)) {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        float mark = t + 1;
        tasks.add(
            () -> {
              for (int i = 0; i < 20_000; i++) {
                CpuBuffer buffer = pool.allocate(DType.F32, 64);
                float[] array = (float[]) buffer.array();
                array[0] = mark;
                Thread.onSpinWait();
                if (array[0] != mark) {
                  return false;
                }
                buffer.release();
              }
              return true;
            });
      }
      for (Future<Boolean> done : executor.invokeAll(tasks)) {
        assertThat(done.get()).isTrue();
      }
    }
    assertThat(pool.stats().liveBuffers()).isZero();
    Map<Object, Object> idle = new IdentityHashMap<>();
    long count = pool.stats().pooledBytes() / 256;
    for (int i = 0; i < count; i++) {
      Object array = pool.take(DType.F32, 64);
      assertThat(idle.put(array, array)).isNull();
    }
  }
}
