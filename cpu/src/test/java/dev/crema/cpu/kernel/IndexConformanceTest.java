package dev.crema.cpu.kernel;

import static dev.crema.cpu.kernel.Twin.CPU;
import static dev.crema.cpu.kernel.Twin.REFERENCE;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.backend.GatherPlan;
import dev.crema.tensor.DType;
import dev.crema.tensor.IndexException;
import dev.crema.tensor.Layout;
import dev.crema.tensor.Shape;
import java.lang.reflect.Array;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Gather and scatter-add against the reference: every dimension, strides, expanded indices, every
 * type.
 */
class IndexConformanceTest {
  private final Random random = new Random(17);

  private Twin index(DType type, Layout layout, int bound) {
    int n = (int) layout.offset() + 1;
    for (int d = 0; d < layout.shape().rank(); d++) {
      n += (int) ((layout.shape().size(d) - 1) * layout.stride(d));
    }
    Object array = type == DType.I32 ? new int[n] : new long[n];
    for (int i = 0; i < n; i++) {
      int chosen = random.nextInt(bound);
      if (type == DType.I32) {
        Array.setInt(array, i, chosen);
      } else {
        Array.setLong(array, i, chosen);
      }
    }
    return Twin.of(type, array, layout);
  }

  private void check(
      DType type, Layout table, int dim, DType indexType, Layout index, Layout picked) {
    var plan = GatherPlan.check("test", table.shape(), dim, indexType, index.shape());
    String what = type + " " + table + " dim " + dim + " " + indexType + " " + index;
    Twin t = Twin.random(type, random, table);
    Twin i = index(indexType, index, plan.tableSize());
    Twin p = Twin.random(type, random, picked);
    CPU.gather(plan, t.cpu(), i.cpu(), p.cpu());
    REFERENCE.gather(plan, t.reference(), i.reference(), p.reference());
    p.assertEqual("gather " + what);
    CPU.scatterAdd(plan, p.cpu(), i.cpu(), t.cpu());
    REFERENCE.scatterAdd(plan, p.reference(), i.reference(), t.reference());
    t.assertClose("scatter " + what, 1, type == DType.F32 ? 1e-4 : 1e-12);
  }

  private void checkAll(DType type, int dim, int picks, long... tableSizes) {
    Shape tableShape = Shape.of(tableSizes);
    Shape shape = tableShape.with(dim, picks);
    Layout table = Layout.contiguous(tableShape);
    Layout dense = Layout.contiguous(shape);
    long[] along = new long[shape.rank()];
    along[dim] = 1;
    Layout slices = Layout.of(shape, along, 3);
    long[] gaps = dense.strides();
    for (int d = 0; d < gaps.length; d++) {
      gaps[d] *= 2;
    }
    Layout spread = Layout.of(shape, gaps, 1);
    for (DType indexType : new DType[] {DType.I32, DType.I64}) {
      check(type, table, dim, indexType, dense, dense);
      check(type, table, dim, indexType, slices, dense);
      check(type, table, dim, indexType, spread, dense);
      check(type, table, dim, indexType, dense, spread);
      check(type, table, dim, indexType, slices, spread);
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"F16", "BF16"}) // only carried here
  void everyDimension(DType type) {
    checkAll(type, 0, 1, 1);
    checkAll(type, 0, 207, 13);
    checkAll(type, 0, 4098, 6);
    checkAll(type, 1, 1, 64, 10);
    checkAll(type, 1, 36, 6, 144);
    checkAll(type, 0, 20, 50, 13);
    checkAll(type, 0, 20, 9, 1300);
    checkAll(type, 1, 5, 3, 4, 6, 7);
    checkAll(type, 2, 9, 3, 4, 6, 7);
    checkAll(type, 0, 3, 4, 1, 6, 1);
    checkAll(type, 3, 2, 4, 1, 6, 1);
  }

  @Test
  void tablesOfAnyLayout() {
    Layout table = Layout.contiguous(Shape.of(7, 5, 6)).permute(2, 0, 1);
    for (int dim = 0; dim < 3; dim++) {
      Layout picked = Layout.contiguous(table.shape().with(dim, 11));
      check(DType.F32, table, dim, DType.I32, picked, picked);
    }
  }

  @Test
  void scatterOfAnExpandedGradient() {
    Shape shape = Shape.of(6, 144);
    Layout one = Layout.of(shape, new long[] {0, 0}, 0);
    check2(one, shape);
    check2(Layout.of(shape, new long[] {1, 0}, 0), shape);
  }

  private void check2(Layout picked, Shape shape) {
    var plan = GatherPlan.check("test", shape, 1, DType.I32, shape);
    Twin t = Twin.random(DType.F32, random, shape.sizes());
    Twin i = index(DType.I32, Layout.contiguous(shape), 144);
    Twin p = Twin.random(DType.F32, random, picked);
    CPU.scatterAdd(plan, p.cpu(), i.cpu(), t.cpu());
    REFERENCE.scatterAdd(plan, p.reference(), i.reference(), t.reference());
    t.assertClose("scatter", 1, 1e-5);
  }

  @Test
  void anIndexOutsideIsNamedWherever() {
    for (long bad : new long[] {-1, 10, Long.MIN_VALUE, 1L << 32}) {
      for (int at : new int[] {0, 77, 2999}) {
        long[] index = new long[3000];
        index[at] = bad;
        assertThatThrownBy(() -> gather(DType.I64, index))
            .isInstanceOf(IndexException.class)
            .hasMessageContainingAll("gather", "index " + bad, "of shape [10]");
      }
    }
    for (int bad : new int[] {-1, 10, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      int[] index = new int[3000];
      index[1500] = bad;
      assertThatThrownBy(() -> gather(DType.I32, index))
          .isInstanceOf(IndexException.class)
          .hasMessageContainingAll("gather", "index " + bad, "of shape [10]");
    }
  }

  private void gather(DType type, Object index) {
    var plan = GatherPlan.check("gather", Shape.of(10), 0, type, Shape.of(3000));
    Twin t = Twin.random(DType.F32, random, 10);
    Twin p = Twin.random(DType.F32, random, 3000);
    CPU.gather(plan, t.cpu(), Twin.of(type, index).cpu(), p.cpu());
  }
}
