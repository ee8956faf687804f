package dev.crema.natives;

import dev.crema.tck.ConformanceSuite;
import dev.crema.tensor.Device;

/** The CUDA backend, its kernels on the CPU. */
@OnCpuDriver
final class CudaConformanceTest extends ConformanceSuite {
  @Override
  protected Device device() {
    return Device.cuda();
  }
}
