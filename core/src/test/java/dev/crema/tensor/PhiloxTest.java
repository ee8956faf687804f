package dev.crema.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PhiloxTest {

  /** The first line of kat_vectors in the authors' Random123. */
  @Test
  void answersAsItsAuthorsPublished() {
    assertThat(words(0, 0)).isEqualTo("6627e8d5 e169c58d bc57ac4c 9b00dbd8");
  }

  /** From an independent implementation of the paper's algorithm. */
  @Test
  void usesBothHalvesOfSeedAndCounter() {
    assertThat(words(0x0123456789abcdefL, 0xfedcba9876543210L))
        .isEqualTo("2c03a599 d8a290fc 4339955b 8784c033");
    assertThat(words(-1, -1)).isEqualTo("4d18d7d2 430ac65a bd2fa22a 0afae10d");
  }

  @Test
  void wordsBecomeNumbersBelowOne() {
    assertThat(Philox.uniform(0)).isZero();
    assertThat(Philox.uniform(-1)).isEqualTo(Math.nextDown(1f));
    assertThat(Philox.uniform(1 << 31)).isEqualTo(0.5f);
    assertThat(Philox.uniform(0, 0)).isZero();
    assertThat(Philox.uniform(-1, -1)).isEqualTo(Math.nextDown(1.0));
    assertThat(Philox.uniform(1 << 31, 0)).isEqualTo(0.5);
  }

  @Test
  void aDrawTakesWholeBlocks() {
    assertThat(Philox.blocks(DType.F32, 4)).isEqualTo(1);
    assertThat(Philox.blocks(DType.F32, 5)).isEqualTo(2);
    assertThat(Philox.blocks(DType.F64, 4)).isEqualTo(2);
    assertThat(Philox.blocks(DType.F64, 0)).isZero();
  }

  private static String words(long seed, long counter) {
    int[] words = new int[4];
    Philox.block(seed, counter, words);
    return IntStream.of(words)
        .mapToObj(word -> HexFormat.of().toHexDigits(word))
        .collect(Collectors.joining(" "));
  }
}
