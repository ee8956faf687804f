package dev.crema.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.crema.cpu.Parallel;
import dev.crema.tensor.DType;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Once compiled, a product allocates nothing: an allocation would be a vector that C2 failed to
 * keep in a register, and some ten times slower.
 */
class GemmAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final int threads = Parallel.numThreads();

  @AfterEach
  void restoreThreads() {
    Parallel.setNumThreads(threads);
  }

  @ParameterizedTest(name = "{0}x{1}x{2}, b transposed: {3}")
  @CsvSource({
    "64, 64, 64, false",
    "65, 67, 300, true",
    "63, 85, 90, false",
    "13, 21, 99, true",
    "1, 301, 120, true",
    "1, 301, 121, false"
  })
  void aWarmProductAllocatesNothing(int m, int n, int k, boolean bTransposed) {
    Parallel.setNumThreads(1);
    float[] a = new float[m * k];
    float[] b = new float[k * n];
    float[] c = new float[m * n];
    long bytes = -1;
    // C2 decides when it is done; on a busy machine that takes a while.
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (bytes != 0 && System.nanoTime() < deadline) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      Gemm.run(
          GemmKernel.of(DType.F32),
          m,
          n,
          k,
          a,
          0,
          k,
          1,
          b,
          0,
          bTransposed ? 1 : n,
          bTransposed ? k : 1,
          c,
          0,
          n,
          false);
      bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(bytes).isZero();
  }
}
