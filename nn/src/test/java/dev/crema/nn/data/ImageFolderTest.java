package dev.crema.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.nn.io.DataException;
import dev.crema.nn.io.DataNotFoundException;
import dev.crema.tensor.Shape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  private static final byte[] PNG = RgbImageTest.picture("png", BufferedImage.TYPE_3BYTE_BGR, 8, 8);

  @TempDir Path folder;

  /** A zip file with the same picture under each of these names. */
  static byte[] zip(String... entries) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ZipOutputStream(bytes)) {
      for (String entry : entries) {
        out.putNextEntry(new ZipEntry(entry));
        out.write(PNG);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void picture(String path) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, PNG);
  }

  @Test
  void trainAndValFoldersAreTheTwoSplits() throws IOException {
    for (String path :
        new String[] {"train/cat/1.png", "train/cat/2.PNG", "train/ant/x.png", "val/cat/9.png"}) {
      picture(path);
    }
    Files.writeString(folder.resolve("train/cat/notes.txt"), "not a picture");
    Files.writeString(folder.resolve("train/.hidden"), "");
    try (var train = ImageFolder.open(folder, Split.TRAIN, 4);
        var test = ImageFolder.open(folder, Split.TEST, 4)) {
      assertThat(train.classNames()).containsExactly("ant", "cat");
      assertThat(test.classNames()).containsExactly("ant", "cat");
      assertThat(train.size()).isEqualTo(3);
      assertThat(train.label(0)).isZero();
      assertThat(train.label(2)).isOne();
      assertThat(test.size()).isOne();
      assertThat(test.label(0)).isOne();
      assertThat(test.imageShape()).isEqualTo(Shape.of(3, 4, 4));
    }
  }

  @Test
  void plainClassFoldersHoldBackEveryFifthPicture() throws IOException {
    for (int i = 0; i < 11; i++) {
      picture("cats/cat%02d.png".formatted(i));
      picture("dogs/dog%02d.png".formatted(i));
    }
    try (var train = ImageFolder.open(folder, Split.TRAIN, 8);
        var test = ImageFolder.open(folder, Split.TEST, 8)) {
      assertThat(train.size()).isEqualTo(18);
      assertThat(test.size()).isEqualTo(4);
      assertThat(test.label(1)).isZero();
      assertThat(test.label(2)).isOne();
    }
  }

  @Test
  void aZipFileIsReadInPlaceEvenInsideAFolder() throws IOException {
    Path wrapper = Files.createDirectory(folder.resolve("wrapper"));
    Path zip = wrapper.resolve("pictures.zip");
    Files.write(zip, zip("top/train/a/1.png", "top/train/b/2.png"));
    for (Path location : new Path[] {zip, wrapper}) {
      try (var train = ImageFolder.open(location, Split.TRAIN, 8)) {
        float[] image = new float[3 * 64];
        train.read(1, image, 0);
        assertThat(train.label(1)).isOne();
        assertThat(image[9]).as("red of pixel (1, 1)").isEqualTo(10 / 255f);
        assertThat(image[2 * 64]).as("blue").isEqualTo(200 / 255f);
      }
    }
  }

  @Test
  void aPictureOfAnotherSizeIsFitted() throws IOException {
    picture("a/1.png");
    try (var set = ImageFolder.open(folder, Split.TRAIN, 5)) {
      float[] image = new float[75];
      set.read(0, image, 0);
      assertThat(image[74]).isEqualTo(200 / 255f);
    }
  }

  @Test
  void aDamagedPictureIsNamedWhenItIsRead() throws IOException {
    picture("a/1.png");
    Files.writeString(folder.resolve("a/2.jpg"), "no picture at all");
    try (var set = ImageFolder.open(folder, Split.TRAIN, 8)) {
      assertThatThrownBy(() -> set.read(1, new float[192], 0))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("2.jpg")
          .hasMessageContaining(". Hint: ");
    }
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertThatThrownBy(() -> ImageFolder.open(folder.resolve("no"), Split.TRAIN, 8))
        .isInstanceOf(DataNotFoundException.class)
        .hasMessageContaining(folder.resolve("no").toString());
  }

  @Test
  void aLayoutThatIsNotUnderstoodIsExplained() throws IOException {
    assertLayoutError(Split.TRAIN, "no picture for the split TRAIN");
    picture("train/a/1.png");
    assertLayoutError(Split.TEST, "train/ without test/, val/ or validation/");
    picture("val/b/1.png");
    assertLayoutError(Split.TEST, "a class that train/ does not have");
    Files.createDirectories(folder.resolve("train/empty"));
    assertLayoutError(Split.TRAIN, "without a picture");
  }

  @Test
  void aFileThatIsNoZipIsExplained() throws IOException {
    Path text = Files.writeString(folder.resolve("notes.txt"), "text");
    Path zip = Files.writeString(folder.resolve("broken.zip"), "PK\3\4 and nothing else");
    for (Path file : new Path[] {text, zip}) {
      assertThatThrownBy(() -> ImageFolder.open(file, Split.TRAIN, 8))
          .isInstanceOf(DataException.class)
          .hasMessageContaining(file.getFileName().toString())
          .hasMessageContaining(". Hint: ")
          .hasCauseInstanceOf(Exception.class);
    }
  }

  private void assertLayoutError(Split split, String got) {
    assertThatThrownBy(() -> ImageFolder.open(folder, split, 8))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("pictures in train/CLASS/")
        .hasMessageContaining(got);
  }
}
