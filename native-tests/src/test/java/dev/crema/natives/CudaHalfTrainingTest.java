package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Training in f16 and bf16 on the CPU-executing driver. */
@OnCpuDriver
final class CudaHalfTrainingTest {
  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void lossesAreThoseOfF32WithinRounding(DType half) {
    HalfTraining.agreesWithF32(Device.cuda(), half, 32);
  }

  @Test
  void anOverflowIsLeftOut() {
    HalfTraining.leavesOverflowsOut(Device.cuda());
  }

  @Test
  void aScaledStepWaitsForItsLossAndTheFlagOfTheLastStepAlone() {
    try (var training = new LeNetTraining(Device.cuda(), 8, 80, DType.F16)) {
      training.steps(2);
      CpuDriver.get().reset();
      training.steps(4);
      assertThat(CpuDriver.get().calls().getOrDefault("cuStreamSynchronize", 0L))
          .isLessThanOrEqualTo(8);
    }
  }
}
