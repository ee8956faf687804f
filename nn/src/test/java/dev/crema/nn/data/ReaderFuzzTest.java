package dev.crema.nn.data;

import dev.crema.nn.testing.Corruption;
import dev.crema.nn.testing.TempFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Damaged IDX and CIFAR files and archives are read as something, or refused with a DataException.
 */
class ReaderFuzzTest {
  private static final List<String> CLASSES = List.of("a", "b", "c", "d");
  private static final byte[] IMAGES = IdxTest.images(4, 5, 6);
  private static final byte[] LABELS = IdxTest.labels(0, 1, 2, 3);
  private static final byte[] CIFAR = Cifar10Test.records(4, 7);
  private static final byte[] ZIP = ImageFolderTest.zip("top/a/1.png", "top/b/2.png");
  private static final long MOST_BYTES = 2 << 20;

  private static final TempFile IMAGE_FILE = TempFile.create();
  private static final TempFile LABEL_FILE = TempFile.create();

  @Provide
  Arbitrary<Corruption> corruption() {
    return Corruption.any(16, IMAGES.length);
  }

  @Provide
  Arbitrary<Corruption> archiveCorruption() {
    return Corruption.any(160, 1500);
  }

  @Provide
  Arbitrary<Corruption> zipCorruption() {
    return Corruption.any(ZIP.length, ZIP.length);
  }

  @Property(tries = 500)
  void damagedImagesAreHarmless(@ForAll("corruption") Corruption a, @ForAll boolean zipped) {
    byte[] damaged = a.apply(IMAGES);
    IMAGE_FILE.write(zipped ? IdxTest.gzip(damaged) : damaged);
    LABEL_FILE.write(LABELS);
    readMnist();
  }

  @Property(tries = 500)
  void damagedGzipIsHarmless(@ForAll("corruption") Corruption a) {
    IMAGE_FILE.write(a.apply(IdxTest.gzip(IMAGES)));
    LABEL_FILE.write(LABELS);
    readMnist();
  }

  @Property(tries = 500)
  void damagedLabelsAreHarmless(@ForAll("corruption") Corruption a) {
    IMAGE_FILE.write(IMAGES);
    LABEL_FILE.write(a.apply(LABELS));
    readMnist();
  }

  @Property(tries = 500)
  void damagedCifarIsHarmless(@ForAll("corruption") Corruption a) {
    IMAGE_FILE.write(a.apply(CIFAR));
    Corruption.assertHarmless(() -> readAll(Cifar10.read(List.of(IMAGE_FILE.path()))), MOST_BYTES);
  }

  @Property(tries = 300)
  void damagedArchivesAreHarmless(@ForAll("archiveCorruption") Corruption a, @ForAll boolean zipped)
      throws IOException {
    byte[] tar = TarGzTest.tar("dir/a", LABELS, "dir/b", IMAGES);
    IMAGE_FILE.write(zipped ? a.apply(IdxTest.gzip(tar)) : IdxTest.gzip(a.apply(tar)));
    Path out = Files.createTempDirectory("crema-fuzz");
    Corruption.assertHarmless(
        () -> TarGz.unpack(IMAGE_FILE.path(), List.of("a", "b"), out), MOST_BYTES);
    for (Path file : List.of(out.resolve("a"), out.resolve("b"), out)) {
      Files.deleteIfExists(file);
    }
  }

  @Property(tries = 300)
  void damagedZipsAreHarmless(@ForAll("zipCorruption") Corruption a) {
    IMAGE_FILE.write(a.apply(ZIP));
    Corruption.assertHarmless(
        () -> {
          try (var set = ImageFolder.open(IMAGE_FILE.path(), Split.TRAIN, 4)) {
            float[] image = new float[48];
            for (int i = 0; i < set.size(); i++) {
              set.read(i, image, 0);
            }
          }
        },
        512 << 20);
  }

  private static void readMnist() {
    Corruption.assertHarmless(
        () -> readAll(Mnist.read(IMAGE_FILE.path(), LABEL_FILE.path(), CLASSES)), MOST_BYTES);
  }

  private static void readAll(PixelDataset set) {
    float[] image = new float[(int) set.imageShape().numel()];
    for (int i = 0; i < set.size(); i++) {
      set.read(i, image, 0);
      set.classNames().get(set.label(i));
    }
  }
}
