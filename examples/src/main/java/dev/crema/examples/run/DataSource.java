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
import dev.crema.tensor.Shape;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The two halves of a data set, and how its images become a network's input.
 *
 * @param name as it was asked for
 * @param train to learn from
 * @param test held back to judge by
 * @param transform fits every image to the network and normalises it
 */
public record DataSource(String name, Dataset train, Dataset test, ImageTransform transform) {
  /** Threads that prepare batches. What is in a batch does not depend on it. */
  static final int WORKERS = Math.max(1, Runtime.getRuntime().availableProcessors() / 4);

  /**
   * Test images at once. Fixed, since the size of a batch can change the last bit of a score, and
   * the same weights shall have the same accuracy whenever it is measured.
   */
  private static final int TEST_BATCH = 100;

  /** The digits that are drawn by the program itself. */
  public static DataSource strokes(Shape input, @Nullable Integer limit) {
    return of(
        "strokes",
        Strokes.generate(Split.TRAIN, 0, atMost(limit, Strokes.TRAIN_SIZE)),
        Strokes.generate(Split.TEST, 0, atMost(limit, Strokes.TEST_SIZE)),
        Normalize.MNIST,
        input,
        null);
  }

  /** A data set with a name. */
  public static DataSource known(
      KnownDataset dataset, DataHome home, Shape input, @Nullable Integer limit) {
    Normalize stats =
        switch (dataset) {
          case MNIST -> Normalize.MNIST;
          case FASHION_MNIST -> Normalize.FASHION_MNIST;
          case CIFAR10 -> Normalize.CIFAR10;
        };
    return of(
        dataset.toString(),
        dataset.open(home, Split.TRAIN),
        dataset.open(home, Split.TEST),
        stats,
        input,
        limit);
  }

  /** Pictures in a folder per class, or a zip file of such folders. */
  public static DataSource folder(Path location, Shape input, @Nullable Integer limit) {
    int size = (int) input.size(1);
    return of(
        location.toString(),
        ImageFolder.open(location, Split.TRAIN, size),
        ImageFolder.open(location, Split.TEST, size),
        Normalize.IMAGENET,
        input,
        limit);
  }

  private static DataSource of(
      String name,
      Dataset train,
      Dataset test,
      Normalize stats,
      Shape input,
      @Nullable Integer limit) {
    Normalize normalize = stats.forChannels((int) input.size(0));
    ImageTransform transform =
        train.imageShape().equals(input)
            ? normalize
            : new FitImage((int) input.size(0), (int) input.size(1), (int) input.size(2))
                .then(normalize);
    return new DataSource(name, sample(train, limit), sample(test, limit), transform);
  }

  /** The test images, in order. */
  public DataLoader testBatches() {
    return new DataLoader(
        test, LoaderOptions.DEFAULT.batchSize(TEST_BATCH).workers(WORKERS).transform(transform));
  }

  /** Every k-th image, so that a set which is sorted by class keeps all its classes. */
  private static Dataset sample(Dataset all, @Nullable Integer limit) {
    int n = atMost(limit, all.size());
    if (n == all.size()) {
      return all;
    }
    int[] chosen = IntStream.range(0, n).map(i -> (int) ((long) i * all.size() / n)).toArray();
    return Subset.of(all, chosen);
  }

  private static int atMost(@Nullable Integer limit, int size) {
    return limit == null ? size : Math.min(limit, size);
  }
}
