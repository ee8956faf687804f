package dev.crema.cpu.norm;

import dev.crema.backend.ChannelPlan;
import dev.crema.backend.RunningStats;
import dev.crema.backend.UnaryOp;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.pointwise.Loop;
import dev.crema.cpu.pointwise.Loops;
import dev.crema.cpu.reduce.BiasReluBackward;
import dev.crema.tensor.Activation;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation of [n, c, inner], a channel at a time on each thread. The variance is taken
 * about the mean, in a second sweep.
 */
public final class BatchNorm {
  private BatchNorm() {}

  /** The mean and 1/√(var + eps) of each channel; moves the running ones. */
  public static void stats(
      ChannelPlan plan,
      View x,
      double eps,
      View mean,
      View invstd,
      @Nullable RunningStats running) {
    Parallel.range(
        plan.c(),
        Parallel.grain(2L * plan.count()),
        (from, to) -> {
          try (var channel = new Channel(plan, x)) {
            for (int c = from; c < to; c++) {
              double m = channel.sum(c) / plan.count();
              Elements.set(mean, c, m);
              double squares = channel.centredDot(c, m, channel, m);
              Elements.set(invstd, c, 1 / Math.sqrt(squares / plan.count() + eps));
              if (running != null) {
                move(running.mean(), c, running.momentum(), m);
                move(running.var(), c, running.momentum(), squares / (plan.count() - 1));
              }
            }
          }
        });
  }

  private static void move(View running, int c, double momentum, double batch) {
    Elements.set(running, c, (1 - momentum) * Elements.get(running, c) + momentum * batch);
  }

  /** y = activation((x − mean)·invstd·weight + bias). */
  public static void apply(
      ChannelPlan plan,
      View x,
      View mean,
      View invstd,
      @Nullable View weight,
      @Nullable View bias,
      Activation activation,
      View y) {
    Loop relu = activation == Activation.RELU ? Loops.of(UnaryOp.RELU, plan.dtype()) : null;
    Parallel.range(
        plan.c(),
        Parallel.grain(plan.count()),
        (from, to) -> {
          try (var in = new Channel(plan, x);
              var out = new Channel(plan, y)) {
            for (int c = from; c < to; c++) {
              double scale =
                  Elements.get(invstd, c) * (weight == null ? 1 : Elements.get(weight, c));
              double b = bias == null ? 0 : Elements.get(bias, c);
              for (int r = 0; r < in.runs(); r++) {
                int n = in.length(r);
                Runs.affine(
                    in.array(),
                    in.load(c, r),
                    Elements.get(mean, c),
                    scale,
                    b,
                    out.array(),
                    out.at(c, r),
                    n);
                if (relu != null) {
                  int at = out.at(c, r);
                  relu.run(out.array(), at, out.array(), at, 0, 0, out.array(), at, n);
                }
                out.store(c, r);
              }
            }
          }
        });
  }

  /**
   * The gradients; with means over the channel, gx = weight·invstd·(gy − mean(gy) −
   * x̂·mean(gy·x̂)). Behind a ReLU, gx first holds what of gy passes that.
   */
  public static void backward(
      ChannelPlan plan,
      View gy,
      @Nullable View y,
      View x,
      View mean,
      View invstd,
      @Nullable View weight,
      View gx,
      View gw,
      View gb) {
    if (y != null) {
      BiasReluBackward.run(plan, gy, y, gx, gb);
      backward(plan, gx, null, x, mean, invstd, weight, gx, gw, gb);
      return;
    }
    Parallel.range(
        plan.c(),
        Parallel.grain(2L * plan.count()),
        (from, to) -> {
          try (var g = new Channel(plan, gy);
              var in = new Channel(plan, x);
              var out = new Channel(plan, gx)) {
            for (int c = from; c < to; c++) {
              double m = Elements.get(mean, c);
              double s = Elements.get(invstd, c);
              double sum = g.sum(c);
              double dot = s * g.centredDot(c, 0, in, m);
              Elements.set(gb, c, sum);
              Elements.set(gw, c, dot);
              double k = s * (weight == null ? 1 : Elements.get(weight, c));
              double slope = -k * s * dot / plan.count();
              double level = -k * sum / plan.count();
              for (int r = 0; r < g.runs(); r++) {
                Runs.combine(
                    g.array(),
                    g.load(c, r),
                    k,
                    in.array(),
                    in.load(c, r),
                    m,
                    slope,
                    level,
                    out.array(),
                    out.at(c, r),
                    g.length(r));
                out.store(c, r);
              }
            }
          }
        });
  }
}
