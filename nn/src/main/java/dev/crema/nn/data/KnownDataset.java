package dev.crema.nn.data;

import java.nio.file.Path;
import java.util.List;

/** The data sets that this library can find on disk by name, and download when asked to. */
public enum KnownDataset {
  /** Handwritten digits, 60,000 and 10,000 grey images of 28x28 (LeCun, Cortes, Burges). */
  MNIST(
      "mnist",
      mnistFiles(
          "https://storage.googleapis.com/cvdf-datasets/mnist/",
          new long[] {9912422, 28881, 1648877, 4542},
          "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
          "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
          "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
          "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6")),

  /** Articles of clothing, made like MNIST (Zalando Research). */
  FASHION_MNIST(
      "fashion-mnist",
      mnistFiles(
          "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
          new long[] {26421880, 29515, 4422102, 5148},
          "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
          "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
          "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
          "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5")),

  /** Small colour photographs, 50,000 and 10,000 of 32x32 in 10 classes (Krizhevsky). */
  CIFAR10(
      "cifar10",
      List.of(
          new RemoteFile(
              "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
              170052171,
              "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
              List.of(
                  "data_batch_1.bin",
                  "data_batch_2.bin",
                  "data_batch_3.bin",
                  "data_batch_4.bin",
                  "data_batch_5.bin",
                  "test_batch.bin"))));

  private final String label;
  private final List<RemoteFile> files;

  KnownDataset(String label, List<RemoteFile> files) {
    this.label = label;
    this.files = files;
  }

  private static List<RemoteFile> mnistFiles(String base, long[] bytes, String... sha256) {
    return List.of(
        new RemoteFile(base + "train-images-idx3-ubyte.gz", bytes[0], sha256[0]),
        new RemoteFile(base + "train-labels-idx1-ubyte.gz", bytes[1], sha256[1]),
        new RemoteFile(base + "t10k-images-idx3-ubyte.gz", bytes[2], sha256[2]),
        new RemoteFile(base + "t10k-labels-idx1-ubyte.gz", bytes[3], sha256[3]));
  }

  /**
   * Reads one split from disk.
   *
   * @throws dev.crema.nn.io.DataNotFoundException if it is in none of the home's folders
   * @throws dev.crema.nn.io.DataException if its files are corrupt
   */
  public PixelDataset open(DataHome home, Split split) {
    return switch (this) {
      case MNIST -> Mnist.digits(home, split);
      case FASHION_MNIST -> Mnist.fashion(home, split);
      case CIFAR10 -> Cifar10.open(home, split);
    };
  }

  /**
   * The files of one split, without reading them.
   *
   * @throws dev.crema.nn.io.DataNotFoundException if it is in none of the home's folders
   */
  public List<Path> find(DataHome home, Split split) {
    return switch (this) {
      case MNIST, FASHION_MNIST -> Mnist.find(this, home, split);
      case CIFAR10 -> Cifar10.find(home, split);
    };
  }

  /** The files of the official distribution. */
  public List<RemoteFile> files() {
    return files;
  }

  /** The name of its folder, and of the data set on the command line: {@code fashion-mnist}. */
  @Override
  public String toString() {
    return label;
  }

  String howToGetIt(DataHome home) {
    return "name the folder that holds %s/ with --data or CREMA_DATA, or fetch it into %s with --download"
        .formatted(label, home.downloads());
  }
}
