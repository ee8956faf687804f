package dev.crema.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The table of layers. */
class SummaryTest {
  private final Sequential model =
      new Sequential(
          new Sequential(new Conv2d(1, 4, 3), new BatchNorm2d(4), new ReLU()),
          new AdaptiveAvgPool2d(1),
          new Flatten(),
          new Dropout(0.5),
          new Linear(4, 1000));

  @Test
  void theTableReadsWell() {
    model.get(4).requiresGrad_(false);
    assertThat(model.summary(2, 1, 8, 8))
        .hasToString(
            """
            Sequential, input [2, 1, 8, 8]
            layer  type               output shape  parameters  multiply-adds
            0.0    Conv2d             [2, 4, 6, 6]          40          2,592
            0.1    BatchNorm2d        [2, 4, 6, 6]           8              -
            0.2    ReLU               [2, 4, 6, 6]           -              -
            1      AdaptiveAvgPool2d  [2, 4, 1, 1]           -              -
            2      Flatten            [2, 4]                 -              -
            3      Dropout            [2, 4]                 -              -
            4      Linear             [2, 1000]          5,000          8,000
            parameters: 5,048 (trainable 48, frozen 5,000)
            multiply-adds: 10,592 (0.00 G)
            memory: parameters 0.0 MiB, activations 0.0 MiB\
            """);
  }

  @Test
  void memoryCountsParametersAndResultsButNoViews() {
    var summary = model.summary(2, 1, 8, 8);
    assertThat(summary.parameterBytes()).isEqualTo(4 * 5048);
    assertThat(summary.activationBytes()).isEqualTo(4 * (3 * 288 + 8 + 2000));
  }

  @Test
  void layersThatRunTwiceCountTheirParametersOnce() {
    var shared = new Linear(3, 3);
    var summary = new Sequential(shared, new ReLU(), shared).summary(1, 3);
    assertThat(summary.rows()).extracting(Summary.Row::parameters).containsExactly(12L, 0L, 0L);
    assertThat(summary.parameters()).isEqualTo(12);
    assertThat(summary.multiplyAdds()).isEqualTo(18);
  }

  @Test
  void theModelIsLeftAsItWas() {
    model.get(0).eval();
    float[] mean = model.getBuffer("0.1.running_mean").toFloatArray();
    model.summary(2, 1, 8, 8);
    assertThat(model.isTraining()).isTrue();
    assertThat(model.get(0).isTraining()).isFalse();
    assertThat(model.getBuffer("0.1.running_mean").toFloatArray()).containsExactly(mean);
    assertThat(model.call(Tensor.rand(2, 1, 8, 8)).shape()).isEqualTo(Shape.of(2, 1000));
  }
}
