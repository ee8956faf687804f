package dev.crema.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.crema.tensor.Generator;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ImageTransformTest {
  private static final Shape TINY = Shape.of(2, 2, 3);

  private static float[] tiny() {
    return new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  }

  @Test
  void normalizeWorksPerChannel() {
    var normalize = Normalize.of(new float[] {1, 6}, new float[] {2, 0.5f});
    assertThat(normalize.apply(tiny(), TINY, Generator.of(0)))
        .containsExactly(-0.5f, 0, 0.5f, 1, 1.5f, 2, 0, 2, 4, 6, 8, 10);
  }

  @Test
  void normalizeRefusesOtherChannelsAndBadNumbers() {
    assertThatThrownBy(() -> Normalize.CIFAR10.shape(Shape.of(1, 28, 28)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("3 channels")
        .hasMessageContaining("[1, 28, 28]");
    assertThatThrownBy(() -> Normalize.of(new float[] {0}, new float[] {0}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Normalize.of(new float[] {0, 1}, new float[] {1}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void flipMirrorsEveryRowOfEveryChannel() {
    assertThat(new RandomHorizontalFlip(1).apply(tiny(), TINY, Generator.of(0)))
        .containsExactly(2, 1, 0, 5, 4, 3, 8, 7, 6, 11, 10, 9);
    assertThat(new RandomHorizontalFlip(0).apply(tiny(), TINY, Generator.of(0))).isEqualTo(tiny());
  }

  @Test
  void flipHappensAsOftenAsAsked() {
    int flipped = 0;
    for (int seed = 0; seed < 2000; seed++) {
      float[] out = new RandomHorizontalFlip(0.3).apply(tiny(), TINY, Generator.of(seed));
      flipped += out[0] == 2 ? 1 : 0;
    }
    assertThat(flipped / 2000.0).isCloseTo(0.3, within(0.04));
  }

  @Test
  void cropTakesEveryPlaceAndPadsWithZeros() {
    Set<String> seen = new HashSet<>();
    var crop = new RandomCrop(2, 1);
    assertThat(crop.shape(TINY)).isEqualTo(Shape.of(2, 2, 2));
    for (int seed = 0; seed < 300; seed++) {
      float[] out = crop.apply(tiny(), TINY, Generator.of(seed));
      assertThat(out).hasSize(8);
      seen.add(cropName(out));
    }
    assertThat(seen).as("3 rows x 4 columns of places").hasSize(12);
  }

  /** Finds where the crop was taken, checking all of its pixels. */
  private static String cropName(float[] out) {
    for (int top = -1; top <= 1; top++) {
      for (int left = -1; left <= 2; left++) {
        boolean same = true;
        for (int i = 0; i < 8; i++) {
          int c = i / 4;
          int y = top + i / 2 % 2;
          int x = left + i % 2;
          boolean inside = y >= 0 && y < 2 && x >= 0 && x < 3;
          same &= out[i] == (inside ? tiny()[c * 6 + y * 3 + x] : 0);
        }
        if (same) {
          return top + "," + left;
        }
      }
    }
    throw new AssertionError("no place fits the crop");
  }

  @Test
  void cropSurvivesPaddingWiderThanTheImage() {
    for (int seed = 0; seed < 200; seed++) {
      float[] out = new RandomCrop(2, 9).apply(tiny(), TINY, Generator.of(seed));
      assertThat(out).hasSize(8);
    }
  }

  @Test
  void cropRefusesImagesThatAreTooSmall() {
    assertThatThrownBy(() -> new RandomCrop(5, 1).shape(TINY))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("at least 5 x 5")
        .hasMessageContaining("[2, 2, 3]");
    assertThatThrownBy(() -> new RandomCrop(0, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aChainAppliesItsStepsInOrder() {
    ImageTransform chain =
        new RandomHorizontalFlip(1)
            .then(new RandomCrop(2, 0))
            .then(Normalize.of(new float[] {0, 0}, new float[] {2, 2}));
    assertThat(chain.shape(TINY)).isEqualTo(Shape.of(2, 2, 2));
    float[] out = chain.apply(tiny(), TINY, Generator.of(3));
    assertThat(out).hasSize(8);
    assertThat(out[0] - out[1]).as("mirrored, then halved").isEqualTo(0.5f);
  }
}
