package dev.crema.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.tensor.Shape;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class StrokesTest {
  private static long crc(PixelDataset set) {
    var crc = new CRC32();
    for (int i = 0; i < set.size(); i++) {
      crc.update(set.pixels(i));
    }
    return crc.getValue();
  }

  @Test
  void looksLikeMnistToItsUser() {
    PixelDataset set = Strokes.open(Split.TEST);
    assertThat(set.size()).isEqualTo(Strokes.TEST_SIZE);
    assertThat(set.imageShape()).isEqualTo(Shape.of(1, 28, 28));
    assertThat(set.classNames()).startsWith("0").endsWith("9").hasSize(10);
    int[] counts = new int[10];
    for (int i = 0; i < set.size(); i++) {
      counts[set.label(i)]++;
    }
    assertThat(counts).containsOnly(Strokes.TEST_SIZE / 10);
  }

  @Test
  void theBytesAreTheSameEverywhere() {
    assertThat(crc(Strokes.generate(Split.TRAIN, 0, 1000))).isEqualTo(412_983_610L);
    assertThat(crc(Strokes.generate(Split.TEST, 0, 1000))).isEqualTo(1_518_606_031L);
  }

  @Test
  void aSampleDoesNotDependOnTheSizeOfTheSetOrTheThreads() throws Exception {
    PixelDataset large = Strokes.generate(Split.TRAIN, 7, 500);
    PixelDataset small = Strokes.generate(Split.TRAIN, 7, 40);
    try (var one = new ForkJoinPool(1)) {
      PixelDataset alone = one.submit(() -> Strokes.generate(Split.TRAIN, 7, 500)).get();
      assertThat(crc(alone)).isEqualTo(crc(large));
    }
    for (int i = 0; i < small.size(); i++) {
      assertThat(small.pixels(i)).isEqualTo(large.pixels(i));
      assertThat(small.label(i)).isEqualTo(large.label(i));
    }
  }

  @Test
  void seedsAndSplitsAndSamplesDiffer() {
    Set<Integer> seen = new HashSet<>();
    for (Split split : Split.values()) {
      for (long seed : new long[] {0, 1}) {
        PixelDataset set = Strokes.generate(split, seed, 500);
        for (int i = 0; i < set.size(); i++) {
          seen.add(Arrays.hashCode(set.pixels(i)));
        }
      }
    }
    assertThat(seen).hasSize(2000);
  }

  @Test
  void everyImageHasInkAndAnEmptyMargin() {
    PixelDataset set = Strokes.generate(Split.TRAIN, 1, 2000);
    for (int i = 0; i < set.size(); i++) {
      byte[] pixels = set.pixels(i);
      int ink = 0;
      for (int p = 0; p < pixels.length; p++) {
        ink += pixels[p] & 0xFF;
      }
      assertThat(ink / 784.0).as("mean ink of sample %d", i).isBetween(4.0, 110.0);
      for (int k = 0; k < 28; k++) {
        int edge = pixels[k] | pixels[27 * 28 + k] | pixels[28 * k] | pixels[28 * k + 27];
        assertThat(edge).as("edge of sample %d", i).isZero();
      }
    }
  }

  @Test
  void sizesThatMakeNoSenseAreRefused() {
    for (int n : new int[] {0, -1, 3_000_000}) {
      assertThatThrownBy(() -> Strokes.generate(Split.TRAIN, 0, n))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("got " + n);
    }
  }
}
