package dev.crema.nn.data;

import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Shape;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Makes batches of a data set, epoch after epoch, ahead of time on background threads.
 *
 * {@snippet :
 * var loader = new DataLoader(train, LoaderOptions.DEFAULT.batchSize(64).shuffle(seed));
 * for (int epoch = 0; epoch < epochs; epoch++) {
 *   for (Batch batch : loader) {
 *     try (batch; var step = Scope.open("step")) {
 *       ...
 *     }
 *   }
 * }
 * }
 *
 * <p>What is in a batch depends on the seed, the epoch and the batch's number, never on the number
 * of workers or their timing. An error while preparing a batch is thrown to whoever asks for that
 * batch.
 */
public final class DataLoader implements Iterable<Batch> {
  private final Dataset dataset;
  private final LoaderOptions options;
  private final Shape batchImageShape;
  private final Packing packing;
  private int nextEpoch;

  /**
   * A loader that starts at epoch 0.
   *
   * @throws dev.crema.tensor.ShapeException if the transform does not fit the images
   */
  public DataLoader(Dataset dataset, LoaderOptions options) {
    this.dataset = dataset;
    this.options = options;
    this.batchImageShape = options.transform().shape(dataset.imageShape());
    this.packing = Packing.of(dataset, options);
    // Fails here rather than in a worker if a batch would not fit in an array.
    Math.toIntExact(Math.multiplyExact(batchImageShape.numel(), options.batchSize()));
  }

  /** The number of batches in an epoch. */
  public int batches() {
    int size = options.batchSize();
    return options.dropLast() ? dataset.size() / size : Math.ceilDiv(dataset.size(), size);
  }

  /** The number of samples in an epoch: all of them, but for a last batch that is dropped. */
  public int samples() {
    return options.dropLast() ? batches() * options.batchSize() : dataset.size();
  }

  public Dataset dataset() {
    return dataset;
  }

  public LoaderOptions options() {
    return options;
  }

  /** Starts the next epoch: 0 at first, then 1, and so on. */
  @Override
  public Epoch iterator() {
    return epoch(nextEpoch++);
  }

  /** Starts the next epoch, with batches on this device whatever the options say. */
  public Epoch iterator(Device device) {
    return device.equals(options.device())
        ? iterator()
        : new DataLoader(dataset, options.device(device)).epoch(nextEpoch++);
  }

  /** Starts a given epoch, for example to go on after a checkpoint; {@link #iterator} continues. */
  public Epoch epoch(int number) {
    nextEpoch = number + 1;
    int[] order =
        options.shuffle()
            ? Generator.of(Seeds.mix(options.seed(), number, -1)).permutation(dataset.size())
            : IntStream.range(0, dataset.size()).toArray();
    return new Epoch(this, number, order);
  }

  Prepared.Raw raw(int n) {
    return new Prepared.Raw(packing.array(n * (int) batchImageShape.numel()), new long[n]);
  }

  /**
   * Reads and transforms the samples {@code order[from ..]} into {@code raw}.
   *
   * @return whether it is complete; not so if {@code stop} said to stop
   */
  boolean fill(Prepared.Raw raw, int epoch, int[] order, int from, BooleanSupplier stop) {
    Shape in = dataset.imageShape();
    ImageTransform transform = packing.before();
    int out = (int) batchImageShape.numel();
    float[] image = new float[(int) in.numel()];
    for (int i = 0; i < raw.labels().length; i++) {
      if (stop.getAsBoolean()) {
        return false;
      }
      int index = order[from + i];
      raw.labels()[i] = dataset.label(index);
      if (transform == ImageTransform.IDENTITY && raw.images() instanceof float[] images) {
        dataset.read(index, images, i * out);
      } else {
        dataset.read(index, image, 0);
        var random = Generator.of(Seeds.mix(options.seed(), epoch, index));
        packing.pack(transform.apply(image, in, random), raw.images(), i * out);
      }
    }
    return true;
  }

  /** Sends it on its way; what {@code done} is given may be filled anew. */
  Prepared send(Prepared.Raw raw, Consumer<Prepared.Raw> done) {
    Shape image = batchImageShape;
    Shape shape = Shape.of(raw.labels().length, image.size(0), image.size(1), image.size(2));
    Device device = options.device();
    if (device.equals(Device.cpu())) {
      return new Prepared.Here(raw, shape, done);
    }
    Prepared sent = Prepared.Sent.to(device, raw, shape, packing);
    done.accept(raw);
    return sent;
  }
}
