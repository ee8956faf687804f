package dev.crema.tck;

import dev.crema.backend.AdamStep;
import dev.crema.backend.Backend;
import dev.crema.backend.BinaryOp;
import dev.crema.backend.Buffer;
import dev.crema.backend.Chain;
import dev.crema.backend.ChannelPlan;
import dev.crema.backend.Conv2dPlan;
import dev.crema.backend.CrossEntropyPlan;
import dev.crema.backend.GatherPlan;
import dev.crema.backend.MatMulPlan;
import dev.crema.backend.MemoryStats;
import dev.crema.backend.PointwisePlan;
import dev.crema.backend.Pool2dPlan;
import dev.crema.backend.RandomOp;
import dev.crema.backend.ReduceOp;
import dev.crema.backend.ReducePlan;
import dev.crema.backend.RmspropStep;
import dev.crema.backend.RunningStats;
import dev.crema.backend.SgdStep;
import dev.crema.backend.SoftmaxPlan;
import dev.crema.backend.StepViews;
import dev.crema.backend.UnaryOp;
import dev.crema.backend.View;
import dev.crema.tensor.Activation;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Philox;
import java.lang.reflect.Array;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The living definition of {@link Backend}: every method as the plainest loop over its elements,
 * computed in f64 and rounded once at the end. It is slow, single-threaded and never clever; where
 * another backend differs by more than rounding, the other one is wrong.
 */
public final class ReferenceBackend implements Backend {
  public static final Device DEVICE = new Device("reference", 0);

  private final Device device;
  private long liveBuffers;
  private long liveBytes;
  private long peakBytes;

  ReferenceBackend(Device device) {
    this.device = device;
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public String description() {
    return "reference: plain loops in f64";
  }

  // ---- memory ----

  @Override
  public synchronized MemoryStats memoryStats() {
    return new MemoryStats(liveBuffers, liveBytes, peakBytes, 0);
  }

  @Override
  public Buffer allocate(DType dtype, long length) {
    return counted(ReferenceBuffer.poisoned(dtype, length, this::freed));
  }

  @Override
  public Buffer wrap(DType dtype, Object array) {
    return counted(ReferenceBuffer.over(dtype, array, this::freed));
  }

  private synchronized Buffer counted(ReferenceBuffer buffer) {
    liveBuffers++;
    liveBytes += buffer.bytes();
    peakBytes = Math.max(peakBytes, liveBytes);
    return buffer;
  }

  private synchronized void freed(ReferenceBuffer buffer) {
    liveBuffers--;
    liveBytes -= buffer.bytes();
  }

  @Override
  public void upload(Object array, View y) {
    Object to = ((ReferenceBuffer) y.buffer()).array();
    System.arraycopy(array, 0, to, (int) y.offset(), Array.getLength(array));
  }

  @Override
  public void download(View x, Object array) {
    Object from = ((ReferenceBuffer) x.buffer()).array();
    System.arraycopy(from, (int) x.offset(), array, 0, Array.getLength(array));
  }

  // ---- elementwise: the layouts say it all, the plan is a faster way to walk them ----

  @Override
  public void fill(double value, PointwisePlan plan, View y) {
    var to = Elements.of(y);
    for (long i = 0; i < to.count(); i++) {
      to.set(i, value);
    }
  }

  @Override
  public void copy(PointwisePlan plan, View x, View y) {
    var from = Elements.of(x, y.shape());
    var to = Elements.of(y);
    for (long i = 0; i < to.count(); i++) {
      if (from.isFloating()) {
        to.set(i, from.get(i));
      } else {
        to.setLong(i, from.getLong(i));
      }
    }
  }

  @Override
  public void unary(UnaryOp op, double a, double b, PointwisePlan plan, View x, View y) {
    var from = Elements.of(x, y.shape());
    var to = Elements.of(y);
    for (long i = 0; i < to.count(); i++) {
      if (from.isFloating()) {
        to.set(i, ReferenceMath.unary(op, a, b, from.get(i)));
      } else {
        to.setLong(i, ReferenceMath.unary(op, a, b, from.getLong(i)));
      }
    }
  }

  @Override
  public void binary(BinaryOp op, PointwisePlan plan, View a, View b, View y) {
    var left = Elements.of(a, y.shape());
    var right = Elements.of(b, y.shape());
    var to = Elements.of(y);
    for (long i = 0; i < to.count(); i++) {
      if (left.isFloating()) {
        to.set(i, ReferenceMath.binary(op, left.get(i), right.get(i)));
      } else {
        to.setLong(i, ReferenceMath.binary(op, left.getLong(i), right.getLong(i)));
      }
    }
  }

  @Override
  public void where(PointwisePlan plan, View condition, View a, View b, View y) {
    var chosen = Elements.of(condition, y.shape());
    var left = Elements.of(a, y.shape());
    var right = Elements.of(b, y.shape());
    var to = Elements.of(y);
    for (long i = 0; i < to.count(); i++) {
      var from = chosen.getLong(i) != 0 ? left : right;
      if (to.isFloating()) {
        to.set(i, from.get(i));
      } else {
        to.setLong(i, from.getLong(i));
      }
    }
  }

  @Override
  public void chain(Chain chain, PointwisePlan plan, List<View> x, View y) {
    List<Elements> from = x.stream().map(view -> Elements.of(view, y.shape())).toList();
    var to = Elements.of(y);
    double[] operands = new double[chain.inputs() + chain.numbers() + chain.steps().size()];
    for (long i = 0; i < to.count(); i++) {
      int n = 0;
      for (Elements input : from) {
        operands[n++] = input.get(i);
      }
      for (int k = 0; k < chain.numbers(); k++) {
        operands[n++] = ReferenceMath.rounded(y.dtype(), chain.number(k));
      }
      for (Chain.Step step : chain.steps()) {
        operands[n++] = ReferenceMath.rounded(y.dtype(), ReferenceMath.step(step, operands));
      }
      to.set(i, operands[n - 1]);
    }
  }

  // ---- random numbers ----

  @Override
  public void random(RandomOp op, double a, double b, long seed, long offset, View y) {
    var to = Elements.of(y);
    boolean f32 = y.dtype() == DType.F32;
    for (long i = 0; i < to.count(); i++) {
      double u = uniform(seed, offset, i, f32);
      switch (op) {
        case UNIFORM ->
            to.set(i, f32 ? between((float) a, (float) b, (float) u) : between(a, b, u));
        case BERNOULLI -> to.set(i, u < (f32 ? (float) a : a) ? b : 0);
        case NORMAL -> {
          double r = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform(seed, offset, i & ~1L, f32)));
          double angle = 2 * Math.PI * uniform(seed, offset, i | 1, f32);
          boolean even = i % 2 == 0;
          to.set(i, a + b * (r * (even ? StrictMath.cos(angle) : StrictMath.sin(angle))));
        }
      }
    }
  }

  /** a + u(b − a), kept below b where the sum rounds up to it. */
  private static double between(double a, double b, double u) {
    double y = a + u * (b - a);
    return a < b && y >= b ? Math.nextDown(b) : y;
  }

  private static float between(float a, float b, float u) {
    float y = a + u * (b - a);
    return a < b && y >= b ? Math.nextDown(b) : y;
  }

  /** u(i) of {@link Philox}. */
  private static double uniform(long seed, long offset, long i, boolean f32) {
    int[] words = new int[4];
    if (f32) {
      Philox.block(seed, offset + i / 4, words);
      return Philox.uniform(words[(int) (i % 4)]);
    }
    Philox.block(seed, offset + i / 2, words);
    int first = (int) (i % 2 * 2);
    return Philox.uniform(words[first], words[first + 1]);
  }

  // ---- reductions ----

  @Override
  public void reduce(ReduceOp op, ReducePlan plan, View x, View y) {
    var from = (ReferenceBuffer) x.buffer();
    var to = Elements.of(y);
    for (int i = 0; i < plan.keptCount(); i++) {
      if (x.dtype().isFloating()) {
        double result = op == ReduceOp.SUM ? 0 : from.get(plan.keptOffset(i));
        for (int r = 0; r < plan.reducedCount(); r++) {
          double element = from.get(plan.keptOffset(i) + plan.reducedOffset(r));
          result =
              switch (op) {
                case SUM -> result + element;
                case MAX -> Math.max(result, element);
                case MIN -> Math.min(result, element);
              };
        }
        to.set(i, result);
      } else {
        long result = op == ReduceOp.SUM ? 0 : from.getLong(plan.keptOffset(i));
        for (int r = 0; r < plan.reducedCount(); r++) {
          long element = from.getLong(plan.keptOffset(i) + plan.reducedOffset(r));
          result =
              switch (op) {
                case SUM -> result + element;
                case MAX -> Math.max(result, element);
                case MIN -> Math.min(result, element);
              };
        }
        to.setLong(i, result);
      }
    }
  }

  @Override
  public void argReduce(ReduceOp op, ReducePlan plan, View x, View y) {
    var from = (ReferenceBuffer) x.buffer();
    var to = Elements.of(y);
    for (int i = 0; i < plan.keptCount(); i++) {
      int best = 0;
      for (int r = 1; r < plan.reducedCount(); r++) {
        double element = from.get(plan.keptOffset(i) + plan.reducedOffset(r));
        double winner = from.get(plan.keptOffset(i) + plan.reducedOffset(best));
        boolean better = op == ReduceOp.MAX ? element > winner : element < winner;
        if (better || Double.isNaN(element) && !Double.isNaN(winner)) {
          best = r;
        }
      }
      to.setLong(i, best);
    }
  }

  // ---- products ----

  @Override
  public void matmul(
      MatMulPlan p, View a, View b, @Nullable View bias, Activation activation, View y) {
    var left = (ReferenceBuffer) a.buffer();
    var right = (ReferenceBuffer) b.buffer();
    var offset = Elements.ofNullable(bias);
    var to = Elements.of(y);
    long at = 0;
    for (int batch = 0; batch < p.batch(); batch++) {
      for (int i = 0; i < p.m(); i++) {
        for (int j = 0; j < p.n(); j++) {
          double sum = 0;
          for (int l = 0; l < p.k(); l++) {
            sum +=
                left.get(p.aOffset(batch) + i * p.ars() + l * p.acs())
                    * right.get(p.bOffset(batch) + l * p.brs() + j * p.bcs());
          }
          to.set(at++, activated(sum + (offset == null ? 0 : offset.get(j)), activation));
        }
      }
    }
  }

  // ---- convolution ----

  @Override
  public void conv2d(
      Conv2dPlan p, View x, View w, @Nullable View bias, Activation activation, View y) {
    var image = Elements.of(x);
    var kernel = Elements.of(w);
    var offset = Elements.ofNullable(bias);
    var to = Elements.of(y);
    double[] sums = new double[(int) to.count()];
    Windows.forEachProduct(p, (ix, iw, iy) -> sums[iy] += image.get(ix) * kernel.get(iw));
    for (int i = 0; i < sums.length; i++) {
      int oc = i / (p.oh() * p.ow()) % p.oc();
      to.set(i, activated(sums[i] + (offset == null ? 0 : offset.get(oc)), activation));
    }
  }

  static double activated(double y, Activation activation) {
    return switch (activation) {
      case NONE -> y;
      case RELU -> Math.max(0, y);
    };
  }

  @Override
  public void conv2dBackwardInput(Conv2dPlan p, View gy, View w, View gx) {
    var from = Elements.of(gy);
    var kernel = Elements.of(w);
    double[] sums = new double[(int) gx.numel()];
    Windows.forEachProduct(p, (ix, iw, iy) -> sums[ix] += from.get(iy) * kernel.get(iw));
    Elements.store(sums, gx);
  }

  @Override
  public void conv2dBackwardWeight(Conv2dPlan p, View x, View gy, View gw) {
    var image = Elements.of(x);
    var from = Elements.of(gy);
    double[] sums = new double[(int) gw.numel()];
    Windows.forEachProduct(p, (ix, iw, iy) -> sums[iw] += from.get(iy) * image.get(ix));
    Elements.store(sums, gw);
  }

  @Override
  public void biasReluBackward(ChannelPlan p, View gy, View y, View gx, View gb) {
    var from = Elements.of(gy);
    var result = Elements.of(y);
    var to = Elements.of(gx);
    double[] sums = new double[p.c()];
    for (int i = 0; i < from.count(); i++) {
      double g = result.get(i) > 0 ? from.get(i) : 0;
      to.set(i, g);
      sums[i / p.inner() % p.c()] += g;
    }
    Elements.store(sums, gb);
  }

  // ---- pooling ----

  @Override
  public void maxPool2d(Pool2dPlan p, View x, View y, View index) {
    var from = Elements.of(x);
    var to = Elements.of(y);
    var winners = Elements.of(index);
    for (int i = 0; i < to.count(); i++) {
      int plane = i / (p.oh() * p.ow()) * p.ih() * p.iw();
      int oh = i / p.ow() % p.oh();
      int ow = i % p.ow();
      int best = p.h().start(oh) * p.iw() + p.w().start(ow);
      for (int ih = p.h().start(oh); ih < p.h().end(oh); ih += p.h().step()) {
        for (int iw = p.w().start(ow); iw < p.w().end(ow); iw += p.w().step()) {
          double winner = from.get(plane + best);
          double element = from.get(plane + ih * p.iw() + iw);
          if (element > winner || Double.isNaN(element) && !Double.isNaN(winner)) {
            best = ih * p.iw() + iw;
          }
        }
      }
      to.set(i, from.get(plane + best));
      winners.setLong(i, best);
    }
  }

  @Override
  public void maxPool2dBackward(Pool2dPlan p, View gy, View index, View gx) {
    var from = Elements.of(gy);
    var winners = Elements.of(index);
    double[] sums = new double[(int) gx.numel()];
    for (int i = 0; i < from.count(); i++) {
      int plane = i / (p.oh() * p.ow()) * p.ih() * p.iw();
      sums[plane + (int) winners.getLong(i)] += from.get(i);
    }
    Elements.store(sums, gx);
  }

  @Override
  public void avgPool2d(Pool2dPlan p, View x, View y) {
    var from = Elements.of(x);
    double[] sums = new double[(int) y.numel()];
    Windows.forEachTap(p, (ix, iy, divisor) -> sums[iy] += from.get(ix) / divisor);
    Elements.store(sums, y);
  }

  @Override
  public void avgPool2dBackward(Pool2dPlan p, View gy, View gx) {
    var from = Elements.of(gy);
    double[] sums = new double[(int) gx.numel()];
    Windows.forEachTap(p, (ix, iy, divisor) -> sums[ix] += from.get(iy) / divisor);
    Elements.store(sums, gx);
  }

  // ---- normalisation and loss ----

  @Override
  public void softmax(SoftmaxPlan plan, boolean log, View x, View y) {
    ReferenceNorms.softmax(plan, log, x, y);
  }

  @Override
  public void crossEntropy(
      CrossEntropyPlan plan, View scores, View target, View logP, View loss, View divisor) {
    ReferenceNorms.softmax(plan.softmax(), true, scores, logP);
    ReferenceLosses.crossEntropy(plan, logP, target, loss, divisor);
  }

  @Override
  public void crossEntropyBackward(
      CrossEntropyPlan plan, View logP, View target, View gLoss, View divisor, View gx) {
    ReferenceLosses.crossEntropyBackward(plan, logP, target, gLoss, divisor, gx);
  }

  @Override
  public void batchNormStats(
      ChannelPlan plan,
      View x,
      double eps,
      View mean,
      View invstd,
      @Nullable RunningStats running) {
    ReferenceNorms.batchNormStats(plan, x, eps, mean, invstd, running);
  }

  @Override
  public void batchNorm(
      ChannelPlan plan,
      View x,
      View mean,
      View invstd,
      @Nullable View weight,
      @Nullable View bias,
      Activation activation,
      View y) {
    ReferenceNorms.batchNorm(plan, x, mean, invstd, weight, bias, activation, y);
  }

  @Override
  public void batchNormBackward(
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
    ReferenceNorms.batchNormBackward(plan, gy, y, x, mean, invstd, weight, gx, gw, gb);
  }

  // ---- indexing ----

  @Override
  public void gather(GatherPlan p, View table, View index, View picked) {
    var from = Elements.of(table);
    var to = Elements.of(picked);
    for (long i = 0; i < to.count(); i++) {
      long at = tableIndex(p, table, index, i);
      if (from.isFloating()) {
        to.set(i, from.get(at));
      } else {
        to.setLong(i, from.getLong(at));
      }
    }
  }

  @Override
  public void scatterAdd(GatherPlan p, View picked, View index, View table) {
    var from = Elements.of(picked);
    var to = Elements.of(table);
    for (long i = 0; i < from.count(); i++) {
      long at = tableIndex(p, table, index, i);
      if (to.isFloating()) {
        to.set(at, to.get(at) + from.get(i));
      } else {
        to.setLong(at, to.getLong(at) + from.getLong(i));
      }
    }
  }

  /** The row-major place in the table that element {@code i} of the index points to. */
  private static long tableIndex(GatherPlan p, View table, View index, long i) {
    long chosen = Elements.of(index).getLong(i);
    if (chosen < 0 || chosen >= p.tableSize()) {
      throw p.outside(chosen);
    }
    long at = 0;
    long rest = i;
    long stride = 1;
    for (int d = p.sizes().length - 1; d >= 0; d--) {
      at += (d == p.dim() ? chosen : rest % p.sizes()[d]) * stride;
      rest /= p.sizes()[d];
      stride *= table.shape().size(d);
    }
    return at;
  }

  // ---- optimizers ----

  @Override
  public void sgdStep(SgdStep step, List<StepViews> parameters, @Nullable View skip) {
    if (isSet(skip)) {
      return;
    }
    parameters.forEach(v -> ReferenceSteps.sgd(step, v));
  }

  @Override
  public void adamStep(AdamStep step, List<StepViews> parameters, @Nullable View skip) {
    if (isSet(skip)) {
      return;
    }
    parameters.forEach(v -> ReferenceSteps.adam(step, v));
  }

  @Override
  public void rmspropStep(RmspropStep step, List<StepViews> parameters, @Nullable View skip) {
    if (isSet(skip)) {
      return;
    }
    parameters.forEach(v -> ReferenceSteps.rmsprop(step, v));
  }

  @Override
  public void unscale(View factor, List<View> gradients, View found) {
    for (View g : gradients) {
      var elements = Elements.of(g);
      for (long i = 0; i < elements.count(); i++) {
        if (!Double.isFinite(elements.get(i))) {
          Elements.of(found).set(0, 1);
        }
        elements.set(i, elements.get(i) * Elements.of(factor).get(0));
      }
    }
  }

  private static boolean isSet(@Nullable View skip) {
    return skip != null && Elements.of(skip).get(0) != 0;
  }
}
