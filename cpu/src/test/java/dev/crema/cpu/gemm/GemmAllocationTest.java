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
 * Once compiled, a product allocates no more than a few matrices: more would be vectors that C2
 * failed to keep in registers, and some ten times slower.
 */
class GemmAllocationTest {
  private static final long LIMIT = 256;

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
  void aWarmProductAllocatesNoVectors(int m, int n, int k, boolean bTransposed) {
    Parallel.setNumThreads(1);
    var a = Matrix.dense(new float[m * k], 0, m, k);
    var b =
        bTransposed
            ? Matrix.dense(new float[k * n], 0, n, k).transposed()
            : Matrix.dense(new float[k * n], 0, k, n);
    var c = Matrix.dense(new float[m * n], 0, m, n);
    long bytes = Long.MAX_VALUE;
    // C2 decides when it is done; on a busy machine that takes a while.
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (bytes > LIMIT && System.nanoTime() < deadline) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      Gemm.run(GemmKernel.of(DType.F32), a, b, c, false);
      bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(bytes).isLessThanOrEqualTo(LIMIT);
  }
}
