package dev.crema.backend;

import dev.crema.tensor.Activation;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Layout;
import dev.crema.tensor.Shape;
import java.lang.reflect.Array;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a device must compute. Ops check their arguments and derive a plan; a backend only computes,
 * so nothing here validates but what only the data can tell: an index out of range. That {@link
 * dev.crema.tensor.IndexException} comes at once, or, from a device that computes while the program
 * goes on, at the latest when a value is next read from it; it names the op. Unless it says
 * otherwise, a view is contiguous and result views do not overlap operands. Results are the same
 * bits whatever the number of threads.
 *
 * <p>A backend may run behind its caller. What only the data can tell is then thrown later, at the
 * latest by the next {@link #download} of this device.
 */
public interface Backend {

  Device device();

  /** One line for people: what runs here and how wide. */
  String description();

  MemoryStats memoryStats();

  /** A point behind what was issued so far on this thread, which the caller closes. */
  default Mark mark() {
    long now = System.nanoTime();
    return () -> now;
  }

  /** Kernels, and calls of libraries, that were launched so far; 0 where ops are plain calls. */
  default long launches() {
    return 0;
  }

  /**
   * Whether ops on images keep {@link dev.crema.tensor.MemoryFormat#CHANNELS_LAST}: then plans of
   * convolutions and poolings may say that format, in which all their views lie; so may the views
   * of batch norm and of a bias, whose plan needs no word of it.
   */
  default boolean hasChannelsLast() {
    return false;
  }

  // ---- memory ----

  /** A buffer of undefined content. Throws {@link dev.crema.tensor.OutOfMemoryException}. */
  Buffer allocate(DType dtype, long length);

  /**
   * A buffer over a Java array of the dtype's type ({@code float[]}, {@code double[]}, {@code
   * int[]}, {@code long[]}, {@code byte[]} for u8 and bool, {@code short[]} for f16 and bf16): the
   * array itself where the backend computes on arrays, else a copy.
   */
  Buffer wrap(DType dtype, Object array);

  /** Copies a Java array of the dtype's type into y, whose size it has. */
  void upload(Object array, View y);

  /** Copies x into a Java array of the dtype's type and of x's size. */
  void download(View x, Object array);

  /**
   * A buffer that a copy of a Java array of the dtype's type is on its way to, beside what the
   * device computes. Until it is received nothing may use it. The array is free at once.
   */
  default Buffer send(DType dtype, Object array) {
    int length = Array.getLength(array);
    Buffer buffer = allocate(dtype, length);
    try {
      upload(array, new View(buffer, Layout.contiguous(Shape.of(length))));
      return buffer;
    } catch (RuntimeException e) {
      buffer.release();
      throw e;
    }
  }

  /** What this device computes from here on finds what was sent, whoever computes it. */
  default void receive(Buffer sent) {}

  // ---- elementwise: any strides, operands expanded by the plan; the result may be an operand ----

  /** y = value, converted to y's dtype as {@link #copy} does it. */
  void fill(double value, PointwisePlan plan, View y);

  /**
   * y = x, converted to y's dtype: to integers by Java's narrowing, to bool as x ≠ 0, from bool as
   * 0 or 1; u8 is unsigned. To and from f16 and bf16 by way of f32, to the nearest number, ties to
   * even.
   */
  void copy(PointwisePlan plan, View x, View y);

  /** y = op(x), with the op's parameters a and b. */
  void unary(UnaryOp op, double a, double b, PointwisePlan plan, View x, View y);

  /** y = op(a, b). */
  void binary(BinaryOp op, PointwisePlan plan, View a, View b, View y);

  /** y = condition ? a : b. */
  void where(PointwisePlan plan, View condition, View a, View b, View y);

  /**
   * y = the chain's steps over the inputs x, all of y's floating dtype, which each step rounds to.
   */
  void chain(Chain chain, PointwisePlan plan, List<View> x, View y);

  // ---- random numbers ----

  /**
   * Fills y (f32 or f64) from the stream {@code seed}, starting at block {@code offset}, by the
   * rules at {@link dev.crema.tensor.Philox}.
   */
  void random(RandomOp op, double a, double b, long seed, long offset, View y);

  // What is another from step to step comes as a supplier. It is asked once for each run: now, or
  // in a step that is captured, before each of its runs.

  /** {@link #random}, from the block that {@code offset} takes. */
  default void random(RandomOp op, double a, double b, long seed, LongSupplier offset, View y) {
    random(op, a, b, seed, offset.getAsLong(), y);
  }

  // ---- reductions: x any strides ----

  /**
   * y = op over the plan's reduced elements. SUM gives {@link DType#sumType}. Floating sums are at
   * least as exact as pairwise summation.
   */
  void reduce(ReduceOp op, ReducePlan plan, View x, View y);

  /** y (i64) = where MAX or MIN first occurs in the plan's single reduced dimension; NaN wins. */
  void argReduce(ReduceOp op, ReducePlan plan, View x, View y);

  // ---- products ----

  /** y = activation(a·b + bias), with one bias for each column; a and b at the plan's strides. */
  void matmul(MatMulPlan plan, View a, View b, @Nullable View bias, Activation activation, View y);

  /**
   * What a linear layer y = activation(x·wᵀ + bias) hands back, each where it is asked for: gx =
   * g·w, gw = gᵀ·x and [out]-shaped gb = Σ g over rows, with g = gy, or behind a ReLU, whose y is
   * given, gy where y > 0, else 0. There is w where gx is asked for, and x where gw is, at any
   * strides.
   */
  default void linearBackward(
      View gy,
      @Nullable View y,
      @Nullable View x,
      @Nullable View w,
      @Nullable View gx,
      @Nullable View gw,
      @Nullable View gb) {
    LinearBackward.compose(this, gy, y, x, w, gx, gw, gb);
  }

  // ---- convolution ----

  /** y = activation(x ⋆ w + bias). */
  void conv2d(Conv2dPlan plan, View x, View w, @Nullable View bias, Activation activation, View y);

  /** gx = the gradient for x, of the gradient gy for y. */
  void conv2dBackwardInput(Conv2dPlan plan, View gy, View w, View gx);

  /** gw = the gradient for w, of the gradient gy for y. */
  void conv2dBackwardWeight(Conv2dPlan plan, View x, View gy, View gw);

  /**
   * What a bias and a ReLU on top of it hand back, in one pass: gx = gy where y > 0, else 0, and
   * [c]-shaped gb = Σ gx.
   */
  void biasReluBackward(ChannelPlan plan, View gy, View y, View gx, View gb);

  // ---- pooling ----

  /**
   * y = the largest of each window (NaN wins), index (i32) = the first place of it in its ih·iw
   * plane.
   */
  void maxPool2d(Pool2dPlan plan, View x, View y, View index);

  /** gx = the gradient for x of a maximum pooling: each of gy's goes to the place that won. */
  void maxPool2dBackward(Pool2dPlan plan, View gy, View index, View gx);

  /** y = the sum of each window over its divisor. */
  void avgPool2d(Pool2dPlan plan, View x, View y);

  /** gx = the gradient for x of an average pooling. */
  void avgPool2dBackward(Pool2dPlan plan, View gy, View gx);

  // ---- normalisation and loss ----

  /** y = e^x / Σ e^x, or with {@code log} x − ln Σ e^x, shifted by the maximum first. */
  void softmax(SoftmaxPlan plan, boolean log, View x, View y);

  /**
   * logP = the scores' log-softmax over the classes, and loss, per sample (1 − ε)·(−logP[target]) +
   * ε·mean(−logP), 0 for the ignored; reduced as the plan says. The target is i32 or i64. The
   * divisor, one number, is what the sum of the losses is divided by: for a mean, how many are not
   * ignored, else 1. Throws {@link dev.crema.tensor.IndexException}.
   */
  void crossEntropy(
      CrossEntropyPlan plan, View scores, View target, View logP, View loss, View divisor);

  /**
   * gx = the gradient for the scores of a cross-entropy: per sample g·(e^logP − ε/classes − (1 − ε)
   * at the target), 0 for the ignored, with g the gradient for the loss over forward's divisor.
   */
  void crossEntropyBackward(
      CrossEntropyPlan plan, View logP, View target, View gLoss, View divisor, View gx);

  /**
   * The mean of each channel, and 1/√(var + eps) with its biased variance; moves the running ones,
   * where there are such.
   */
  void batchNormStats(
      ChannelPlan plan, View x, double eps, View mean, View invstd, @Nullable RunningStats running);

  /** y = activation((x − mean)·invstd·weight + bias); without weight and bias, 1 and 0. */
  void batchNorm(
      ChannelPlan plan,
      View x,
      View mean,
      View invstd,
      @Nullable View weight,
      @Nullable View bias,
      Activation activation,
      View y);

  /**
   * The gradients of a batch norm that used its batch's own mean and invstd, with g = gy, or behind
   * a ReLU, whose y is given, gy where y > 0, else 0: gx, and [c]-shaped gw = Σ g·x̂ and gb = Σ g.
   */
  void batchNormBackward(
      ChannelPlan plan,
      View gy,
      @Nullable View y,
      View x,
      View mean,
      View invstd,
      @Nullable View weight,
      View gx,
      View gw,
      View gb);

  // ---- indexing: table, index and picked any strides ----

  /**
   * picked = table at index along the plan's dimension. Throws {@link
   * dev.crema.tensor.IndexException}.
   */
  void gather(GatherPlan plan, View table, View index, View picked);

  /** table at index += picked, in a fixed order. Throws {@link dev.crema.tensor.IndexException}. */
  void scatterAdd(GatherPlan plan, View picked, View index, View table);

  // ---- optimizers: in place, one pass over each operand, all parameters (of one dtype) at once
  // ----

  // With `skip`, one f32: nothing changes where that is not 0. It is read when the step runs.

  /** Updates each p, and m where the step has momentum. */
  void sgdStep(SgdStep step, List<StepViews> parameters, @Nullable View skip);

  /** {@link #sgdStep}, with the settings of each run. */
  default void sgdStep(Supplier<SgdStep> step, List<StepViews> parameters, @Nullable View skip) {
    sgdStep(step.get(), parameters, skip);
  }

  /** Updates each p, m and v. */
  void adamStep(AdamStep step, List<StepViews> parameters, @Nullable View skip);

  /** {@link #adamStep}, with the settings of each run. */
  default void adamStep(Supplier<AdamStep> step, List<StepViews> parameters, @Nullable View skip) {
    adamStep(step.get(), parameters, skip);
  }

  /** Updates each p and v, and m where the step has momentum. */
  void rmspropStep(RmspropStep step, List<StepViews> parameters, @Nullable View skip);

  /** {@link #rmspropStep}, with the settings of each run. */
  default void rmspropStep(
      Supplier<RmspropStep> step, List<StepViews> parameters, @Nullable View skip) {
    rmspropStep(step.get(), parameters, skip);
  }

  /**
   * Each gradient (of one dtype) times factor, in place; found = 1 if an element was infinite or
   * NaN, else as it was. Factor and found are one f32.
   */
  void unscale(View factor, List<View> gradients, View found);
}
