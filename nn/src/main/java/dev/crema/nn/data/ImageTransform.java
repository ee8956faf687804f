package dev.crema.nn.data;

import dev.crema.tensor.Generator;
import dev.crema.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;

/**
 * Changes an image on its way into a batch. The {@link DataLoader} gives every (seed, epoch,
 * sample) its own generator, so what a random transform does depends on nothing else.
 */
public interface ImageTransform {
  /** Leaves images as they are. */
  ImageTransform IDENTITY =
      new ImageTransform() {
        @Override
        public float[] apply(float[] image, Shape shape, Generator random) {
          return image;
        }

        @Override
        public boolean movesOnly(Shape in) {
          return true;
        }
      };

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

  /**
   * Whether every pixel that comes out of images of this shape went in, or is 0: true of crops and
   * flips, not of what computes.
   */
  default boolean movesOnly(Shape in) {
    return false;
  }

  /** This transform, then {@code next}. */
  default ImageTransform then(ImageTransform next) {
    return Compose.of(this, next);
  }

  /** Transforms one after the other. */
  record Compose(List<ImageTransform> steps) implements ImageTransform {
    /** Takes a copy, with the steps of steps in their place. */
    public Compose {
      steps =
          steps.stream()
              .flatMap(step -> step instanceof Compose c ? c.steps.stream() : Stream.of(step))
              .toList();
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

    @Override
    public boolean movesOnly(Shape in) {
      for (ImageTransform step : steps) {
        if (!step.movesOnly(in)) {
          return false;
        }
        in = step.shape(in);
      }
      return true;
    }
  }
}
