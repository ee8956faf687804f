package dev.crema.tck;

import dev.crema.backend.CrossEntropyPlan;
import dev.crema.backend.View;
import dev.crema.tensor.CrossEntropyOptions.Reduction;

/** The reference's cross-entropy. */
final class ReferenceLosses {
  private ReferenceLosses() {}

  static void crossEntropy(CrossEntropyPlan p, View logP, View target, View loss, View divisor) {
    var from = Elements.of(logP);
    var labels = Elements.of(target);
    double[] losses = new double[p.samples()];
    for (int i = 0; i < losses.length; i++) {
      long label = labels.getLong(i);
      if (label == p.options().ignoreIndex()) {
        continue;
      }
      if (label < 0 || label >= p.classes()) {
        throw p.outside(label);
      }
      for (int c = 0; c < p.classes(); c++) {
        double share = share(p, label, c);
        losses[i] -= share == 0 ? 0 : share * from.get(p.at(i) + (long) c * p.inner());
      }
    }
    double by = divisor(p, labels);
    Elements.of(divisor).set(0, by);
    if (p.options().reduction() == Reduction.NONE) {
      Elements.store(losses, loss);
      return;
    }
    double sum = 0;
    for (double l : losses) {
      sum += l;
    }
    Elements.of(loss).set(0, sum / by);
  }

  static void crossEntropyBackward(
      CrossEntropyPlan p, View logP, View target, View gLoss, View divisor, View gx) {
    var from = Elements.of(logP);
    var labels = Elements.of(target);
    var g = Elements.of(gLoss);
    var to = Elements.of(gx);
    double by = Elements.of(divisor).get(0);
    for (int i = 0; i < p.samples(); i++) {
      long label = labels.getLong(i);
      boolean ignored = label == p.options().ignoreIndex();
      double scale = g.get(p.options().reduction() == Reduction.NONE ? i : 0) / by;
      for (int c = 0; c < p.classes(); c++) {
        long at = p.at(i) + (long) c * p.inner();
        to.set(at, ignored ? 0 : scale * (StrictMath.exp(from.get(at)) - share(p, label, c)));
      }
    }
  }

  /** How much of a sample's target is class c. */
  private static double share(CrossEntropyPlan p, long label, int c) {
    double smoothing = p.options().labelSmoothing();
    return smoothing / p.classes() + (c == label ? 1 - smoothing : 0);
  }

  /** What the sum of the losses is divided by. */
  private static double divisor(CrossEntropyPlan p, Elements labels) {
    if (p.options().reduction() != Reduction.MEAN) {
      return 1;
    }
    int count = 0;
    for (int i = 0; i < p.samples(); i++) {
      count += labels.getLong(i) == p.options().ignoreIndex() ? 0 : 1;
    }
    return count;
  }
}
