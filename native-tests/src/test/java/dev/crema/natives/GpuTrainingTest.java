package dev.crema.natives;

import dev.crema.tensor.Device;
import org.junit.jupiter.api.Test;

/** LeNet on a GPU. */
@OnGpu
final class GpuTrainingTest {
  @Test
  void lossesAreTheCpusWithinRounding() {
    TrainingAgreement.check(Device.cuda(), Device.cpu(), 32);
  }
}
