package dev.crema.nn.data;

import dev.crema.nn.io.DataException;
import dev.crema.nn.io.DataNotFoundException;
import dev.crema.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Pictures in one folder per class, on disk or in a zip file: {@code train/CLASS/*.jpg} and {@code
 * val/CLASS/*.jpg} (or {@code test/}, {@code validation/}), or {@code CLASS/*.jpg} with every fifth
 * picture of a class held back as its test set. Classes are numbered in the order of their names.
 *
 * <p>Pictures are decoded when they are read, so memory holds only what is in use, and a {@link
 * DataLoader}'s workers share the work. All come out as [3, size, size].
 */
public final class ImageFolder implements Dataset, AutoCloseable {
  private static final List<String> EXTENSIONS = List.of(".jpg", ".jpeg", ".png", ".bmp", ".gif");
  private static final String TRAIN = "train";
  private static final int HOLD_BACK_EVERY = 5;
  private static final int MAX_WRAPPERS = 8;
  private static final int MAX_FILE = 64 << 20;

  private record Entry(Path file, int label) {}

  private final Path location;
  private final @Nullable FileSystem zip;
  private final int size;
  private final List<String> classNames;
  private final List<Entry> entries;

  private ImageFolder(
      Path location,
      @Nullable FileSystem zip,
      int size,
      List<String> classNames,
      List<Entry> entries) {
    this.location = location;
    this.zip = zip;
    this.size = size;
    this.classNames = classNames;
    this.entries = entries;
  }

  /**
   * Lists the pictures of one split. A folder that holds nothing but one folder, or one zip file,
   * is looked through.
   *
   * @param location a folder or a zip file
   * @param size height and width of the images that come out, see {@link RgbImage#fit}
   * @throws DataNotFoundException if there is nothing at {@code location}
   * @throws DataException if it does not have one of the layouts above
   */
  public static ImageFolder open(Path location, Split split, int size) {
    if (size < 1) {
      throw new IllegalArgumentException(
          "image folder: expected a size of at least 1, got " + size);
    }
    if (!Files.exists(location)) {
      throw new DataNotFoundException(
          "image folder", List.of(location), "name a folder or zip file with train/CLASS/*.jpg");
    }
    @Nullable FileSystem zip = null;
    try {
      Path root = location;
      for (int depth = 0; depth < MAX_WRAPPERS; depth++) {
        if (Files.isRegularFile(root)) {
          zip = FileSystems.newFileSystem(root);
          root = zip.getPath("/");
        }
        List<Path> inside = list(root);
        boolean wrapper = inside.size() == 1 && isContainer(inside.getFirst(), zip);
        if (!wrapper) {
          return list(location, zip, root, split, size);
        }
        root = inside.getFirst();
      }
      throw notAnImageFolder(location, "nothing but folders in folders");
    } catch (IOException e) {
      closeQuietly(zip);
      throw DataException.unreadable(location, e);
    } catch (RuntimeException e) {
      closeQuietly(zip);
      throw e instanceof DataException ? e : notAnImageFolder(location, String.valueOf(e), e);
    }
  }

  private static boolean isContainer(Path path, @Nullable FileSystem zip) throws IOException {
    if (Files.isDirectory(path)) {
      return !name(path).equals(TRAIN) && !list(path).stream().allMatch(ImageFolder::isPicture);
    }
    return zip == null && path.toString().endsWith(".zip");
  }

  private static ImageFolder list(
      Path location, @Nullable FileSystem zip, Path root, Split split, int size)
      throws IOException {
    Path train = root.resolve(TRAIN);
    boolean separate = Files.isDirectory(train);
    List<Path> classes = folders(separate ? train : root);
    List<String> names = classes.stream().map(ImageFolder::name).toList();
    if (separate && split == Split.TEST) {
      classes = folders(testFolder(location, root));
    }
    var entries = new ArrayList<Entry>();
    for (Path folder : classes) {
      int label = names.indexOf(name(folder));
      List<Path> pictures = list(folder).stream().filter(ImageFolder::isPicture).toList();
      if (label < 0 || pictures.isEmpty()) {
        throw notAnImageFolder(
            location,
            folder + (label < 0 ? ", a class that train/ does not have" : ", without a picture"));
      }
      for (int i = 0; i < pictures.size(); i++) {
        boolean heldBack = i % HOLD_BACK_EVERY == HOLD_BACK_EVERY - 1;
        if (separate || heldBack == (split == Split.TEST)) {
          entries.add(new Entry(pictures.get(i), label));
        }
      }
    }
    if (entries.isEmpty()) {
      throw notAnImageFolder(location, "no picture for the split " + split);
    }
    return new ImageFolder(location, zip, size, names, List.copyOf(entries));
  }

  private static Path testFolder(Path location, Path root) {
    for (String name : List.of("test", "val", "validation")) {
      if (Files.isDirectory(root.resolve(name))) {
        return root.resolve(name);
      }
    }
    throw notAnImageFolder(location, "train/ without test/, val/ or validation/ beside it");
  }

  private static DataException notAnImageFolder(Path location, String got) {
    return notAnImageFolder(location, got, null);
  }

  private static DataException notAnImageFolder(
      Path location, String got, @Nullable RuntimeException cause) {
    return new DataException(
        location,
        "pictures in train/CLASS/ and val/CLASS/, or in CLASS/",
        got,
        "picture files end in " + String.join(", ", EXTENSIONS),
        cause);
  }

  private static List<Path> folders(Path parent) throws IOException {
    return list(parent).stream().filter(Files::isDirectory).toList();
  }

  /** What is in a folder, by name, without hidden files. */
  private static List<Path> list(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> !name(file).startsWith(".") && !name(file).equals("__MACOSX"))
          .sorted((a, b) -> name(a).compareTo(name(b)))
          .toList();
    }
  }

  private static boolean isPicture(Path file) {
    String name = name(file).toLowerCase(Locale.ROOT);
    return EXTENSIONS.stream().anyMatch(name::endsWith);
  }

  /** The last component; a folder in a zip file may end with a slash. */
  private static String name(Path path) {
    Path last = path.getFileName();
    String name = last == null ? "" : last.toString();
    return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
  }

  @Override
  public int size() {
    return entries.size();
  }

  @Override
  public Shape imageShape() {
    return Shape.of(3, size, size);
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int label(int index) {
    return entries.get(index).label;
  }

  @Override
  public void read(int index, float[] target, int offset) {
    decode(index).fit(size).writeChw(target, offset);
  }

  @Override
  public boolean hasBytes() {
    return true;
  }

  /** One picture at its own size. */
  public RgbImage decode(int index) {
    Path file = entries.get(index).file;
    String source = zip == null ? file.toString() : location + "!" + file;
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_FILE + 1);
      if (bytes.length > MAX_FILE) {
        throw new DataException(
            source,
            String.format(Locale.ROOT, "at most %,d bytes", MAX_FILE),
            "more",
            "scale the picture down");
      }
      return RgbImage.decode(source, bytes);
    } catch (IOException e) {
      throw DataException.unreadable(source, e);
    }
  }

  /** Closes the zip file, if it is one; no picture can be read afterwards. */
  @Override
  public void close() {
    closeQuietly(zip);
  }

  private static void closeQuietly(@Nullable FileSystem zip) {
    try {
      if (zip != null) {
        zip.close();
      }
    } catch (IOException _) {
      // It was only read: a failing close loses nothing.
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%s: %,d images %s, %d classes", location, size(), imageShape(), numClasses());
  }
}
