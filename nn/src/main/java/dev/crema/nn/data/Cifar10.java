package dev.crema.nn.data;

import dev.crema.nn.io.BoundedInput;
import dev.crema.nn.io.DataException;
import dev.crema.nn.io.DataNotFoundException;
import dev.crema.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * CIFAR-10 in its binary version: records of one label byte and 3,072 pixel bytes (red, green, blue
 * planes of 32x32). Format: <a href="https://www.cs.toronto.edu/~kriz/cifar.html">the CIFAR
 * page</a>.
 *
 * <p>Found in {@code cifar10/} or {@code cifar-10-batches-bin/} under a data home. A file may hold
 * the first part of its batch only, as {@code data_batch_1_first4000.bin} does; it stands in where
 * the whole batch is missing, and a log line says that the set is not complete.
 */
public final class Cifar10 {
  private static final System.Logger LOG = System.getLogger(Cifar10.class.getName());
  private static final Shape IMAGE = Shape.of(3, 32, 32);
  private static final int RECORD = 1 + 3 * 32 * 32;
  private static final int BATCH = 10_000;
  private static final List<String> CLASSES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");
  private static final List<String> FOLDERS =
      List.of("cifar10", "cifar-10-batches-bin", "cifar10/cifar-10-batches-bin");

  private Cifar10() {}

  /** Reads one split: 50,000 or 10,000 images of shape [3, 32, 32]. */
  public static PixelDataset open(DataHome home, Split split) {
    List<Path> files = find(home, split);
    PixelDataset set = read(files);
    int complete = batches(split).size() * BATCH;
    if (set.size() < complete) {
      LOG.log(
          System.Logger.Level.WARNING,
          "cifar10: {0} holds {1} of the {2} {3} images",
          files.getFirst().getParent(),
          set.size(),
          complete,
          split == Split.TRAIN ? "training" : "test");
    }
    return set;
  }

  /** The files of the batches of one split that are there, in the first folder that has any. */
  static List<Path> find(DataHome home, Split split) {
    var looked = new ArrayList<Path>();
    for (Path root : home.roots()) {
      for (String folder : FOLDERS) {
        Path at = root.resolve(folder);
        looked.add(at);
        List<Path> files =
            batches(split).stream().flatMap(name -> batch(at, name).stream()).toList();
        if (!files.isEmpty()) {
          return files;
        }
      }
    }
    throw new DataNotFoundException(
        KnownDataset.CIFAR10.toString(), looked, KnownDataset.CIFAR10.howToGetIt(home));
  }

  private static List<String> batches(Split split) {
    return split == Split.TEST
        ? List.of("test_batch")
        : List.of("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5");
  }

  /** The whole batch if it is there, else the largest first part of it, if any. */
  private static List<Path> batch(Path folder, String name) {
    Path whole = folder.resolve(name + ".bin");
    if (Files.isRegularFile(whole)) {
      return List.of(whole);
    }
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    Pattern part = Pattern.compile(name + "_first(\\d{1,5})\\.bin");
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> part.matcher(file.getFileName().toString()).matches())
          .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
          .stream()
          .toList();
    } catch (IOException e) {
      throw DataException.unreadable(folder, e);
    }
  }

  /**
   * Reads batch files one after the other.
   *
   * @throws DataException if a file is not whole records, or has a label above 9
   */
  public static PixelDataset read(List<Path> files) {
    var batches = files.stream().map(Cifar10::records).toList();
    long bytes = batches.stream().mapToLong(batch -> batch.length).sum();
    BoundedInput.requireHeap(files, bytes);
    int images = (int) (bytes / RECORD);
    byte[] pixels = new byte[images * (RECORD - 1)];
    int[] labels = new int[images];
    int i = 0;
    for (byte[] batch : batches) {
      for (int at = 0; at < batch.length; at += RECORD, i++) {
        labels[i] = batch[at] & 0xFF;
        System.arraycopy(batch, at + 1, pixels, i * (RECORD - 1), RECORD - 1);
      }
    }
    String name = files.size() == 1 ? files.getFirst().toString() : files.toString();
    return PixelDataset.wrap(name, IMAGE, pixels, labels, CLASSES);
  }

  private static byte[] records(Path file) {
    try (var in = BoundedInput.open(file)) {
      long size = Files.size(file);
      if (size % RECORD != 0 || size == 0) {
        throw new DataException(
            file,
            String.format(Locale.ROOT, "records of %,d bytes", RECORD),
            String.format(
                Locale.ROOT,
                "%,d bytes, which is %,d records and %,d bytes",
                size,
                size / RECORD,
                size % RECORD),
            "the file is cut off, or not CIFAR-10's binary version: fetch it again");
      }
      byte[] bytes = in.read(size, String.format(Locale.ROOT, "%,d images", size / RECORD));
      in.requireEnd();
      return bytes;
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }
}
