package dev.crema.examples.run;

import dev.crema.nn.data.DataHome;
import dev.crema.nn.data.DataLoader;
import dev.crema.nn.data.Dataset;
import dev.crema.nn.data.ImageFolder;
import dev.crema.nn.data.ImageTransform;
import dev.crema.nn.data.KnownDataset;
import dev.crema.nn.data.LoaderOptions;
import dev.crema.nn.data.Normalize;
import dev.crema.nn.data.Split;
import dev.crema.nn.data.Strokes;
import dev.crema.nn.data.Subset;
import dev.crema.tensor.Device;
import dev.crema.tensor.Shape;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The two halves of a data set, each opened when it is first asked for, and how their images become
 * a network's input.
 */
public final class DataSource {
  /** Threads that prepare batches. What is in a batch does not depend on it. */
  static final int WORKERS = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);

  /**
   * Test images at once. Fixed, since the size of a batch can change the last bit of a score, and
   * the same weights shall have the same accuracy whenever it is measured.
   */
  private static final int TEST_BATCH = 100;

  private final Function<Split, Dataset> opener;
  private final Normalize stats;
  private final Shape input;
  private @Nullable Dataset train;
  private @Nullable Dataset test;

  private DataSource(Function<Split, Dataset> opener, Normalize stats, Shape input) {
    this.opener = opener;
    this.stats = stats;
    this.input = input;
  }

  /**
   * The digits that are drawn by the program itself.
   *
   * @param input one image as the network takes it, [c, h, w]
   * @param limit how many training images are used at most; null for all
   */
  public static DataSource strokes(Shape input, @Nullable Integer limit) {
    return new DataSource(
        half ->
            half == Split.TRAIN
                ? Strokes.generate(half, 0, atMost(limit, Strokes.TRAIN_SIZE))
                : Strokes.open(half),
        Normalize.MNIST,
        input);
  }

  /** A data set with a name; input and limit as for {@link #strokes}. */
  public static DataSource known(
      KnownDataset dataset, DataHome home, Shape input, @Nullable Integer limit) {
    Normalize stats =
        switch (dataset) {
          case MNIST -> Normalize.MNIST;
          case FASHION_MNIST -> Normalize.FASHION_MNIST;
          case CIFAR10 -> Normalize.CIFAR10;
        };
    return new DataSource(half -> limited(dataset.open(home, half), half, limit), stats, input);
  }

  /**
   * Pictures in a folder per class, or a zip file of such folders; input and limit as for {@link
   * #strokes}.
   */
  public static DataSource folder(Path location, Shape input, @Nullable Integer limit) {
    int size = (int) input.size(1);
    return new DataSource(
        half -> limited(ImageFolder.open(location, half, size), half, limit),
        Normalize.IMAGENET,
        input);
  }

  /** To learn from. */
  public Dataset train() {
    if (train == null) {
      train = opener.apply(Split.TRAIN);
    }
    return train;
  }

  /** Held back to judge by, always whole. */
  public Dataset test() {
    if (test == null) {
      test = opener.apply(Split.TEST);
    }
    return test;
  }

  /** The training images in batches on a device, in an order that the seed decides. */
  DataLoader trainBatches(int batchSize, long seed, Device device) {
    return batches(
        train(), LoaderOptions.DEFAULT.batchSize(batchSize).shuffle(seed).device(device));
  }

  /** The test images on a device, in order. */
  public DataLoader testBatches(Device device) {
    return batches(test(), LoaderOptions.DEFAULT.batchSize(TEST_BATCH).device(device));
  }

  private DataLoader batches(Dataset images, LoaderOptions options) {
    return new DataLoader(
        images, options.workers(WORKERS).transform(transform(images.imageShape())));
  }

  /** Fits every image to the network and normalises it. */
  private ImageTransform transform(Shape image) {
    Normalize normalize = stats.forChannels((int) input.size(0));
    return image.equals(input)
        ? normalize
        : new FitImage((int) input.size(0), (int) input.size(1), (int) input.size(2))
            .then(normalize);
  }

  /** Of the training images every k-th, so that a set which is sorted by class keeps them all. */
  private static Dataset limited(Dataset all, Split half, @Nullable Integer limit) {
    int n = atMost(limit, all.size());
    if (half == Split.TEST || n == all.size()) {
      return all;
    }
    int[] chosen = IntStream.range(0, n).map(i -> (int) ((long) i * all.size() / n)).toArray();
    return Subset.of(all, chosen);
  }

  private static int atMost(@Nullable Integer limit, int size) {
    return limit == null ? size : Math.min(limit, size);
  }
}
