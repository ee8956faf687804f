package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.backend.Backends;
import dev.crema.backend.Buffer;
import dev.crema.backend.MemoryStats;
import dev.crema.backend.View;
import dev.crema.cuda.Cuda;
import dev.crema.cuda.CudaBuffer;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.DeviceException;
import dev.crema.tensor.Layout;
import dev.crema.tensor.OutOfMemoryException;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the allocator asks of the driver. */
@OnCpuDriver
final class MemoryTest {
  private static final Device CUDA = Device.cuda();
  private static final int MIB = 1 << 20;

  @BeforeEach
  void nothingIdle() {
    Cuda.trim(CUDA);
    CpuDriver.get().reset();
  }

  @AfterEach
  void allMemory() {
    CpuDriver.get().reset();
  }

  @Test
  void aClosedBuffersMemoryIsUsedAgain() {
    floats(1000).close();
    long asked = allocations();
    for (int i = 0; i < 10; i++) {
      floats(1000).close();
    }
    assertThat(allocations()).isEqualTo(asked);
  }

  @Test
  void idleMemoryGoesBackWhenAnotherSizeNeedsIt() {
    CpuDriver.get().memory(0, 24 * MIB);
    floats(4 * MIB).close();
    assertThat(stats().pooledBytes()).isGreaterThanOrEqualTo(16 * MIB);
    floats(5 * MIB).close();
    assertThat(CpuDriver.get().calls().get("cuMemFree_v2")).isNotNull();
  }

  @Test
  void forgottenBuffersAreCollectedBeforeMemoryIsOut() {
    CpuDriver.get().memory(0, 40 * MIB);
    for (int i = 0; i < 4; i++) {
      assertThat(floats(4 * MIB).numel()).isEqualTo(4 * MIB);
    }
  }

  /** Another thread's wait would free it, and a third could have it before the launch. */
  @Test
  void whatAnOpIsAboutToLaunchWithIsNotCollected() {
    WeakReference<Buffer> buffer = addressed();
    System.gc();
    assertThat(buffer.get()).as("while the op runs").isNotNull();
    floats(1).close();
    System.gc();
    assertThat(buffer.get()).as("after it").isNull();
  }

  /** A buffer of which its thread knows but the address. */
  private static WeakReference<Buffer> addressed() {
    Buffer buffer = Backends.get(CUDA).allocate(DType.F32, 1000);
    assertThat(CudaBuffer.address(new View(buffer, Layout.contiguous(Shape.of(1000))))).isNotZero();
    return new WeakReference<>(buffer);
  }

  /** The copy would go on in a part of pinned memory that the next copy may have. */
  @Test
  void aCopyThatNoEventFollowsIsWaitedFor() {
    try (Scope _ = Scope.open("test")) {
      Tensor x = floats(1000);
      CpuDriver.get().fail("cuEventRecord", 1, 999);
      assertThatThrownBy(x::toFloatArray)
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("cuEventRecord");
      assertThat(CpuDriver.get().calls()).containsEntry("cuStreamSynchronize", 1L);
      assertThat(x.toFloatArray()).containsOnly(0);
    }
  }

  @Test
  void outOfMemorySaysWhoHasIt() {
    CpuDriver.get().memory(0, 20 * MIB); // cuBLAS may have 4 of them
    long before = stats().liveBuffers();
    try (Scope _ = Scope.open("test")) {
      Tensor held = floats(MIB).exp();
      assertThatThrownBy(() -> floats(4 * MIB))
          .isInstanceOf(OutOfMemoryException.class)
          .message()
          .startsWith("full: no room for 16.8 MB on cuda:0")
          .containsIgnoringCase("exp 4.2 MB")
          .contains("of 21.0 MB");
      assertThat(held.toFloatArray()).as("what was there still works").containsOnly(1);
    }
    assertThat(stats().liveBuffers()).isEqualTo(before);
  }

  @Test
  void outOfMemoryNamesTheOpThatWantedIt() {
    long held = stats().liveBytes(); // cuBLAS's workspace, if a test multiplied before
    CpuDriver.get().memory(0, held + 12 * MIB);
    try (Scope _ = Scope.open("test")) {
      Tensor x = floats(2 * MIB).requiresGrad_();
      assertThatThrownBy(x::sigmoid).hasMessageStartingWith("sigmoid: no room for 8.4 MB");
      CpuDriver.get().memory(0, held + 17 * MIB);
      Tensor y = x.sigmoid().sum();
      assertThatThrownBy(y::backward).hasMessageMatching("(?s)[A-Za-z]+: no room for 8.4 MB.*");
    }
  }

  @Test
  void allIdleMemoryCanBeGivenBack() {
    long before = CpuDriver.get().living("device memory");
    floats(100).close();
    floats(100_000).close();
    Cuda.trim(CUDA);
    assertThat(CpuDriver.get().living("device memory")).isEqualTo(before);
    assertThat(stats().pooledBytes()).isZero();
  }

  @Test
  void aCrashIsToldWithTheOpThatCausedIt() {
    try (Scope _ = Scope.open("test")) {
      Tensor x = Tensor.full(Shape.of(8), 1, DType.F32, CUDA);
      CpuDriver.get().failKernel("", 1, CpuDriver.ILLEGAL_ADDRESS);
      Tensor y = x.sigmoid();
      assertThatThrownBy(y::toFloatArray)
          .isInstanceOf(DeviceException.class)
          .message()
          .containsIgnoringCase("sigmoid");
    } finally {
      CpuDriver.get().reset();
    }
  }

  private static Tensor floats(int n) {
    return Tensor.zeros(Shape.of(n), DType.F32, CUDA);
  }

  private static long allocations() {
    return CpuDriver.get().calls().getOrDefault("cuMemAlloc_v2", 0L);
  }

  private static MemoryStats stats() {
    return Backends.get(CUDA).memoryStats();
  }
}
