package dev.crema.cpu;

import dev.crema.tck.ConformanceSuite;
import dev.crema.tensor.Device;
import java.util.List;

/** The CPU backend, at whichever vector width {@code crema.cpu.simd} asks for. */
final class CpuConformanceTest extends ConformanceSuite {
  @Override
  protected Device device() {
    return Device.cpu();
  }

  @Override
  protected List<Integer> threadCounts() {
    return List.of(1, 2, 5);
  }

  @Override
  protected void withThreads(int threads, Runnable run) {
    int before = Parallel.numThreads();
    try {
      Parallel.setNumThreads(threads);
      run.run();
    } finally {
      Parallel.setNumThreads(before);
    }
  }
}
