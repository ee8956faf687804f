package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.tensor.Device;
import org.junit.jupiter.api.Test;

/** LeNet on the CPU-executing driver. */
@OnCpuDriver
final class CudaTrainingTest {
  @Test
  void lossesAreTheCpusWithinRounding() {
    TrainingAgreement.check(Device.cuda(), Device.cpu(), 32);
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    try (var one = new LeNetTraining(Device.cuda(), 8, 80);
        var other = new LeNetTraining(Device.cuda(1), 8, 80)) {
      assertThat(one.steps(5)).isEqualTo(other.steps(5));
    }
  }

  @Test
  void aStepWaitsOnceForItsLossAndOtherwiseNever() {
    // Without workers: how many batches they have on the way, and so in memory, is a matter of
    // luck.
    try (var training = new LeNetTraining(Device.cuda(), 8, 80, 0)) {
      training.steps(2);
      CpuDriver.get().reset();
      training.steps(4);
      var calls = CpuDriver.get().calls();
      assertThat(calls.getOrDefault("cuStreamSynchronize", 0L)).isLessThanOrEqualTo(4);
      assertThat(calls).doesNotContainKeys("cuCtxSynchronize", "cuMemAlloc_v2", "cuMemFree_v2");
    }
  }
}
