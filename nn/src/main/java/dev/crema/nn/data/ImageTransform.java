package dev.crema.nn.data;

import dev.crema.tensor.Generator;
import dev.crema.tensor.Shape;
import java.util.List;

/**
 * Changes an image on its way into a batch. The {@link DataLoader} gives every (seed, epoch,
 * sample) its own generator, so what a random transform does depends on nothing else.
 */
public interface ImageTransform {
  /** Leaves images as they are. */
  ImageTransform IDENTITY = (image, _, _) -> image;

  /**
   * Transforms one image.
   *
   * @param image the pixels, {@code [c, h, w]} row-major; the transform may overwrite them
   * @param shape their shape
   * @param random where chance comes from
   * @return the pixels of the result, of shape {@link #shape}: {@code image} itself or a new array
   */
  float[] apply(float[] image, Shape shape, Generator random);

  /**
   * The shape that images of this shape get.
   *
   * @throws dev.crema.tensor.ShapeException if they do not fit this transform
   */
  default Shape shape(Shape in) {
    return in;
  }

  /** This transform, then {@code next}. */
  default ImageTransform then(ImageTransform next) {
    return Compose.of(this, next);
  }

  /** Transforms one after the other. */
  record Compose(List<ImageTransform> steps) implements ImageTransform {
    /** Takes a copy. */
    public Compose {
      steps = List.copyOf(steps);
    }

    /** These transforms, in this order. */
    public static Compose of(ImageTransform... steps) {
      return new Compose(List.of(steps));
    }

    @Override
    public float[] apply(float[] image, Shape shape, Generator random) {
      for (ImageTransform step : steps) {
        image = step.apply(image, shape, random);
        shape = step.shape(shape);
      }
      return image;
    }

    @Override
    public Shape shape(Shape in) {
      for (ImageTransform step : steps) {
        in = step.shape(in);
      }
      return in;
    }
  }
}
