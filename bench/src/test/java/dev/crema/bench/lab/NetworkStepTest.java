package dev.crema.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.nn.models.Models;
import dev.crema.tensor.Device;
import dev.crema.tensor.Shape;
import org.junit.jupiter.api.Test;

class NetworkStepTest {
  private static NetworkStep lenet(boolean training) {
    return new NetworkStep(Models.get("lenet"), 4, training, Device.cpu());
  }

  @Test
  void training_learns_its_batch_and_inference_changes_nothing() {
    try (var training = lenet(true);
        var inference = lenet(false)) {
      double start = training.loss();
      assertThat(inference.loss()).isEqualTo(start);

      for (int i = 0; i < 3; i++) {
        training.run();
        inference.run();
      }

      assertThat(training.loss()).isLessThan(start);
      assertThat(inference.loss()).isEqualTo(start);
    }
  }

  @Test
  void its_state_is_the_networks_and_the_batch() {
    try (var step = lenet(true)) {
      assertThat(step.state()).containsKeys("features.0.weight", "classifier.4.bias");
      assertThat(step.state())
          .hasEntrySatisfying("input", t -> assertThat(t.shape()).isEqualTo(Shape.of(4, 1, 28, 28)))
          .hasEntrySatisfying("labels", t -> assertThat(t.shape()).isEqualTo(Shape.of(4)));
    }
  }

  @Test
  void a_step_of_training_is_three_times_the_work_of_an_inference() {
    try (var training = lenet(true);
        var inference = lenet(false)) {
      // 6 5x5 filters on 28x28 and 16 on 10x10, then 400-120-84-10; of 4 images.
      double multiplyAdds = 784 * 25 * 6 + 100 * 25 * 6 * 16 + 400 * 120 + 120 * 84 + 84 * 10;
      assertThat(inference.flops()).isEqualTo(2 * 4 * multiplyAdds);
      assertThat(training.flops()).isEqualTo(3 * inference.flops());
    }
  }
}
