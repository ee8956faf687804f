package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.backend.Backends;
import dev.crema.cuda.Cuda;
import dev.crema.tensor.Device;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Long training on a GPU. */
@OnGpu
@Tag("soak")
final class GpuSoakTest {
  private static final int STEPS = 10_000;
  private static final int WARM = 200;

  @Test
  void deviceMemoryStaysConstantForTenThousandSteps() {
    Device device = Device.cuda();
    try (var training = new LeNetTraining(device, 64, 6400, 0)) {
      training.steps(WARM);
      long buffers = Backends.get(device).memoryStats().liveBuffers();
      long free = free(device);
      for (int done = WARM; done < STEPS; done += WARM) {
        training.steps(WARM);
        assertThat(Backends.get(device).memoryStats().liveBuffers())
            .as("step " + done)
            .isEqualTo(buffers);
        assertThat(free(device)).as("free bytes at step " + done).isEqualTo(free);
      }
    }
  }

  private static long free(Device device) {
    Cuda.synchronize(device);
    long[] free = new long[1];
    assertThat(JCudaDriver.cuMemGetInfo(free, new long[1])).isZero();
    return free[0];
  }
}
