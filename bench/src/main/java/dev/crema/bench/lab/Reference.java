package dev.crema.bench.lab;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.conv.Algorithms;
import dev.crema.cpu.conv.ConvAlgorithm;
import dev.crema.cpu.conv.Direction;
import dev.crema.cpu.conv.Operand;
import dev.crema.tensor.DType;

/**
 * What a trial should give: the same numbers through im2col in f64, some images at a time, so that
 * the copies in f64 stay small.
 */
final class Reference {
  private static final ConvAlgorithm IN_F64 = Algorithms.named("im2col");

  /** Elements of x and y in f64 at one time. */
  private static final long CHUNK = 32L << 20;

  private final Trial trial;
  private final long chunk;
  private final Conv2dPlan plan;
  private final int xImage;
  private final int yImage;
  private final double[] result;

  private Reference(Trial trial, long chunk) {
    this.trial = trial;
    this.chunk = chunk;
    this.plan = trial.plan();
    this.xImage = plan.ic() * plan.ih() * plan.iw();
    this.yImage = plan.oc() * plan.oh() * plan.ow();
    this.result = new double[length(trial.result())];
  }

  /** The result in f64. */
  static double[] of(Trial trial) {
    return of(trial, CHUNK);
  }

  /**
   * @param chunk elements of x and y in f64 at one time, but at least one image
   */
  static double[] of(Trial trial, long chunk) {
    return new Reference(trial, chunk).compute();
  }

  private double[] compute() {
    int images = Math.clamp(chunk / ((long) xImage + yImage), 1, Math.max(1, plan.n()));
    Operand w = trial.direction() == Direction.BACKWARD_WEIGHT ? trial.w() : copy(trial.w());
    for (int from = 0; from < plan.n(); from += images) {
      chunk(from, Math.min(images, plan.n() - from), w);
    }
    return result;
  }

  private void chunk(int from, int images, Operand w) {
    Conv2dPlan part = part(images);
    switch (trial.direction()) {
      case FORWARD ->
          new Trial(part, trial.direction(), x(from, images), w, at(from * yImage)).run(IN_F64);
      case BACKWARD_INPUT ->
          new Trial(part, trial.direction(), at(from * xImage), w, y(from, images)).run(IN_F64);
      case BACKWARD_WEIGHT -> {
        double[] sum = new double[result.length];
        new Trial(part, trial.direction(), x(from, images), new Operand(sum, 0), y(from, images))
            .run(IN_F64);
        for (int i = 0; i < sum.length; i++) {
          result[i] += sum[i];
        }
      }
    }
  }

  private Operand at(int place) {
    return new Operand(result, place);
  }

  private Operand x(int from, int images) {
    return copy(trial.x(), from * xImage, images * xImage);
  }

  private Operand y(int from, int images) {
    return copy(trial.y(), from * yImage, images * yImage);
  }

  private static Operand copy(Operand all) {
    return copy(all, 0, length(all));
  }

  private static Operand copy(Operand from, int at, int length) {
    if (from.array() instanceof double[] a) {
      return new Operand(a, at);
    }
    float[] a = from.f32();
    double[] copy = new double[length];
    for (int i = 0; i < length; i++) {
      copy[i] = a[at + i];
    }
    return new Operand(copy, 0);
  }

  private static int length(Operand all) {
    return all.array() instanceof float[] a ? a.length : all.f64().length;
  }

  /** The plan of so many of the images, in f64. */
  private Conv2dPlan part(int images) {
    return new Conv2dPlan(
        DType.F64,
        images,
        plan.ic(),
        plan.ih(),
        plan.iw(),
        plan.oc(),
        plan.oh(),
        plan.ow(),
        plan.kh(),
        plan.kw(),
        plan.sh(),
        plan.sw(),
        plan.pt(),
        plan.pb(),
        plan.pl(),
        plan.pr(),
        plan.dh(),
        plan.dw(),
        plan.groups());
  }
}
