package dev.crema.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.nn.io.DataException;
import dev.crema.nn.io.DataNotFoundException;
import dev.crema.nn.testing.Corruption;
import dev.crema.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
  private static final List<String> CLASSES = List.of("zero", "one", "two");

  @TempDir Path folder;

  static byte[] images(int n, int h, int w) {
    var bytes = ByteBuffer.allocate(16 + n * h * w).putInt(0x803).putInt(n).putInt(h).putInt(w);
    for (int i = 0; i < n * h * w; i++) {
      bytes.put((byte) (i * 7));
    }
    return bytes.array();
  }

  static byte[] labels(int... labels) {
    var bytes = ByteBuffer.allocate(8 + labels.length).putInt(0x801).putInt(labels.length);
    for (int label : labels) {
      bytes.put((byte) label);
    }
    return bytes.array();
  }

  static byte[] gzip(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private Path write(String name, byte[] bytes) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private PixelDataset read(byte[] images, byte[] labels) {
    return Mnist.read(write("images", images), write("labels", labels), CLASSES);
  }

  @Test
  void readsImagesAndLabels() {
    PixelDataset set = read(images(3, 2, 5), gzip(labels(2, 0, 1)));
    assertThat(set.size()).isEqualTo(3);
    assertThat(set.imageShape()).isEqualTo(Shape.of(1, 2, 5));
    assertThat(set.numClasses()).isEqualTo(3);
    assertThat(List.of(set.label(0), set.label(1), set.label(2))).containsExactly(2, 0, 1);
    float[] pixels = new float[12];
    set.read(2, pixels, 1);
    assertThat(pixels[1]).isEqualTo((20 * 7) / 255f);
    assertThat(pixels[10]).isEqualTo((29 * 7) / 255f);
    assertThat(pixels[0] + pixels[11]).isZero();
  }

  @Test
  void oneSampleIsATensor() {
    try (Sample sample = read(images(3, 2, 5), labels(2, 0, 1)).get(1)) {
      assertThat(sample.label()).isZero();
      assertThat(sample.image().shape()).isEqualTo(Shape.of(1, 2, 5));
      assertThat(sample.image().toFloatArray()[3]).isEqualTo((13 * 7) / 255f);
    }
  }

  @Test
  void findsItsFilesUnderAnyUsualName() {
    for (String name : List.of("mnist/t10k-%s-idx%d-ubyte.gz", "MNIST/raw/t10k-%s.idx%d-ubyte")) {
      Path home = folder.resolve(name.substring(0, 5));
      Path below = folder.relativize(home);
      byte[] images = images(2, 28, 28);
      write(below + "/" + name.formatted("images", 3), name.endsWith("gz") ? gzip(images) : images);
      write(below + "/" + name.formatted("labels", 1), labels(9, 8));
      PixelDataset set = Mnist.digits(DataHome.of(folder.resolve("none"), home), Split.TEST);
      assertThat(set.size()).as(name).isEqualTo(2);
      assertThat(set.label(0)).as(name).isEqualTo(9);
    }
  }

  @Test
  void aSetThatIsNotThereSaysWhereItLookedAndHowToGetIt() {
    DataHome home = DataHome.of(folder.resolve("here"), folder.resolve("there"));
    assertThatThrownBy(() -> KnownDataset.FASHION_MNIST.open(home, Split.TRAIN))
        .isInstanceOf(DataNotFoundException.class)
        .hasMessageContaining("fashion-mnist: not found")
        .hasMessageContaining(folder.resolve("here/fashion-mnist").toString())
        .hasMessageContaining(folder.resolve("there/fashion-mnist").toString())
        .hasMessageContaining("CREMA_DATA")
        .hasMessageContaining("--download");
  }

  @Test
  void aWrongMagicIsExplained() {
    assertError(images(1, 2, 2), images(1, 2, 2), "the magic number 0x00000801", "0x00000803");
    assertError(new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0}, labels(1), "0x00000803", "0x504b0304");
  }

  @Test
  void aFileThatIsCutOffIsExplained() {
    byte[] images = images(3, 4, 4);
    for (int length = 0; length < images.length; length++) {
      assertError(Arrays.copyOf(images, length), labels(0, 1, 2), "images", "cut off");
    }
    byte[] zipped = gzip(images);
    for (int length = 3; length < zipped.length; length++) {
      assertError(Arrays.copyOf(zipped, length), labels(0, 1, 2), "images", "cut off");
    }
  }

  @Test
  void dataAfterTheEndIsExplained() {
    byte[] images = images(3, 4, 4);
    assertError(Arrays.copyOf(images, images.length + 1), labels(0, 1, 2), "the end", "more data");
    assertError(
        gzip(Arrays.copyOf(images, images.length + 1)), labels(0, 1, 2), "the end", "more data");
  }

  @Test
  void countsThatDifferAreExplained() {
    assertError(images(3, 2, 2), labels(0, 1), "3 labels", "got 2");
  }

  @Test
  void aLabelWithoutAClassIsExplained() {
    assertError(images(2, 2, 2), labels(0, 3), "labels from 0 to 2", "label 3 at sample 1");
  }

  @Test
  void imagesWithoutPixelsAreExplained() {
    assertError(images(0, 28, 28), labels(), "at least one", "0 labels");
    assertError(images(1, 0, 28), labels(1), "with pixels", "[1, 0, 28]");
  }

  @Test
  void aHeaderThatClaimsTooMuchAllocatesNothing() {
    byte[] huge = images(1, 2, 2);
    for (int[] sizes : new int[][] {{1 << 20, 28, 28}, {1 << 30, 2, 1}, {-1, 1, 1}, {-1, -1, -1}}) {
      ByteBuffer.wrap(huge, 4, 12).putInt(sizes[0]).putInt(sizes[1]).putInt(sizes[2]);
      Corruption.assertHarmless(
          () -> assertError(huge, labels(1), "images: expected", ". Hint: "), 4 << 20);
      Corruption.assertHarmless(
          () -> assertError(gzip(huge), labels(1), "images: expected", ". Hint: "), 4 << 20);
    }
  }

  @Test
  void aGzipBombIsReadNoFurtherThanItsHeaderSays() throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(images(1, 2, 2));
      for (int i = 0; i < 32; i++) {
        gzip.write(new byte[1 << 20]);
      }
    }
    Corruption.assertHarmless(
        () -> assertError(out.toByteArray(), labels(1), "the end of the file", "more data"),
        4 << 20);
  }

  @Test
  void moreDataThanTheHeapHoldsIsExplained() throws IOException {
    long images = Runtime.getRuntime().maxMemory() / 784;
    byte[] header = images(0, 28, 28);
    ByteBuffer.wrap(header).putInt(4, Math.toIntExact(images));
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(header);
      for (int i = 0; i < 64; i++) {
        gzip.write(new byte[1 << 20]);
      }
    }
    // Random bytes make the file long enough to be able to hold what its header says.
    byte[] noise = new byte[(int) (images * 784 / 1000)];
    new java.util.Random(1).nextBytes(noise);
    byte[] file = Arrays.copyOf(out.toByteArray(), out.size() + noise.length);
    System.arraycopy(noise, 0, file, out.size(), noise.length);
    assertError(file, labels(1), "which this heap has room for", "-Xmx");
  }

  private void assertError(byte[] images, byte[] labels, String first, String second) {
    assertThatThrownBy(() -> read(images, labels))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(first)
        .hasMessageContaining(second)
        .hasMessageContaining(". Hint: ");
  }
}
