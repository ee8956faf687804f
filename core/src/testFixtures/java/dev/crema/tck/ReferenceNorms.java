package dev.crema.tck;

import dev.crema.backend.ChannelPlan;
import dev.crema.backend.RunningStats;
import dev.crema.backend.SoftmaxPlan;
import dev.crema.backend.View;
import dev.crema.tensor.Activation;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The reference's softmax and batch norm. */
final class ReferenceNorms {
  private ReferenceNorms() {}

  static void softmax(SoftmaxPlan p, boolean log, View x, View y) {
    var from = Elements.of(x);
    var to = Elements.of(y);
    for (long line = 0; line < (long) p.outer() * p.inner(); line++) {
      long first = line / p.inner() * p.size() * p.inner() + line % p.inner();
      double max = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < p.size(); i++) {
        max = Math.max(max, from.get(first + (long) i * p.inner()));
      }
      double sum = 0;
      for (int i = 0; i < p.size(); i++) {
        sum += StrictMath.exp(from.get(first + (long) i * p.inner()) - max);
      }
      for (int i = 0; i < p.size(); i++) {
        long at = first + (long) i * p.inner();
        double shifted = from.get(at) - max;
        to.set(at, log ? shifted - StrictMath.log(sum) : StrictMath.exp(shifted) / sum);
      }
    }
  }

  static void batchNormStats(
      ChannelPlan p, View x, double eps, View mean, View invstd, @Nullable RunningStats running) {
    var from = Elements.of(x);
    double[] means = channelMeans(p, from::get);
    Elements.store(means, mean);
    double[] vars =
        channelMeans(
            p,
            i -> {
              double centred = from.get(i) - means[channel(p, i)];
              return centred * centred;
            });
    Elements.store(Arrays.stream(vars).map(v -> 1 / Math.sqrt(v + eps)).toArray(), invstd);
    if (running != null) {
      double unbiased = p.count() / (p.count() - 1.0);
      for (int c = 0; c < p.c(); c++) {
        move(Elements.of(running.mean()), c, running.momentum(), means[c]);
        move(Elements.of(running.var()), c, running.momentum(), vars[c] * unbiased);
      }
    }
  }

  private static void move(Elements running, int c, double momentum, double batch) {
    running.set(c, (1 - momentum) * running.get(c) + momentum * batch);
  }

  static void batchNorm(
      ChannelPlan p,
      View x,
      View mean,
      View invstd,
      @Nullable View weight,
      @Nullable View bias,
      Activation activation,
      View y) {
    var from = Elements.of(x);
    var centre = Elements.of(mean);
    var scale = Elements.of(invstd);
    var w = Elements.ofNullable(weight);
    var b = Elements.ofNullable(bias);
    var to = Elements.of(y);
    for (int i = 0; i < to.count(); i++) {
      int c = channel(p, i);
      double xHat = (from.get(i) - centre.get(c)) * scale.get(c);
      double normal = xHat * (w == null ? 1 : w.get(c)) + (b == null ? 0 : b.get(c));
      to.set(i, ReferenceBackend.activated(normal, activation));
    }
  }

  static void batchNormBackward(
      ChannelPlan p,
      View gy,
      @Nullable View y,
      View x,
      View mean,
      View invstd,
      @Nullable View weight,
      View gx,
      View gw,
      View gb) {
    var upper = Elements.of(gy);
    var result = Elements.ofNullable(y);
    IntToDoubleFunction g = i -> result == null || result.get(i) > 0 ? upper.get(i) : 0;
    var from = Elements.of(x);
    var centre = Elements.of(mean);
    var scale = Elements.of(invstd);
    var w = Elements.ofNullable(weight);
    IntToDoubleFunction xHat =
        i -> (from.get(i) - centre.get(channel(p, i))) * scale.get(channel(p, i));
    double[] gMean = channelMeans(p, g);
    double[] gxMean = channelMeans(p, i -> g.applyAsDouble(i) * xHat.applyAsDouble(i));
    var to = Elements.of(gx);
    for (int i = 0; i < to.count(); i++) {
      int c = channel(p, i);
      double centred = g.applyAsDouble(i) - gMean[c] - xHat.applyAsDouble(i) * gxMean[c];
      to.set(i, centred * scale.get(c) * (w == null ? 1 : w.get(c)));
    }
    for (int c = 0; c < p.c(); c++) {
      Elements.of(gw).set(c, gxMean[c] * p.count());
      Elements.of(gb).set(c, gMean[c] * p.count());
    }
  }

  private static double[] channelMeans(ChannelPlan p, IntToDoubleFunction element) {
    double[] means = new double[p.c()];
    for (int i = 0; i < p.n() * p.c() * p.inner(); i++) {
      means[channel(p, i)] += element.applyAsDouble(i) / p.count();
    }
    return means;
  }

  private static int channel(ChannelPlan p, int i) {
    return i / p.inner() % p.c();
  }
}
