package dev.crema.cpu.pointwise;

import dev.crema.backend.PointwisePlan;
import dev.crema.backend.ReducePlan;
import dev.crema.tensor.DType;

/**
 * How one operand of a loop nest lies in its array; its elements are numbered row-major. Reads them
 * to, and writes them from, dense tiles.
 */
public final class Strided {
  private final int[] sizes;
  private final int[] strides;
  private final int offset;

  private Strided(int[] sizes, int[] strides, int offset) {
    this.sizes = sizes;
    this.strides = strides;
    this.offset = offset;
  }

  /** Operand {@code i} of the plan. */
  static Strided of(PointwisePlan plan, int i) {
    int[] sizes = new int[plan.rank()];
    int[] strides = new int[plan.rank()];
    for (int d = 0; d < sizes.length; d++) {
      sizes[d] = plan.size(d);
      strides[d] = plan.stride(i, d);
    }
    return new Strided(sizes, strides, plan.offset(i));
  }

  /** The elements behind one result of the plan, as seen from the first of them. */
  public static Strided reduced(ReducePlan plan) {
    int[] sizes = new int[plan.reducedRank()];
    int[] strides = new int[plan.reducedRank()];
    for (int d = 0; d < sizes.length; d++) {
      sizes[d] = plan.reducedSize(d);
      strides[d] = plan.reducedStride(d);
    }
    return new Strided(sizes, strides, 0);
  }

  /** Where element 0 is. */
  public int offset() {
    return offset;
  }

  /** The length of a row. */
  public int inner() {
    return sizes[sizes.length - 1];
  }

  /** How far apart the elements of a row lie. */
  public int innerStride() {
    return strides[strides.length - 1];
  }

  /** Whether element i lies i after the first. */
  public boolean isDense() {
    long expected = 1;
    for (int d = sizes.length - 1; d >= 0; d--) {
      if (sizes[d] != 1 && strides[d] != expected) {
        return false;
      }
      expected *= sizes[d];
    }
    return true;
  }

  /** Whether all elements are the same one. */
  boolean isConstant() {
    for (int d = 0; d < sizes.length; d++) {
      if (sizes[d] != 1 && strides[d] != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * tile[i] = x's element {@code first + i} for i below n, x's elements starting at {@code base}.
   */
  public void read(DType from, Object x, int base, int first, int n, DType to, Object tile) {
    move(from, x, base, first, n, to, tile, true);
  }

  /** y's element {@code first + i} = tile[i] for i below n. */
  void write(DType from, Object tile, int first, int n, DType to, Object y) {
    move(to, y, offset, first, n, from, tile, false);
  }

  private void move(
      DType type,
      Object array,
      int base,
      int first,
      int n,
      DType tileType,
      Object tile,
      boolean read) {
    int last = sizes.length - 1;
    int inner = sizes[last];
    int step = strides[last];
    int row = first / inner;
    int column = first % inner;
    for (int done = 0; done < n; row++, column = 0) {
      int run = Math.min(inner - column, n - done);
      int at = base + rowOffset(row) + column * step;
      if (read) {
        Cast.run(type, array, at, step, tileType, tile, done, 1, run);
      } else {
        Cast.run(tileType, tile, done, 1, type, array, at, step, run);
      }
      done += run;
    }
  }

  /** How far row {@code row}, a run of the innermost loop, starts from element 0. */
  public int rowOffset(int row) {
    int at = 0;
    int rest = row;
    for (int d = sizes.length - 2; d > 0; d--) {
      at += rest % sizes[d] * strides[d];
      rest /= sizes[d];
    }
    return sizes.length > 1 ? at + rest * strides[0] : at;
  }
}
