package dev.crema.nn.data;

import dev.crema.tensor.Generator;
import dev.crema.tensor.Shape;

/**
 * Mirrors an image left to right, now and then.
 *
 * @param p how often, from 0 to 1
 */
public record RandomHorizontalFlip(double p) implements ImageTransform {
  /** Checks the probability. */
  public RandomHorizontalFlip {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException("flip: expected a probability from 0 to 1, got " + p);
    }
  }

  /** Mirrors every other image. */
  public RandomHorizontalFlip() {
    this(0.5);
  }

  @Override
  public float[] apply(float[] image, Shape shape, Generator random) {
    if (random.nextDouble() >= p) {
      return image;
    }
    int w = (int) shape.size(2);
    for (int row = 0; row < image.length; row += w) {
      for (int left = row, right = row + w - 1; left < right; left++, right--) {
        float swap = image[left];
        image[left] = image[right];
        image[right] = swap;
      }
    }
    return image;
  }

  @Override
  public boolean movesOnly(Shape in) {
    return true;
  }
}
