package dev.crema.cpu.index;

import dev.crema.backend.BinaryOp;
import dev.crema.backend.GatherPlan;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.cpu.pointwise.Loop;
import dev.crema.cpu.pointwise.Loops;
import dev.crema.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * table += picked at index. Threads share no table element: a task has all steps along the
 * dimension picked along, for a piece of the rows across it, or for a whole row that lies along it.
 */
public final class ScatterAdd {
  /**
   * A row across the picking dimension is cut in up to so many pieces, but no shorter than this.
   */
  private static final int PIECES = 16;

  private static final int SHORTEST = 64;

  private ScatterAdd() {}

  /** Throws {@link dev.crema.tensor.IndexException} at an index outside the table. */
  public static void run(GatherPlan plan, View picked, View index, View table) {
    var nest = new PickNest(plan, index, picked, table);
    boolean across = nest.tableStep != 0;
    int piece =
        across
            ? Math.clamp(Math.ceilDiv(nest.row, PIECES), SHORTEST, Offsets.TILE)
            : Math.max(1, nest.row);
    int pieces = Math.ceilDiv(nest.row, piece);
    Parallel.range(
        nest.others() * pieces,
        Parallel.grain((long) nest.picks * Math.min(piece, nest.row)),
        (begin, end) -> {
          try (var offsets = new Offsets(plan, nest, index)) {
            var rows = new Task(nest, offsets, picked, table);
            for (int i = begin; i < end; i++) {
              int first = i % pieces * piece;
              int last = Math.min(nest.row, first + piece);
              for (int pick = 0; pick < nest.picks; pick++) {
                rows.add(i / pieces, pick, first, last);
              }
            }
          }
        });
  }

  /** Rows on one thread. */
  private static final class Task {
    private final PickNest nest;
    private final Offsets offsets;
    private final DType type;
    private final Object from;
    private final Object into;

    /** Adds slices that are dense in both. */
    private final @Nullable Loop slices;

    Task(PickNest nest, Offsets offsets, View picked, View table) {
      this.nest = nest;
      this.offsets = offsets;
      this.type = table.dtype();
      this.from = CpuBuffer.array(picked);
      this.into = CpuBuffer.array(table);
      boolean dense = nest.indexStep == 0 && nest.pickedStep == 1 && nest.tableStep == 1;
      this.slices = dense && type.isFloating() ? Loops.of(BinaryOp.ADD, type) : null;
    }

    void add(int other, int pick, int begin, int end) {
      for (int first = begin; first < end; first += Offsets.TILE) {
        int n = Math.min(Offsets.TILE, end - first);
        int io = nest.indexAt(other) + pick * nest.indexPick + first * nest.indexStep;
        int po = nest.pickedAt(other) + pick * nest.pickedPick + first * nest.pickedStep;
        int to = nest.tableAt(other) + first * nest.tableStep;
        int oo = offsets.load(io, slices == null ? n : 1);
        if (slices == null) {
          RowLoops.add(
              type, offsets.array(), oo, from, po, nest.pickedStep, into, to, nest.tableStep, n);
        } else {
          int at = to + offsets.array()[oo];
          slices.run(into, at, from, po, 0, 0, into, at, n);
        }
      }
    }
  }
}
