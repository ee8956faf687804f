package dev.crema.natives;

import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Training in f16 and bf16 on a GPU. */
@OnGpu
final class GpuHalfTrainingTest {
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void lossesAreThoseOfF32WithinRounding(DType half) {
    HalfTraining.agreesWithF32(Device.cuda(), half, 256);
  }

  @Test
  void anOverflowIsLeftOut() {
    HalfTraining.leavesOverflowsOut(Device.cuda());
  }
}
