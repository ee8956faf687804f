package dev.crema.cuda.kernel;

import dev.crema.backend.GatherPlan;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.cuda.driver.CudaMemory;
import dev.crema.tensor.UnsupportedOpException;
import java.util.stream.IntStream;

/**
 * Adding along a dimension, as {@code index.cu} does it: the dimensions along which the index is
 * expanded are the slice, all others enumerate its entries, which are sorted by the table's rows.
 */
final class ScatterAdd {
  /** As in {@code index.cu}. */
  private static final int TILE = 2048;

  private static final int MOST = 1 << 30;

  private final CudaDevice device;
  private final GatherPlan plan;
  private final View picked;
  private final View index;
  private final View table;
  private final int[] entryDims;
  private final int[] sliceDims;

  ScatterAdd(CudaDevice device, GatherPlan plan, View picked, View index, View table) {
    this.device = device;
    this.plan = plan;
    this.picked = picked;
    this.index = index;
    this.table = table;
    long[] strides = index.layout().strides();
    int rank = plan.sizes().length;
    entryDims = IntStream.range(0, rank).filter(d -> d == plan.dim() || strides[d] != 0).toArray();
    sliceDims = IntStream.range(0, rank).filter(d -> d != plan.dim() && strides[d] == 0).toArray();
  }

  void run() {
    int entries = count(entryDims, -1);
    int padded = padded(entries);
    try (CudaMemory keys = device.allocate(8L * padded)) {
      keys(entries, padded, keys.address());
      if (size() > 1) {
        sort(padded, keys.address());
      }
      add(entries, keys.address());
    }
  }

  /** The power of two that a sort of so many entries takes. */
  static int padded(int entries) {
    if (entries > MOST) {
      throw new UnsupportedOpException(
          "scatter_add: expected at most 2^30 indices, not counting expanded dimensions, got %s. Hint: several calls, each with a part of them"
              .formatted(entries));
    }
    return entries == 1 ? 1 : Integer.highestOneBit(entries - 1) * 2;
  }

  private void keys(int entries, int padded, long keys) {
    int after = count(entryDims, plan.dim());
    try (Fault fault = new Fault(device)) {
      kernel(Grid.name("scatter_keys", plan.indexType()))
          .args()
          .i32(entries)
          .i32(padded)
          .ints(Nest.of(sizes(entryDims), only(entryDims, index.layout().strides())))
          .i32(size())
          .i32(after)
          .i32(plan.tableSize())
          .at(index)
          .ptr(keys)
          .ptr(fault.address())
          .launch(Grid.blocks(padded), Grid.THREADS, 0);
      fault.check(plan::outside);
    }
  }

  /** Runs of a tile's size are sorted at once; longer ones take a launch for each long stride. */
  private void sort(int padded, long keys) {
    tile(2, Math.min(TILE, padded), padded, keys);
    for (int run = 2 * TILE; run > 0 && run <= padded; run *= 2) {
      for (int stride = run / 2; stride >= TILE; stride /= 2) {
        kernel("sort_step")
            .args()
            .i32(run)
            .i32(stride)
            .i32(padded)
            .ptr(keys)
            .launch(Grid.blocks(padded / 2), Grid.THREADS, 0);
      }
      tile(run, run, padded, keys);
    }
  }

  private void tile(int first, int last, int padded, long keys) {
    kernel("sort_tile")
        .args()
        .i32(first)
        .i32(last)
        .i32(padded)
        .ptr(keys)
        .launch(Math.ceilDiv(padded, TILE), Grid.THREADS, 0);
  }

  private void add(int entries, long keys) {
    int slice = count(sliceDims, -1);
    int n = entries * slice;
    long[] from = picked.layout().strides();
    long[] to = table.layout().strides();
    long[] still = to.clone();
    still[plan.dim()] = 0;
    kernel(Grid.name("scatter_add", table.dtype()))
        .args()
        .i32(n)
        .i32(entries)
        .i32(slice)
        .ints(Nest.of(sizes(entryDims), only(entryDims, from), only(entryDims, still)))
        .ints(Nest.of(sizes(sliceDims), only(sliceDims, from), only(sliceDims, to)))
        .i32(plan.tableSize())
        .i32(Index.tableStride(plan, table))
        .ptr(keys)
        .at(picked)
        .at(table)
        .launch(Grid.blocks(n), Grid.THREADS, 0);
  }

  private int size() {
    return (int) plan.sizes()[plan.dim()];
  }

  /** The product of the sizes of those of these dimensions that come after one. */
  private int count(int[] dims, int after) {
    long count = 1;
    for (int d : dims) {
      count *= d > after ? plan.sizes()[d] : 1;
    }
    return Math.toIntExact(count);
  }

  private long[] sizes(int[] dims) {
    return only(dims, plan.sizes());
  }

  private static long[] only(int[] dims, long[] of) {
    return IntStream.of(dims).mapToLong(d -> of[d]).toArray();
  }

  private Kernel kernel(String name) {
    return device.kernels().get(Index.FILE, name);
  }
}
