package dev.crema.cpu.memory;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SizeClassTest {
  @Property
  void aClassHoldsItsLengthsAndWastesAtMostASixteenth(
      @ForAll @IntRange(min = 1, max = SizeClass.MAX_LENGTH) int length) {
    int sizeClass = SizeClass.of(length);
    assertThat(sizeClass).isBetween(0, SizeClass.COUNT - 1);
    long held = SizeClass.length(sizeClass);
    assertThat(held).isGreaterThanOrEqualTo(length);
    assertThat(held - length).isLessThanOrEqualTo(Math.max(63, length / 16));
  }

  @Property
  void anArrayGoesBackToTheClassThatItCameFrom(
      @ForAll @IntRange(max = SizeClass.COUNT - 1) int sizeClass) {
    assertThat(SizeClass.of(SizeClass.length(sizeClass))).isEqualTo(sizeClass);
  }

  @Test
  void classesGrow() {
    for (int i = 1; i < SizeClass.COUNT; i++) {
      assertThat(SizeClass.length(i)).isGreaterThan(SizeClass.length(i - 1));
    }
  }
}
