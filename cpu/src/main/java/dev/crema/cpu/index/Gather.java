package dev.crema.cpu.index;

import dev.crema.backend.GatherPlan;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.cpu.pointwise.Cast;
import dev.crema.tensor.DType;

/** picked = table at index. */
public final class Gather {
  private Gather() {}

  /** Throws {@link dev.crema.tensor.IndexException} at an index outside the table. */
  public static void run(GatherPlan plan, View table, View index, View picked) {
    var nest = new PickNest(plan, index, picked, table);
    DType type = table.dtype();
    Object from = CpuBuffer.array(table);
    Object into = CpuBuffer.array(picked);
    int pieces = Math.ceilDiv(nest.row, Offsets.TILE);
    boolean slices = nest.indexStep == 0 && nest.tableStep != 0;
    Parallel.range(
        nest.others() * pieces * nest.picks,
        Parallel.grain(Math.min(nest.row, Offsets.TILE)),
        (begin, end) -> {
          try (var offsets = new Offsets(plan, nest, index)) {
            for (int i = begin; i < end; i++) {
              int pick = i % nest.picks;
              int first = i / nest.picks % pieces * Offsets.TILE;
              int other = i / nest.picks / pieces;
              int n = Math.min(Offsets.TILE, nest.row - first);
              int io = nest.indexAt(other) + pick * nest.indexPick + first * nest.indexStep;
              int po = nest.pickedAt(other) + pick * nest.pickedPick + first * nest.pickedStep;
              int to = nest.tableAt(other) + first * nest.tableStep;
              int oo = offsets.load(io, slices ? 1 : n);
              if (slices) {
                int at = to + offsets.array()[oo];
                Cast.run(type, from, at, nest.tableStep, type, into, po, nest.pickedStep, n);
              } else {
                RowLoops.gather(
                    offsets.array(), oo, from, to, nest.tableStep, into, po, nest.pickedStep, n);
              }
            }
          }
        });
  }
}
