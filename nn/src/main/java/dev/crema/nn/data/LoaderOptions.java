package dev.crema.nn.data;

import dev.crema.tensor.Device;
import java.util.Locale;

/**
 * How a {@link DataLoader} makes batches. Start at {@link #DEFAULT} and change what differs: {@code
 * LoaderOptions.DEFAULT.batchSize(32).shuffle(seed)}.
 *
 * @param batchSize samples per batch
 * @param shuffle whether every epoch has another order
 * @param seed where the orders and the transform's chance come from
 * @param dropLast whether to leave out the last batch of an epoch if it is not full
 * @param workers background threads that prepare batches; 0 prepares them on the caller's thread
 * @param prefetch how many batches each worker is ahead
 * @param transform what happens to every image on its way
 * @param device where batches arrive; to a GPU, workers copy them ahead while it computes
 */
public record LoaderOptions(
    int batchSize,
    boolean shuffle,
    long seed,
    boolean dropLast,
    int workers,
    int prefetch,
    ImageTransform transform,
    Device device) {

  /**
   * Batches of 64 in the data set's order, the last one as it comes, one worker 2 batches ahead, on
   * the CPU.
   */
  public static final LoaderOptions DEFAULT =
      new LoaderOptions(64, false, 0, false, 1, 2, ImageTransform.IDENTITY, Device.cpu());

  /** Checks the numbers. */
  public LoaderOptions {
    if (batchSize < 1 || workers < 0 || prefetch < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "data loader: expected batchSize >= 1, workers >= 0 and prefetch >= 1, got %d, %d and"
                  + " %d",
              batchSize,
              workers,
              prefetch));
    }
  }

  public LoaderOptions batchSize(int batchSize) {
    return new LoaderOptions(
        batchSize, shuffle, seed, dropLast, workers, prefetch, transform, device);
  }

  /** Shuffles, from this seed. */
  public LoaderOptions shuffle(long seed) {
    return new LoaderOptions(batchSize, true, seed, dropLast, workers, prefetch, transform, device);
  }

  /** Seeds the transform's chance, and the order if there is shuffling. */
  public LoaderOptions seed(long seed) {
    return new LoaderOptions(
        batchSize, shuffle, seed, dropLast, workers, prefetch, transform, device);
  }

  public LoaderOptions dropLast(boolean dropLast) {
    return new LoaderOptions(
        batchSize, shuffle, seed, dropLast, workers, prefetch, transform, device);
  }

  public LoaderOptions workers(int workers) {
    return new LoaderOptions(
        batchSize, shuffle, seed, dropLast, workers, prefetch, transform, device);
  }

  public LoaderOptions prefetch(int prefetch) {
    return new LoaderOptions(
        batchSize, shuffle, seed, dropLast, workers, prefetch, transform, device);
  }

  public LoaderOptions transform(ImageTransform transform) {
    return new LoaderOptions(
        batchSize, shuffle, seed, dropLast, workers, prefetch, transform, device);
  }

  public LoaderOptions device(Device device) {
    return new LoaderOptions(
        batchSize, shuffle, seed, dropLast, workers, prefetch, transform, device);
  }
}
