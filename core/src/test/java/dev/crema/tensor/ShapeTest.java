package dev.crema.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ShapeTest {

  @Test
  void aScalarHasOneElementAndNoDimension() {
    assertThat(Shape.of().rank()).isZero();
    assertThat(Shape.of().numel()).isEqualTo(1);
    assertThat(Shape.of()).hasToString("[]");
  }

  @Test
  void equalSizesAreEqualShapes() {
    assertThat(Shape.of(2, 3)).isEqualTo(Shape.of(2, 3)).hasSameHashCodeAs(Shape.of(2, 3));
    assertThat(Shape.of(2, 3)).isNotEqualTo(Shape.of(3, 2)).isNotEqualTo(Shape.of(2, 3, 1));
  }

  @Test
  void isImmutable() {
    long[] sizes = {2, 3};
    Shape shape = Shape.of(sizes);
    sizes[0] = 9;
    shape.sizes()[1] = 9;
    assertThat(shape).isEqualTo(Shape.of(2, 3));
    assertThat(shape.with(-1, 5)).isEqualTo(Shape.of(2, 5));
    assertThat(shape).isEqualTo(Shape.of(2, 3));
  }

  @Test
  void countsBeyondAnInt() {
    assertThat(Shape.of(1 << 20, 1 << 20).numel()).isEqualTo(1L << 40);
  }

  @Test
  void refusesNegativeSizesAndTooManyElements() {
    assertThatExceptionOfType(ShapeException.class)
        .isThrownBy(() -> Shape.of(2, -1))
        .withMessage("shape: sizes must not be negative, got [2, -1]");
    assertThatExceptionOfType(ShapeException.class)
        .isThrownBy(() -> Shape.of(1L << 40, 1L << 40))
        .withMessage("shape: more than 2^63 elements in [1099511627776, 1099511627776]");
  }

  @Test
  void negativeDimensionsCountFromTheEnd() {
    assertThat(Shape.of(2, 3, 4).size(-1)).isEqualTo(4);
    assertThatExceptionOfType(IndexException.class)
        .isThrownBy(() -> Shape.of(2, 3).size(-3))
        .withMessage(
            "shape: dim -3 is outside a tensor of shape [2, 3]. Hint: dims run from 0 to 1, or from"
                + " -2 to -1");
  }

  @Test
  void broadcastsByNumPysRules() {
    assertThat(Shape.broadcast("add", Shape.of(8, 1, 6, 1), Shape.of(7, 1, 5)))
        .isEqualTo(Shape.of(8, 7, 6, 5));
    assertThat(Shape.broadcast("add", Shape.of(), Shape.of(0, 2))).isEqualTo(Shape.of(0, 2));
    assertThat(Shape.broadcast("add", Shape.of(0), Shape.of(3, 1))).isEqualTo(Shape.of(3, 0));
  }

  @Property
  void broadcastingIsSymmetricAndBothExpandToIt(
      @ForAll @Size(max = 4) List<@IntRange(max = 3) Integer> a,
      @ForAll @Size(max = 4) List<@IntRange(max = 3) Integer> b) {
    Shape p = shape(a);
    Shape q = shape(b);
    Shape both;
    try {
      both = Shape.broadcast("op", p, q);
    } catch (ShapeException _) {
      assertThatExceptionOfType(ShapeException.class).isThrownBy(() -> Shape.broadcast("op", q, p));
      return;
    }
    assertThat(Shape.broadcast("op", q, p)).isEqualTo(both);
    assertThat(p.isBroadcastableTo(both)).isTrue();
    assertThat(q.isBroadcastableTo(both)).isTrue();
  }

  private static Shape shape(List<Integer> sizes) {
    return Shape.of(sizes.stream().mapToLong(Integer::longValue).toArray());
  }
}
