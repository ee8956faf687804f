package dev.crema.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SizeClassTest {
  @Test
  void small_sizes_go_up_to_the_next_512() {
    assertThat(SizeClass.round(0)).isEqualTo(512);
    assertThat(SizeClass.round(1)).isEqualTo(512);
    assertThat(SizeClass.round(512)).isEqualTo(512);
    assertThat(SizeClass.round(513)).isEqualTo(1024);
    assertThat(SizeClass.round(8192)).isEqualTo(8192);
  }

  @Test
  void every_size_fits_wastes_a_sixteenth_at_most_and_stays_where_it_was_rounded_to() {
    for (long bytes = 8193; bytes < 1L << 45; bytes += bytes / 97) {
      long size = SizeClass.round(bytes);
      assertThat(size).isBetween(bytes, bytes + bytes / 16);
      assertThat(SizeClass.round(size)).isEqualTo(size);
    }
  }
}
