package dev.crema.nn.data;

import dev.crema.tensor.Generator;
import dev.crema.tensor.Shape;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Handwritten-looking digits that need no file and no network: grey images of 28x28 like MNIST's,
 * drawn from models of how each digit is written, with seeded deformations.
 *
 * <p>Sample {@code i} of a seed and split is always the same image, whatever the size of the set,
 * the machine and the number of threads. Digits take turns: sample {@code i} is {@code i mod 10}.
 */
public final class Strokes {
  /** The number of training images that {@link #open} makes. */
  public static final int TRAIN_SIZE = 20_000;

  /** The number of test images that {@link #open} makes. */
  public static final int TEST_SIZE = 2_000;

  private static final List<String> DIGITS =
      List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

  private Strokes() {}

  /** The standard set: seed 0, {@link #TRAIN_SIZE} or {@link #TEST_SIZE} images. */
  public static PixelDataset open(Split split) {
    return generate(split, 0, split == Split.TRAIN ? TRAIN_SIZE : TEST_SIZE);
  }

  /**
   * The first {@code n} images of a seed.
   *
   * @throws IllegalArgumentException if {@code n} is not from 1 to 2,000,000
   */
  public static PixelDataset generate(Split split, long seed, int n) {
    if (n < 1 || n > 2_000_000) {
      throw new IllegalArgumentException("strokes: expected 1 to 2,000,000 images, got " + n);
    }
    int[] labels = IntStream.range(0, n).map(i -> i % 10).toArray();
    byte[] pixels = new byte[n * Pen.SIZE * Pen.SIZE];
    IntStream.range(0, n)
        .parallel()
        .forEach(
            i -> {
              var random = Generator.of(Seeds.mix(seed, split.ordinal(), i));
              new Pen(random).draw(labels[i], pixels, i * Pen.SIZE * Pen.SIZE);
            });
    String name = String.format(Locale.ROOT, "strokes %s, seed %d", split, seed);
    return PixelDataset.wrap(name, Shape.of(1, Pen.SIZE, Pen.SIZE), pixels, labels, DIGITS);
  }
}
