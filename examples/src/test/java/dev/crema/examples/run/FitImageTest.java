package dev.crema.examples.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.tensor.Generator;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import org.junit.jupiter.api.Test;

class FitImageTest {
  private static final Generator RANDOM = Generator.of(0);

  @Test
  void a_small_image_gets_a_black_edge() {
    float[] fitted =
        new FitImage(1, 4, 4).apply(new float[] {1, 2, 3, 4, 5, 6}, Shape.of(1, 2, 3), RANDOM);

    assertThat(fitted)
        .containsExactly(
            0, 0, 0, 0, //
            1, 2, 3, 0, //
            4, 5, 6, 0, //
            0, 0, 0, 0);
  }

  @Test
  void pixels_are_repeated_a_whole_number_of_times() {
    float[] fitted =
        new FitImage(1, 4, 5).apply(new float[] {1, 2, 3, 4}, Shape.of(1, 2, 2), RANDOM);

    assertThat(fitted)
        .containsExactly(
            1, 1, 2, 2, 0, //
            1, 1, 2, 2, 0, //
            3, 3, 4, 4, 0, //
            3, 3, 4, 4, 0);
  }

  @Test
  void grey_becomes_three_equal_channels() {
    float[] fitted = new FitImage(3, 1, 2).apply(new float[] {7, 8}, Shape.of(1, 1, 2), RANDOM);

    assertThat(fitted).containsExactly(7, 8, 7, 8, 7, 8);
  }

  @Test
  void colour_becomes_luminance() {
    float[] fitted =
        new FitImage(1, 1, 1).apply(new float[] {1, 0.5f, 0}, Shape.of(3, 1, 1), RANDOM);

    assertThat(fitted[0]).isEqualTo(0.299f + 0.587f * 0.5f);
  }

  @Test
  void the_middle_of_a_slightly_larger_image_is_kept() {
    float[] image = new float[8 * 8];
    for (int i = 0; i < image.length; i++) {
      image[i] = i;
    }

    float[] fitted = new FitImage(1, 7, 7).apply(image, Shape.of(1, 8, 8), RANDOM);

    assertThat(fitted[0]).isEqualTo(9);
    assertThat(fitted[48]).isEqualTo(63);
  }

  @Test
  void images_that_are_much_too_large_or_have_other_channels_are_refused() {
    var fit = new FitImage(3, 28, 28);

    assertThat(fit.shape(Shape.of(1, 32, 32))).isEqualTo(Shape.of(3, 28, 28));
    assertThatThrownBy(() -> fit.shape(Shape.of(3, 64, 64)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("[3, 64, 64]")
        .hasMessageContaining("[3, 28, 28]");
    assertThatThrownBy(() -> fit.shape(Shape.of(4, 28, 28))).isInstanceOf(ShapeException.class);
  }
}
