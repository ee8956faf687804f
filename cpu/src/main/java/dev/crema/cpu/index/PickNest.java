package dev.crema.cpu.index;

import dev.crema.backend.GatherPlan;
import dev.crema.backend.View;

/**
 * The loops over index, picked and table: the dimension picked along, the last one (rows), and the
 * others, flattened. Dimensions that lie one behind the other in all three are merged, so that
 * picking whole slices has long rows.
 */
final class PickNest {
  private static final int INDEX = 0;
  private static final int PICKED = 1;
  private static final int TABLE = 2;

  private final int rank;
  private final int dim;
  private final long[] sizes;
  private final long[][] strides;
  private final int[] offsets = new int[3];

  /** The steps along the dimension picked along: how many, and how far each leads. */
  final int picks;

  final int indexPick;
  final int pickedPick;
  final int tablePick;

  /**
   * The steps along a row. When it is the picking dimension itself, the table's step is 0 and picks
   * is 1.
   */
  final int row;

  final int indexStep;
  final int pickedStep;
  final int tableStep;

  PickNest(GatherPlan plan, View index, View picked, View table) {
    View[] views = {index, picked, table};
    int n = plan.sizes().length;
    sizes = new long[n + 1];
    strides = new long[3][n + 1];
    int count = 0;
    int at = -1;
    // A single pick has no order to keep: put first, it leaves the row to another dimension.
    boolean single = plan.sizes()[plan.dim()] == 1;
    if (single) {
      at = count++;
      sizes[at] = 1;
    }
    for (int d = 0; d < n; d++) {
      boolean here = d == plan.dim();
      if (plan.sizes()[d] == 1) {
        continue;
      }
      boolean merge = !here && count > 0 && at != count - 1;
      for (int v = 0; v < 3 && merge; v++) {
        merge = strides[v][count - 1] == views[v].layout().stride(d) * plan.sizes()[d];
      }
      if (merge) {
        count--;
        sizes[count] *= plan.sizes()[d];
      } else {
        sizes[count] = plan.sizes()[d];
      }
      for (int v = 0; v < 3; v++) {
        strides[v][count] = views[v].layout().stride(d);
      }
      at = here ? count : at;
      count++;
    }
    for (int v = 0; v < 3; v++) {
      strides[v][at] = views[v].layout().stride(plan.dim());
    }
    rank = count;
    dim = at;
    for (int v = 0; v < 3; v++) {
      offsets[v] = (int) views[v].offset();
    }
    boolean along = dim == rank - 1;
    picks = along ? 1 : (int) sizes[dim];
    indexPick = (int) strides[INDEX][dim];
    pickedPick = (int) strides[PICKED][dim];
    tablePick = (int) strides[TABLE][dim];
    row = (int) sizes[rank - 1];
    indexStep = (int) strides[INDEX][rank - 1];
    pickedStep = (int) strides[PICKED][rank - 1];
    tableStep = along ? 0 : (int) strides[TABLE][rank - 1];
  }

  /** How many settings the dimensions other than these two have. */
  int others() {
    long others = 1;
    for (int d = 0; d < rank - 1; d++) {
      others *= d == dim ? 1 : sizes[d];
    }
    return Math.toIntExact(others);
  }

  int indexAt(int other) {
    return at(INDEX, other);
  }

  int pickedAt(int other) {
    return at(PICKED, other);
  }

  int tableAt(int other) {
    return at(TABLE, other);
  }

  private int at(int view, int other) {
    long at = offsets[view];
    int rest = other;
    for (int d = rank - 2; d >= 0; d--) {
      if (d != dim) {
        int size = (int) sizes[d];
        at += rest % size * strides[view][d];
        rest /= size;
      }
    }
    return (int) at;
  }
}
