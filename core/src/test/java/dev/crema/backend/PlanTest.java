package dev.crema.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.DType;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Layout;
import dev.crema.tensor.Padding;
import dev.crema.tensor.Pool2dOptions;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The loop nests that plans derive, against the layouts they stand for. */
class PlanTest {

  // ---- elementwise ----

  @Property
  void aPointwisePlanVisitsTheSameElementsTogether(@ForAll long seed) {
    Random random = new Random(seed);
    Shape shape = shape(random);
    View out = view(shape, random, false);
    View a = view(shape, random, true);
    View b = view(shape, random, true);
    var plan = PointwisePlan.of(out, a, b);

    List<List<Long>> expected = new ArrayList<>();
    for (long i = 0; i < shape.numel(); i++) {
      expected.add(
          List.of(
              at(out.layout(), i),
              at(a.layout().expand(shape), i),
              at(b.layout().expand(shape), i)));
    }
    List<List<Long>> visited = new ArrayList<>();
    for (int outer = 0; outer < plan.outer(); outer++) {
      for (int i = 0; i < plan.inner(); i++) {
        List<Long> places = new ArrayList<>();
        for (int operand = 0; operand < 3; operand++) {
          places.add((long) plan.offset(operand, outer) + (long) i * plan.innerStride(operand));
        }
        visited.add(places);
      }
    }
    assertThat(visited).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void contiguousOperandsAreOneLoop() {
    View x = new View(buffer(), Layout.contiguous(Shape.of(3, 4, 5)));
    var plan = PointwisePlan.of(x, x);
    assertThat(plan.rank()).isEqualTo(1);
    assertThat(plan.inner()).isEqualTo(60);
    assertThat(plan.innerStride(1)).isEqualTo(1);
  }

  // ---- reductions ----

  @Property
  void aReducePlanKeepsTheOrderOfTheResultsAndOfTheirElements(@ForAll long seed) {
    Random random = new Random(seed);
    Shape shape = shape(random);
    Layout x = view(shape, random, true).layout().expand(shape);
    boolean[] reduced = new boolean[shape.rank()];
    int[] dims = new int[shape.rank()];
    int count = 0;
    for (int d = 0; d < reduced.length; d++) {
      if (random.nextBoolean()) {
        reduced[d] = true;
        dims[count++] = d;
      }
    }
    if (count == 0) {
      Arrays.fill(reduced, true);
    }
    var plan = ReducePlan.check("sum", x, random.nextBoolean(), Arrays.copyOf(dims, count));

    List<List<Long>> expected = new ArrayList<>();
    for (long[] kept : places(shape, reduced, false)) {
      List<Long> elements = new ArrayList<>();
      for (long[] inside : places(shape, reduced, true)) {
        long at = x.offset();
        for (int d = 0; d < reduced.length; d++) {
          at += (reduced[d] ? inside[d] : kept[d]) * x.stride(d);
        }
        elements.add(at);
      }
      expected.add(elements);
    }
    List<List<Long>> planned = new ArrayList<>();
    for (int i = 0; i < plan.keptCount(); i++) {
      List<Long> elements = new ArrayList<>();
      for (int r = 0; r < plan.reducedCount(); r++) {
        elements.add((long) plan.keptOffset(i) + plan.reducedOffset(r));
      }
      planned.add(elements);
    }
    assertThat(planned).isEqualTo(expected);
    assertThat(plan.outShape().numel()).isEqualTo(plan.keptCount());
  }

  /** Row-major coordinates of the dimensions that are (or are not) reduced; 0 in the others. */
  private static List<long[]> places(Shape shape, boolean[] reduced, boolean which) {
    List<long[]> places = List.of(new long[shape.rank()]);
    for (int d = 0; d < reduced.length; d++) {
      if (reduced[d] == which) {
        List<long[]> longer = new ArrayList<>();
        for (long[] place : places) {
          for (long i = 0; i < shape.size(d); i++) {
            long[] next = place.clone();
            next[d] = i;
            longer.add(next);
          }
        }
        places = longer;
      }
    }
    return places;
  }

  // ---- windows ----

  /** Counts the positions of the kernel instead of using the formula. */
  @Property
  void convolutionsCountTheirWindows(
      @ForAll @IntRange(min = 1, max = 12) int size,
      @ForAll @IntRange(min = 1, max = 5) int k,
      @ForAll @IntRange(min = 1, max = 4) int stride,
      @ForAll @IntRange(max = 4) int before,
      @ForAll @IntRange(max = 4) int after,
      @ForAll @IntRange(min = 1, max = 3) int dilation) {
    int windows = 0;
    for (int from = -before; from + (k - 1) * dilation < size + after; from += stride) {
      windows++;
    }
    var o =
        Conv2dOptions.DEFAULT
            .padding(Padding.of(before, after, 0, 0))
            .stride(stride, 1)
            .dilation(dilation, 1);
    Shape x = Shape.of(1, 1, size, 1);
    Shape w = Shape.of(1, 1, k, 1);
    try {
      var plan = Conv2dPlan.check("conv2d", DType.F32, x, DType.F32, w, null, o);
      assertThat(plan.oh()).isEqualTo(windows);
    } catch (ShapeException _) {
      assertThat(windows).isZero();
    }
  }

  /** Every window's taps are those inside the image; an average divides by what it should. */
  @Property
  void poolingWindowsHoldTheTapsInsideTheImage(
      @ForAll @IntRange(min = 1, max = 12) int size,
      @ForAll @IntRange(min = 1, max = 5) int k,
      @ForAll @IntRange(min = 1, max = 4) int stride,
      @ForAll @IntRange(max = 2) int pad,
      @ForAll @IntRange(min = 1, max = 3) int dilation,
      @ForAll boolean ceil,
      @ForAll boolean countPad) {
    int p = Math.min(pad, k / 2);
    var o =
        Pool2dOptions.kernel(k, 1)
            .stride(stride, 1)
            .padding(p, 0)
            .dilation(dilation, 1)
            .ceilMode(ceil)
            .countIncludePad(countPad);
    Pool2dPlan plan;
    try {
      plan = Pool2dPlan.check("pool", DType.F32, Shape.of(1, 1, size, 1), o);
    } catch (ShapeException _) {
      return; // what is refused has its own tests
    }
    for (int i = 0; i < plan.oh(); i++) {
      List<Integer> inside = new ArrayList<>();
      int counted = 0;
      for (int t = 0; t < k; t++) {
        int at = i * stride - p + t * dilation;
        if (at >= 0 && at < size) {
          inside.add(at);
        }
        counted += (countPad ? at < size + p : at >= 0 && at < size) ? 1 : 0;
      }
      List<Integer> planned = new ArrayList<>();
      for (int at = plan.h().start(i); at < plan.h().end(i); at += plan.h().step()) {
        planned.add(at);
      }
      assertThat(planned).isEqualTo(inside);
      assertThat(plan.h().divisor(i)).isEqualTo(counted);
    }
  }

  /** PyTorch's examples, among them the window that ceil mode drops. */
  @Test
  void poolingSizes() {
    assertThat(pooled(5, Pool2dOptions.kernel(2))).isEqualTo(2);
    assertThat(pooled(5, Pool2dOptions.kernel(2).ceilMode(true))).isEqualTo(3);
    assertThat(pooled(4, Pool2dOptions.kernel(1).stride(2).ceilMode(true))).isEqualTo(2);
    assertThat(pooled(3, Pool2dOptions.kernel(2).stride(4).padding(1).ceilMode(true))).isEqualTo(1);
    assertThat(pooled(224, Pool2dOptions.kernel(3).stride(2).padding(1))).isEqualTo(112);
  }

  private static int pooled(int size, Pool2dOptions o) {
    return Pool2dPlan.check("pool", DType.F32, Shape.of(1, 1, size, size), o).oh();
  }

  @Test
  void adaptiveWindowsCoverTheImage() {
    var windows = Pool2dPlan.adaptive("pool", DType.F32, Shape.of(1, 1, 7, 7), 3, 9).h();
    assertThat(windows.start(0)).isZero();
    assertThat(windows.end(0)).isEqualTo(3);
    assertThat(windows.start(1)).isEqualTo(2);
    assertThat(windows.end(1)).isEqualTo(5);
    assertThat(windows.end(2)).isEqualTo(7);
  }

  @Test
  void countsOperations() {
    Shape x = Shape.of(1, 64, 224, 224);
    Shape w = Shape.of(64, 64, 3, 3);
    var plan =
        Conv2dPlan.check(
            "conv2d", DType.F32, x, DType.F32, w, null, Conv2dOptions.DEFAULT.padding(1));
    assertThat(plan.flops()).isEqualTo(2.0 * 64 * 64 * 9 * 224 * 224);
    Tensor a = Tensor.zeros(5, 1, 2, 3);
    Tensor b = Tensor.zeros(4, 3, 7);
    assertThat(MatMulPlan.check("matmul", a.view(), b.view()).flops())
        .isEqualTo(2.0 * 5 * 4 * 2 * 7 * 3);
  }

  // ---- random layouts ----

  private static Shape shape(Random random) {
    return Shape.of(random.longs(random.nextInt(5), 0, 4).toArray());
  }

  private static Buffer buffer() {
    return Tensor.zeros(1).buffer();
  }

  /** A view of this shape, or one that expands to it, of a larger array in some order. */
  private static View view(Shape shape, Random random, boolean mayExpand) {
    int rank = shape.rank();
    int lead = mayExpand && rank > 0 ? random.nextInt(rank) : 0;
    int[] order = Generator.of(random.nextLong()).permutation(rank - lead);
    long[] sizes = Arrays.copyOfRange(shape.sizes(), lead, rank);
    for (int d = 0; d < sizes.length; d++) {
      sizes[d] = mayExpand && random.nextInt(4) == 0 ? 1 : sizes[d];
    }
    long[] strides = new long[sizes.length];
    long stride = 1L + random.nextInt(2);
    for (int d : order) {
      strides[d] = stride;
      stride *= Math.max(1, sizes[d]) + random.nextInt(2);
    }
    return new View(buffer(), Layout.of(Shape.of(sizes), strides, random.nextInt(5)));
  }

  private static long at(Layout layout, long index) {
    long at = layout.offset();
    long rest = index;
    for (int d = layout.shape().rank() - 1; d >= 0; d--) {
      at += rest % layout.shape().size(d) * layout.stride(d);
      rest /= layout.shape().size(d);
    }
    return at;
  }
}
