package dev.crema.natives;

import static dev.crema.cases.Tolerance.EXACT;

import dev.crema.cases.OpCase;
import dev.crema.tck.ConformanceSuite;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import java.util.List;

/** The CUDA backend on a GPU. */
@OnGpu
final class GpuConformanceTest extends ConformanceSuite {
  /** Sums of this many terms: what cases of conv2d with other than integers may differ by. */
  private static final int TERMS = 64;

  /**
   * Of integers, cuDNN's sums are not exact: by its own choice it transforms small kernels
   * (Winograd) and images (FFT), in f32.
   */
  @Override
  protected List<OpCase> cases() {
    return super.cases().stream()
        .map(c -> c.op().equals("conv2d") && c.tolerance().equals(EXACT) ? c.sums(TERMS) : c)
        .toList();
  }

  @Override
  protected Device device() {
    return Device.cuda();
  }

  @Override
  protected List<DType> halves() {
    return List.of(DType.F16, DType.BF16);
  }
}
