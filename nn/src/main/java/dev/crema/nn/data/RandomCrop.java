package dev.crema.nn.data;

import dev.crema.tensor.Generator;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import java.util.Locale;

/**
 * Cuts a square out of an image at a random place, after padding it with zeros on all sides.
 *
 * @param size height and width of what comes out
 * @param padding zeros on each side, in pixels
 */
public record RandomCrop(int size, int padding) implements ImageTransform {
  /** Checks the numbers. */
  public RandomCrop {
    if (size < 1 || padding < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "crop: expected a positive size and no negative padding, got size %d and padding %d",
              size,
              padding));
    }
  }

  @Override
  public float[] apply(float[] image, Shape shape, Generator random) {
    int c = (int) shape.size(0);
    int h = (int) shape.size(1);
    int w = (int) shape.size(2);
    int top = random.nextInt(h + 2 * padding - size + 1) - padding;
    int left = random.nextInt(w + 2 * padding - size + 1) - padding;
    int from = Math.max(0, -left);
    int to = Math.min(size, w - left);
    float[] out = new float[c * size * size];
    for (int channel = 0; channel < c && from < to; channel++) {
      for (int y = Math.max(0, -top); y < Math.min(size, h - top); y++) {
        System.arraycopy(
            image,
            (channel * h + top + y) * w + left + from,
            out,
            (channel * size + y) * size + from,
            to - from);
      }
    }
    return out;
  }

  @Override
  public boolean movesOnly(Shape in) {
    return true;
  }

  @Override
  public Shape shape(Shape in) {
    if (in.size(1) + 2L * padding < size || in.size(2) + 2L * padding < size) {
      throw new ShapeException(
          String.format(
              Locale.ROOT,
              "crop: expected images of at least %d x %d with padding %d, got %s",
              size,
              size,
              padding,
              in));
    }
    return Shape.of(in.size(0), size, size);
  }
}
