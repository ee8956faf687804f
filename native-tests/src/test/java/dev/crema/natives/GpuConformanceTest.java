package dev.crema.natives;

import dev.crema.tck.ConformanceSuite;
import dev.crema.tensor.Device;

/** The CUDA backend on a GPU. */
@OnGpu
final class GpuConformanceTest extends ConformanceSuite {
  @Override
  protected Device device() {
    return Device.cuda();
  }
}
