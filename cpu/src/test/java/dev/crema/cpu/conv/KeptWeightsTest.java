package dev.crema.cpu.conv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of a weight is kept while that does not change, and never longer. */
class KeptWeightsTest {
  private static final Conv2dOptions SAME = Conv2dOptions.DEFAULT.padding(1);

  private final ConvPolicy policy = Selection.policy();

  @AfterEach
  void restorePolicy() {
    Selection.setPolicy(policy);
  }

  @ParameterizedTest
  @ValueSource(strings = {"winograd-f4", "im2col"})
  void aWeightThatChangesIsTransformedAgain(String algorithm) {
    Selection.setPolicy(ConvPolicy.pin(algorithm));
    try (var _ = Scope.open("test")) {
      Tensor x = Tensor.randn(1, 32, 8, 8);
      Tensor w = Tensor.randn(32, 32, 3, 3);
      float[] first = x.conv2d(w, null, SAME).toFloatArray();
      assertThat(x.conv2d(w, null, SAME).toFloatArray()).isEqualTo(first);
      assertThat(x.conv2d(w, null, SAME).toFloatArray()).isEqualTo(first);
      w.mul_(2);
      float[] doubled = x.conv2d(w, null, SAME).toFloatArray();
      float[] again = x.conv2d(w, null, SAME).toFloatArray();
      for (int i = 0; i < first.length; i++) {
        assertThat(doubled[i]).isEqualTo(2 * first[i]);
      }
      assertThat(again).isEqualTo(doubled);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"winograd-f4", "im2col"})
  void groupsAndPartsOfAWeightAreNotTakenForEachOther(String algorithm) {
    Selection.setPolicy(ConvPolicy.pin(algorithm));
    try (var _ = Scope.open("test")) {
      Tensor both = Tensor.randn(2, 32, 32, 3, 3);
      Tensor x = Tensor.randn(1, 32, 8, 8);
      for (int i = 0; i < 3; i++) {
        for (int part = 0; part < 2; part++) {
          Tensor w = both.select(0, part);
          assertThat(x.conv2d(w, null, SAME).toFloatArray())
              .isEqualTo(x.conv2d(w.mul(1), null, SAME).toFloatArray());
        }
      }
    }
  }

  @Test
  void somethingIsKeptFromTheSecondUseOfTheSameElementsOn() {
    try (var _ = Scope.open("test")) {
      var buffer = (CpuBuffer) Tensor.randn(3).view().buffer();
      assertThat(buffer.kept("key", Object::new)).as("first use").isNull();
      Object kept = buffer.kept("key", Object::new);
      assertThat(kept).as("second use").isNotNull();
      assertThat(buffer.kept("key", Object::new)).isSameAs(kept);
      assertThat(buffer.kept("other", Object::new)).as("for something else").isNull();
      buffer.touch();
      assertThat(buffer.kept("other", Object::new)).as("after a change").isNull();
    }
  }

  @Test
  void ofAnArrayThatOthersMayWriteNothingIsKept() {
    try (var _ = Scope.open("test")) {
      var buffer = (CpuBuffer) Tensor.wrap(new float[] {1, 2, 3}, 3).view().buffer();
      assertThat(buffer.kept("key", Object::new)).isNull();
      assertThat(buffer.kept("key", Object::new)).isNull();
    }
  }
}
