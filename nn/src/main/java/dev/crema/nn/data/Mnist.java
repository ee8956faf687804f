package dev.crema.nn.data;

import dev.crema.nn.io.DataException;
import dev.crema.tensor.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * MNIST and the data sets in its format: grey images and their labels in two {@link Idx} files.
 * Found in {@code mnist/} (or {@code fashion-mnist/}) under a data home, or in torchvision's {@code
 * MNIST/raw/}; gzipped or plain.
 */
public final class Mnist {
  private static final List<String> DIGITS =
      List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
  private static final List<String> CLOTHES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  private Mnist() {}

  /** The handwritten digits. */
  public static PixelDataset digits(DataHome home, Split split) {
    return read(find(KnownDataset.MNIST, home, split), DIGITS);
  }

  /** Fashion-MNIST: articles of clothing. */
  public static PixelDataset fashion(DataHome home, Split split) {
    return read(find(KnownDataset.FASHION_MNIST, home, split), CLOTHES);
  }

  /** The images' file and the labels'. */
  static List<Path> find(KnownDataset dataset, DataHome home, Split split) {
    String torchvision = dataset == KnownDataset.MNIST ? "MNIST/raw" : "FashionMNIST/raw";
    String prefix = split == Split.TRAIN ? "train" : "t10k";
    var wanted = List.of(spellings(prefix + "-images", 3), spellings(prefix + "-labels", 1));
    return home.find(dataset, List.of(dataset.toString(), torchvision), wanted);
  }

  private static PixelDataset read(List<Path> found, List<String> classNames) {
    return read(found.get(0), found.get(1), classNames);
  }

  private static List<String> spellings(String name, int rank) {
    String dash = name + "-idx" + rank + "-ubyte";
    String dot = name + ".idx" + rank + "-ubyte";
    return List.of(dash + ".gz", dash, dot + ".gz", dot);
  }

  /**
   * Reads a pair of files.
   *
   * @param images an IDX file of shape [n, h, w]
   * @param labels an IDX file of shape [n]
   * @param classNames what the labels mean
   * @return images of shape [1, h, w]
   * @throws DataException if they are not such files or do not belong together
   */
  public static PixelDataset read(Path images, Path labels, List<String> classNames) {
    Idx pixels = Idx.read(images, 3);
    Idx classes = Idx.read(labels, 1);
    if (pixels.shape().size(0) != classes.shape().size(0)) {
      throw new DataException(
          labels,
          String.format(
              Locale.ROOT,
              "%,d labels, one per image of %s",
              pixels.shape().size(0),
              images.getFileName()),
          String.format(Locale.ROOT, "%,d", classes.shape().size(0)),
          "the two files belong to different sets");
    }
    byte[] bytes = classes.data();
    int[] values = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      values[i] = bytes[i] & 0xFF;
    }
    Shape image = Shape.of(1, pixels.shape().size(1), pixels.shape().size(2));
    return PixelDataset.wrap(images.toString(), image, pixels.data(), values, classNames);
  }
}
