package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.nn.Module;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import java.util.List;
import org.assertj.core.data.Offset;

/**
 * LeNet under autocast against f32. A product's operands are off by up to half a unit of 2^-8 in
 * bf16 and of 2^-11 in f16. The first losses, of about 2.3, show just that; then Adam, which takes
 * small gradients for large ones, makes the difference grow.
 */
final class HalfTraining {
  private static final int STEPS = 20;

  private HalfTraining() {}

  static void agreesWithF32(Device device, DType half, int batch) {
    List<Float> expected = losses(device, DType.F32, batch);
    List<Float> got = losses(device, half, batch);
    System.out.printf("losses f32: %s%nlosses %s: %s%n", expected, half, got);
    Offset<Float> early = Offset.offset(half == DType.BF16 ? 4e-3f : 1e-3f);
    Offset<Float> late = Offset.offset(0.05f);
    for (int i = 0; i < STEPS; i++) {
      assertThat(got.get(i))
          .as("loss of step " + i)
          .isCloseTo(expected.get(i), i < 4 ? early : late);
    }
    assertThat(got).as("it is another computation").isNotEqualTo(expected);
    assertThat(got.getLast()).as("it learns").isLessThan(got.getFirst() - 0.05f);
  }

  private static List<Float> losses(Device device, DType precision, int batch) {
    try (var training = new LeNetTraining(device, batch, STEPS * batch, precision)) {
      return training.steps(STEPS);
    }
  }

  /** A scale that f16 cannot carry: steps are left out until it fits, and then it learns. */
  static void leavesOverflowsOut(Device device) {
    try (var training = new LeNetTraining(device, 8, 160, DType.F16)) {
      training.step();
      training.scaler().initScale(0x1p40);
      List<float[]> before = weights(training.model());
      training.step();
      training.step();
      assertThat(training.scaler().getScale()).isEqualTo(0x1p38);
      List<float[]> after = weights(training.model());
      for (int i = 0; i < before.size(); i++) {
        assertThat(after.get(i)).containsExactly(before.get(i));
      }
      training.scaler().initScale(1024);
      training.step();
      assertThat(training.scaler().getScale()).isEqualTo(1024);
      assertThat(weights(training.model()).getFirst()).isNotEqualTo(before.getFirst());
    }
  }

  private static List<float[]> weights(Module model) {
    return model.parameters().stream().map(p -> p.toFloatArray()).toList();
  }
}
