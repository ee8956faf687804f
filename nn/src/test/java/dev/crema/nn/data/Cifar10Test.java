package dev.crema.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.nn.io.DataException;
import dev.crema.nn.io.DataNotFoundException;
import dev.crema.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10Test {
  static final int RECORD = 3073;

  @TempDir Path folder;

  /** Records with these labels; all pixels of record i are i + 1, but its last one is 99. */
  static byte[] records(int... labels) {
    byte[] bytes = new byte[labels.length * RECORD];
    for (int i = 0; i < labels.length; i++) {
      Arrays.fill(bytes, i * RECORD, (i + 1) * RECORD, (byte) (i + 1));
      bytes[i * RECORD] = (byte) labels[i];
      bytes[(i + 1) * RECORD - 1] = 99;
    }
    return bytes;
  }

  @Test
  void readsRecords() throws IOException {
    Path file = Files.write(folder.resolve("batch.bin"), records(9, 0, 3));
    PixelDataset set = Cifar10.read(List.of(file));
    assertThat(set.size()).isEqualTo(3);
    assertThat(set.imageShape()).isEqualTo(Shape.of(3, 32, 32));
    assertThat(set.classNames()).startsWith("airplane", "automobile").endsWith("truck");
    assertThat(set.label(0)).isEqualTo(9);
    float[] pixels = new float[3072];
    set.read(2, pixels, 0);
    assertThat(pixels[0]).isEqualTo(3 / 255f);
    assertThat(pixels[3070]).isEqualTo(3 / 255f);
    assertThat(pixels[3071]).isEqualTo(99 / 255f);
  }

  @Test
  void joinsBatchesInTheirOrderAndPrefersWholeOnes() throws IOException {
    Path home = Files.createDirectories(folder.resolve("cifar10"));
    Files.write(home.resolve("data_batch_2_first2.bin"), records(5, 6));
    Files.write(home.resolve("data_batch_1.bin"), records(1, 2, 3));
    Files.write(home.resolve("data_batch_1_first1.bin"), records(9));
    PixelDataset set = Cifar10.open(DataHome.of(folder), Split.TRAIN);
    assertThat(set.size()).isEqualTo(5);
    assertThat(set.label(0)).isEqualTo(1);
    assertThat(set.label(4)).isEqualTo(6);
  }

  @Test
  void aSetThatIsNotThereSaysSo() {
    assertThatThrownBy(() -> Cifar10.open(DataHome.of(folder), Split.TEST))
        .isInstanceOf(DataNotFoundException.class)
        .hasMessageContaining("cifar10: not found")
        .hasMessageContaining("cifar-10-batches-bin");
  }

  @Test
  void halfARecordIsExplained() {
    for (int length : new int[] {0, 1, RECORD - 1, RECORD + 1, 3 * RECORD - 1}) {
      assertError(Arrays.copyOf(records(1, 2, 3), length), "records of 3,073 bytes");
    }
  }

  @Test
  void aLabelAboveNineIsExplained() {
    assertError(records(1, 10), "label 10 at sample 1");
    assertError(records(255), "label 255 at sample 0");
  }

  private void assertError(byte[] bytes, String expected) {
    assertThatThrownBy(() -> Cifar10.read(List.of(Files.write(folder.resolve("batch.bin"), bytes))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("batch.bin")
        .hasMessageContaining(expected)
        .hasMessageContaining(". Hint: ");
  }
}
