package dev.crema.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** View ops on layouts against index arithmetic on the elements' numbers. */
class LayoutTest {

  /** What a layout must show: a shape, and which of the buffer's elements stands where. */
  private record Model(Shape shape, long[] elements) {
    static Model contiguous(Shape shape) {
      long[] elements = new long[(int) shape.numel()];
      Arrays.setAll(elements, i -> i);
      return new Model(shape, elements);
    }

    static Model of(Layout layout) {
      long[] elements = new long[(int) layout.shape().numel()];
      for (int i = 0; i < elements.length; i++) {
        long[] at = coordinates(layout.shape(), i);
        elements[i] = layout.offset();
        for (int d = 0; d < at.length; d++) {
          elements[i] += at[d] * layout.stride(d);
        }
      }
      return new Model(layout.shape(), elements);
    }

    /** A model of another shape, whose element at each place comes from a place here. */
    Model picked(Shape target, UnaryOperator<long[]> from) {
      long[] picked = new long[(int) target.numel()];
      for (int i = 0; i < picked.length; i++) {
        picked[i] = elements[index(shape, from.apply(coordinates(target, i)))];
      }
      return new Model(target, picked);
    }

    Model reshaped(Shape target) {
      return new Model(target, elements);
    }

    void assertIs(Layout layout) {
      Model shown = of(layout);
      assertThat(shown.shape).isEqualTo(shape);
      assertThat(shown.elements).isEqualTo(elements);
    }

    private static long[] coordinates(Shape shape, long index) {
      long[] at = new long[shape.rank()];
      long rest = index;
      for (int d = at.length - 1; d >= 0; d--) {
        at[d] = rest % shape.size(d);
        rest /= shape.size(d);
      }
      return at;
    }

    private static int index(Shape shape, long[] at) {
      long index = 0;
      for (int d = 0; d < at.length; d++) {
        index = index * shape.size(d) + at[d];
      }
      return (int) index;
    }
  }

  /** A layout and its model, changed together. */
  private static final class Pair {
    private final Random random;
    private Layout layout;
    private Model model;

    Pair(long seed) {
      random = new Random(seed);
      long[] sizes = random.longs(random.nextInt(5), 0, 5).toArray();
      layout = Layout.contiguous(Shape.of(sizes));
      model = Model.contiguous(Shape.of(sizes));
    }

    void change() {
      int rank = layout.shape().rank();
      switch (random.nextInt(rank == 0 ? 2 : 7)) {
        case 0 -> unsqueeze(random.nextInt(rank + 1));
        case 1 -> expand();
        case 2 -> permute();
        case 3 -> transpose(random.nextInt(rank), random.nextInt(rank));
        case 4 -> slice(random.nextInt(rank));
        case 5 -> select(random.nextInt(rank));
        default -> squeeze(random.nextInt(rank));
      }
      model.assertIs(layout);
    }

    private void unsqueeze(int dim) {
      long[] sizes = new long[layout.shape().rank() + 1];
      for (int d = 0; d < sizes.length; d++) {
        sizes[d] = d == dim ? 1 : layout.shape().size(d < dim ? d : d - 1);
      }
      model = model.reshaped(Shape.of(sizes));
      layout = layout.unsqueeze(dim);
    }

    private void squeeze(int dim) {
      if (layout.shape().size(dim) == 1) {
        model = model.reshaped(without(layout.shape(), dim));
        layout = layout.squeeze(dim);
      }
    }

    private void expand() {
      long[] sizes = layout.shape().sizes();
      for (int d = 0; d < sizes.length; d++) {
        sizes[d] = sizes[d] == 1 ? random.nextInt(4) : sizes[d];
      }
      long[] target = sizes;
      if (random.nextBoolean()) {
        target = new long[sizes.length + 1];
        target[0] = random.nextInt(3);
        System.arraycopy(sizes, 0, target, 1, sizes.length);
      }
      int lead = target.length - sizes.length;
      Shape from = layout.shape();
      model =
          model.picked(
              Shape.of(target),
              at -> {
                long[] source = Arrays.copyOfRange(at, lead, at.length);
                Arrays.setAll(source, d -> from.size(d) == 1 ? 0 : source[d]);
                return source;
              });
      layout = layout.expand(Shape.of(target));
    }

    private void permute() {
      int rank = layout.shape().rank();
      int[] dims = Generator.of(random.nextLong()).permutation(rank);
      long[] sizes = Arrays.stream(dims).mapToLong(layout.shape()::size).toArray();
      model =
          model.picked(
              Shape.of(sizes),
              at -> {
                long[] source = new long[rank];
                for (int d = 0; d < rank; d++) {
                  source[dims[d]] = at[d];
                }
                return source;
              });
      int[] some = Arrays.stream(dims).map(d -> random.nextBoolean() ? d : d - rank).toArray();
      layout = layout.permute(some);
    }

    private void transpose(int dim0, int dim1) {
      Shape shape = layout.shape();
      Shape target = shape.with(dim0, shape.size(dim1)).with(dim1, shape.size(dim0));
      model =
          model.picked(
              target,
              at -> {
                long[] source = at.clone();
                source[dim0] = at[dim1];
                source[dim1] = at[dim0];
                return source;
              });
      layout = layout.transpose(dim0, dim1);
    }

    private void slice(int dim) {
      long size = layout.shape().size(dim);
      long start = random.nextLong(-size - 2, size + 3);
      long end = random.nextLong(-size - 2, size + 3);
      long step = random.nextLong(1, 4);
      // As Python's range over the clamped bounds.
      long from = Math.clamp(start < 0 ? start + size : start, 0L, size);
      long to = Math.clamp(end < 0 ? end + size : end, 0L, size);
      long count = 0;
      for (long i = from; i < to; i += step) {
        count++;
      }
      model =
          model.picked(
              layout.shape().with(dim, count),
              at -> {
                long[] source = at.clone();
                source[dim] = from + at[dim] * step;
                return source;
              });
      layout = layout.slice(dim, start, end, step);
    }

    private void select(int dim) {
      long size = layout.shape().size(dim);
      if (size == 0) {
        return;
      }
      long index = random.nextLong(size);
      model =
          model.picked(
              without(layout.shape(), dim),
              at -> {
                long[] source = new long[at.length + 1];
                for (int d = 0; d < source.length; d++) {
                  source[d] = d == dim ? index : at[d < dim ? d : d - 1];
                }
                return source;
              });
      layout = layout.select(dim, random.nextBoolean() ? index : index - size);
    }

    private static Shape without(Shape shape, int dim) {
      long[] sizes = new long[shape.rank() - 1];
      Arrays.setAll(sizes, d -> shape.size(d < dim ? d : d + 1));
      return Shape.of(sizes);
    }
  }

  @Property
  void viewsShowWhatIndexArithmeticSays(@ForAll long seed, @ForAll @IntRange(max = 6) int changes) {
    Pair pair = new Pair(seed);
    for (int i = 0; i < changes; i++) {
      pair.change();
    }
  }

  @Property
  void aReshapeThatIsAViewKeepsTheOrder(@ForAll long seed, @ForAll @IntRange(max = 4) int changes) {
    Pair pair = new Pair(seed);
    for (int i = 0; i < changes; i++) {
      pair.change();
    }
    Shape target = regrouped(pair.layout.shape(), new Random(seed));
    Layout reshaped = pair.layout.reshape(target);
    if (reshaped != null) {
      pair.model.reshaped(target).assertIs(reshaped);
    } else {
      assertThat(pair.layout.isContiguous()).isFalse();
    }
  }

  /** Cutting dimensions up, and adding those of size 1, never needs a copy. */
  @Property
  void cuttingUpIsAlwaysAView(@ForAll long seed, @ForAll @IntRange(max = 4) int changes) {
    Pair pair = new Pair(seed);
    for (int i = 0; i < changes; i++) {
      pair.change();
    }
    Shape target = cutUp(pair.layout.shape(), new Random(seed));
    Layout reshaped = pair.layout.reshape(target);
    assertThat(reshaped).as("%s to %s", pair.layout, target).isNotNull();
    pair.model.reshaped(target).assertIs(reshaped);
  }

  @Property
  void contiguousMeansRowMajorWithoutGaps(
      @ForAll long seed, @ForAll @IntRange(max = 4) int changes) {
    Pair pair = new Pair(seed);
    for (int i = 0; i < changes; i++) {
      pair.change();
    }
    long[] elements = pair.model.elements;
    boolean consecutive = true;
    for (int i = 1; i < elements.length; i++) {
      consecutive &= elements[i] == elements[0] + i;
    }
    assertThat(pair.layout.isContiguous()).as(pair.layout.toString()).isEqualTo(consecutive);
  }

  /** Some shape of as many elements: the prime factors dealt out anew. */
  private static Shape regrouped(Shape shape, Random random) {
    long rest = shape.numel();
    if (rest == 0) {
      return Shape.of(3, 0);
    }
    long[] sizes = new long[1 + random.nextInt(4)];
    Arrays.fill(sizes, 1);
    for (long factor = 2; rest > 1; ) {
      if (rest % factor == 0) {
        sizes[random.nextInt(sizes.length)] *= factor;
        rest /= factor;
      } else {
        factor++;
      }
    }
    return Shape.of(sizes);
  }

  private static Shape cutUp(Shape shape, Random random) {
    return Shape.of(
        Arrays.stream(shape.sizes())
            .flatMap(
                size -> {
                  long factor = 1 + random.nextLong(Math.max(1, size));
                  return size % factor == 0
                      ? Arrays.stream(new long[] {size / factor, factor})
                      : Arrays.stream(new long[] {1, size});
                })
            .toArray());
  }

  @Test
  void aTransposedMatrixDoesNotFlattenWithoutCopy() {
    assertThat(Layout.contiguous(Shape.of(2, 3)).transpose(0, 1).reshape(Shape.of(6))).isNull();
  }

  @Test
  void saysWhatItIs() {
    assertThat(Layout.contiguous(Shape.of(2, 3)).slice(1, 1, 3, 1))
        .hasToString("[2, 2] strides [3, 1] offset 1");
  }

  @Test
  void refusesAnIndexOutside() {
    assertThatExceptionOfType(IndexException.class)
        .isThrownBy(() -> Layout.contiguous(Shape.of(2, 3)).select(1, -4))
        .withMessage("select: index -4 is outside dimension 1 of shape [2, 3]");
  }

  @Test
  void theStridesSayTheFormat() {
    Shape images = Shape.of(2, 3, 4, 5);
    Layout last = Layout.dense(images, MemoryFormat.CHANNELS_LAST);
    assertThat(last.strides()).containsExactly(60, 1, 15, 3);
    assertThat(last.format()).isEqualTo(MemoryFormat.CHANNELS_LAST);
    assertThat(last.isContiguous()).isFalse();
    assertThat(last.slice(0, 1, 2, 1).format()).isEqualTo(MemoryFormat.CHANNELS_LAST);
    assertThat(last.slice(1, 0, 2, 1).format()).isEqualTo(MemoryFormat.CONTIGUOUS);
    assertThat(last.slice(1, 0, 2, 1).isContiguous(MemoryFormat.CHANNELS_LAST)).isFalse();
    assertThat(Layout.contiguous(images).format()).isEqualTo(MemoryFormat.CONTIGUOUS);
    assertThat(Layout.contiguous(Shape.of(2, 4, 5, 3)).permute(0, 3, 1, 2)).isEqualTo(last);
  }

  /** One channel, or one pixel: the memory is the same, and the strides are not. */
  @Test
  void whereBothFormatsFitTheStridesDecide() {
    for (Shape shape : new Shape[] {Shape.of(2, 1, 4, 5), Shape.of(2, 3, 1, 1)}) {
      for (MemoryFormat format : MemoryFormat.values()) {
        Layout layout = Layout.dense(shape, format);
        assertThat(layout.isContiguous()).isTrue();
        assertThat(layout.isContiguous(MemoryFormat.CHANNELS_LAST)).isTrue();
        assertThat(layout.format()).isEqualTo(format);
      }
    }
  }
}
