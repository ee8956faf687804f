package dev.crema.natives;

import dev.crema.tck.ConformanceSuite;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import java.util.List;

/** The CUDA backend, its kernels on the CPU. */
@OnCpuDriver
final class CudaConformanceTest extends ConformanceSuite {
  @Override
  protected Device device() {
    return Device.cuda();
  }

  @Override
  protected List<DType> halves() {
    return List.of(DType.F16, DType.BF16);
  }
}
