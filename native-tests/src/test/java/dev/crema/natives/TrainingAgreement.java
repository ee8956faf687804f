package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.tensor.Device;
import java.util.List;
import org.assertj.core.data.Offset;

/**
 * The same training on two devices. Both add up in f32 in orders of their own, so each step's
 * gradients differ by a few units in the last place; 20 steps of Adam keep that below 1e-3 of a
 * loss that falls from 2.3.
 */
final class TrainingAgreement {
  static final int STEPS = 20;
  private static final Offset<Float> BOUND = Offset.offset(1e-3f);

  private TrainingAgreement() {}

  static void check(Device device, Device reference, int batch) {
    List<Float> expected = losses(reference, batch);
    List<Float> got = losses(device, batch);
    System.out.printf("losses %s: %s%nlosses %s: %s%n", reference, expected, device, got);
    for (int i = 0; i < STEPS; i++) {
      assertThat(got.get(i)).as("loss of step " + i).isCloseTo(expected.get(i), BOUND);
    }
    assertThat(got.getLast()).as("it learns").isLessThan(got.getFirst() - 0.05f);
  }

  private static List<Float> losses(Device device, int batch) {
    try (var training = new LeNetTraining(device, batch, STEPS * batch)) {
      return training.steps(STEPS);
    }
  }
}
