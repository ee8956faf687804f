package dev.crema.cpu.pointwise;

import dev.crema.backend.Chain;
import dev.crema.backend.PointwisePlan;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Chains of elementwise steps, tile by tile: all steps are done on one tile while it is in the L1
 * cache, each by the loop of its op. What is kept between steps, and a tile of each number, lie in
 * one array of scratch.
 */
public final class Chains {
  private Chains() {}

  /** y = the chain's steps over x. */
  public static void run(Chain chain, PointwisePlan plan, List<View> x, View y) {
    DType type = y.dtype();
    Operand[] inputs = new Operand[x.size()];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = Operand.of(plan, 1 + i, x.get(i), type);
    }
    Parallel.range(
        plan.outer() * plan.inner(),
        Parallel.grain(chain.steps().size()),
        new Chunk(chain, loops(chain, type), inputs, Operand.of(plan, 0, y, type)));
  }

  /** Each step's loop; null for a choice. */
  private static @Nullable Loop[] loops(Chain chain, DType type) {
    @Nullable Loop[] loops = new Loop[chain.steps().size()];
    for (int s = 0; s < loops.length; s++) {
      loops[s] =
          switch (chain.steps().get(s)) {
            case Chain.Unary u -> Pointwise.loop(u.op(), u.a(), type);
            case Chain.Binary b -> Loops.of(b.op(), type);
            case Chain.Where _ -> null;
          };
    }
    return loops;
  }

  /** The work on a range of elements. */
  private record Chunk(Chain chain, @Nullable Loop[] loops, Operand[] inputs, Operand y)
      implements Parallel.Range {

    @Override
    public void run(int from, int to) {
      int width = Math.min(Operand.TILE, to - from);
      int tiles = chain.scratch() + chain.numbers();
      Object scratch = BufferPool.shared().take(y.compute(), (long) tiles * width);
      Object[] opened = new Object[inputs.length];
      Arrays.setAll(opened, i -> inputs[i].open());
      Object result = y.open();
      var tile = new Tile(this, scratch, opened, result, width);
      tile.fillNumbers();
      for (int first = from; first < to; first += width) {
        tile.run(from, first, Math.min(width, to - first));
      }
      y.close(result);
      for (int i = 0; i < opened.length; i++) {
        inputs[i].close(opened[i]);
      }
      BufferPool.shared().give(scratch);
    }
  }

  /** Where the operands of a chunk are: inputs, then numbers, then results of steps. */
  private record Tile(Chunk chunk, Object scratch, Object[] inputs, Object result, int width) {

    void fillNumbers() {
      Chain chain = chunk.chain;
      for (int i = 0; i < chain.numbers(); i++) {
        int at = numberAt(i);
        if (scratch instanceof float[] f) {
          Arrays.fill(f, at, at + width, (float) chain.number(i));
        } else {
          Arrays.fill((double[]) scratch, at, at + width, chain.number(i));
        }
      }
    }

    /** Elements first to first + n of a chunk that began at start. */
    void run(int start, int first, int n) {
      for (int i = 0; i < inputs.length; i++) {
        chunk.inputs[i].load(inputs[i], start, first, n);
      }
      List<Chain.Step> steps = chunk.chain.steps();
      int last = steps.size() - 1;
      for (int s = 0; s < last; s++) {
        step(steps.get(s), chunk.loops[s], first, scratch, chunk.chain.slot(s) * width, n);
      }
      step(steps.get(last), chunk.loops[last], first, result, chunk.y.at(first), n);
      chunk.y.store(result, first, n);
    }

    private void step(Chain.Step step, @Nullable Loop loop, int first, Object y, int yo, int n) {
      switch (step) {
        case Chain.Unary(var _, double p, double q, int x) -> {
          Object xs = array(x);
          int xo = at(x, first);
          Objects.requireNonNull(loop).run(xs, xo, xs, xo, p, q, y, yo, n);
        }
        case Chain.Binary(var _, int a, int b) ->
            Objects.requireNonNull(loop)
                .run(array(a), at(a, first), array(b), at(b, first), 0, 0, y, yo, n);
        case Chain.Where(int c, int a, int b) ->
            Select.run(
                array(c), at(c, first), array(a), at(a, first), array(b), at(b, first), y, yo, n);
      }
    }

    private Object array(int operand) {
      return chunk.chain.isInput(operand) ? inputs[operand] : scratch;
    }

    private int at(int operand, int first) {
      Chain chain = chunk.chain;
      if (chain.isInput(operand)) {
        return chunk.inputs[operand].at(first);
      }
      return chain.isStep(operand)
          ? chain.slot(chain.stepOf(operand)) * width
          : numberAt(chain.numberOf(operand));
    }

    private int numberAt(int i) {
      return (chunk.chain.scratch() + i) * width;
    }
  }
}
