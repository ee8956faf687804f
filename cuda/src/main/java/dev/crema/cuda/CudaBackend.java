package dev.crema.cuda;

import dev.crema.backend.AdamStep;
import dev.crema.backend.BinaryOp;
import dev.crema.backend.Buffer;
import dev.crema.backend.CapturingBackend;
import dev.crema.backend.Chain;
import dev.crema.backend.ChannelPlan;
import dev.crema.backend.Conv2dPlan;
import dev.crema.backend.CrossEntropyPlan;
import dev.crema.backend.GatherPlan;
import dev.crema.backend.Mark;
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
import dev.crema.cuda.cublas.MatMul;
import dev.crema.cuda.cudnn.Convolution;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.cuda.driver.CudaMemory;
import dev.crema.cuda.kernel.Adam;
import dev.crema.cuda.kernel.ArgReduce;
import dev.crema.cuda.kernel.BatchNorm;
import dev.crema.cuda.kernel.BiasRelu;
import dev.crema.cuda.kernel.Cast;
import dev.crema.cuda.kernel.Chains;
import dev.crema.cuda.kernel.CrossEntropy;
import dev.crema.cuda.kernel.Index;
import dev.crema.cuda.kernel.Pointwise;
import dev.crema.cuda.kernel.Pool;
import dev.crema.cuda.kernel.Products;
import dev.crema.cuda.kernel.Random;
import dev.crema.cuda.kernel.Reduce;
import dev.crema.cuda.kernel.Rmsprop;
import dev.crema.cuda.kernel.Sgd;
import dev.crema.cuda.kernel.Softmax;
import dev.crema.cuda.kernel.Unscale;
import dev.crema.cuda.kernel.Where;
import dev.crema.tensor.Activation;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.UnsupportedOpException;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The CUDA backend of one device: every method goes straight to its kernel or library. */
final class CudaBackend implements CapturingBackend {
  /** The names of elementwise ops in errors and statistics. */
  private static final String[] UNARY = names(UnaryOp.values());

  private static final String[] BINARY = names(BinaryOp.values());

  private final Device device;
  private final CudaDevice cuda;

  CudaBackend(Device device, CudaDevice cuda) {
    this.device = device;
    this.cuda = cuda;
  }

  /** What it runs on. */
  CudaDevice cuda() {
    return cuda;
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public String description() {
    return cuda.info().toString();
  }

  @Override
  public MemoryStats memoryStats() {
    return cuda.memoryStats();
  }

  @Override
  public Mark mark() {
    return cuda.begin("mark").mark();
  }

  @Override
  public long launches() {
    return cuda.launches();
  }

  @Override
  public boolean hasChannelsLast() {
    return true;
  }

  @Override
  public Work capture(Runnable step) {
    return cuda.capture(step);
  }

  // ---- memory ----

  @Override
  public Buffer allocate(DType dtype, long length) {
    return watched(dtype, length, cuda.allocateTensor(length * dtype.bytes()));
  }

  private static CudaBuffer watched(DType dtype, long length, CudaMemory memory) {
    CudaBuffer buffer = new CudaBuffer(dtype, length, memory);
    memory.watch(buffer);
    return buffer;
  }

  @Override
  public Buffer wrap(DType dtype, Object array) {
    CudaBuffer buffer = (CudaBuffer) allocate(dtype, Array.getLength(array));
    try {
      cuda.begin("wrap").upload(segment(array), buffer.address());
      return buffer;
    } catch (RuntimeException e) {
      buffer.release();
      throw e;
    }
  }

  @Override
  public void upload(Object array, View y) {
    cuda.begin("upload").upload(segment(array), CudaBuffer.address(y));
  }

  @Override
  public void download(View x, Object array) {
    cuda.begin("download").download(CudaBuffer.address(x), segment(array));
  }

  @Override
  public Buffer send(DType dtype, Object array) {
    return watched(dtype, Array.getLength(array), cuda.begin("send").send(segment(array)));
  }

  @Override
  public void receive(Buffer sent) {
    cuda.begin("receive").receive(((CudaBuffer) sent).memory());
  }

  private static MemorySegment segment(Object array) {
    return switch (array) {
      case float[] a -> MemorySegment.ofArray(a);
      case double[] a -> MemorySegment.ofArray(a);
      case short[] a -> MemorySegment.ofArray(a);
      case int[] a -> MemorySegment.ofArray(a);
      case long[] a -> MemorySegment.ofArray(a);
      case byte[] a -> MemorySegment.ofArray(a);
      default -> throw new IllegalArgumentException("no dtype has " + array.getClass());
    };
  }

  // ---- elementwise ----

  @Override
  public void fill(double value, PointwisePlan plan, View y) {
    Pointwise.fill(cuda.begin("fill"), value, plan, y);
  }

  @Override
  public void copy(PointwisePlan plan, View x, View y) {
    Cast.copy(cuda.begin("copy"), plan, x, y);
  }

  @Override
  public void unary(UnaryOp op, double a, double b, PointwisePlan plan, View x, View y) {
    Pointwise.unary(cuda.begin(UNARY[op.ordinal()]), op, a, b, plan, x, y);
  }

  @Override
  public void binary(BinaryOp op, PointwisePlan plan, View a, View b, View y) {
    Pointwise.binary(cuda.begin(BINARY[op.ordinal()]), op, plan, a, b, y);
  }

  @Override
  public void where(PointwisePlan plan, View condition, View a, View b, View y) {
    Where.run(cuda.begin("where"), plan, condition, a, b, y);
  }

  @Override
  public void chain(Chain chain, PointwisePlan plan, List<View> x, View y) {
    Chains.run(cuda.begin(chain.name()), chain, plan, x, y);
  }

  private static String[] names(Enum<?>[] ops) {
    return Arrays.stream(ops).map(op -> op.name().toLowerCase(Locale.ROOT)).toArray(String[]::new);
  }

  // ---- random numbers ----

  @Override
  public void random(RandomOp op, double a, double b, long seed, long offset, View y) {
    random(op, a, b, seed, () -> offset, y);
  }

  @Override
  public void random(RandomOp op, double a, double b, long seed, LongSupplier offset, View y) {
    Random.run(cuda.begin("random"), op, a, b, seed, offset, y);
  }

  // ---- reductions ----

  @Override
  public void reduce(ReduceOp op, ReducePlan plan, View x, View y) {
    Reduce.run(cuda.begin("reduce"), op, plan, x, y);
  }

  @Override
  public void argReduce(ReduceOp op, ReducePlan plan, View x, View y) {
    ArgReduce.run(cuda.begin("arg_reduce"), op, plan, x, y);
  }

  // ---- products ----

  @Override
  public void matmul(
      MatMulPlan plan, View a, View b, @Nullable View bias, Activation activation, View y) {
    cuda.begin("matmul");
    if (Products.areFor(plan)) {
      Products.run(cuda, plan, a, b, bias, activation, y);
    } else {
      MatMul.run(cuda, plan, a, b, y);
      BiasRelu.forward(cuda, MatMul.columns(plan), bias, activation, y);
    }
  }

  @Override
  public void linearBackward(
      View gy,
      @Nullable View y,
      @Nullable View x,
      @Nullable View w,
      @Nullable View gx,
      @Nullable View gw,
      @Nullable View gb) {
    if (Products.areForBackward(gy, x, w, gb)) {
      Products.linearBackward(cuda.begin("linear_backward"), gy, y, x, w, gx, gw, gb);
    } else {
      CapturingBackend.super.linearBackward(gy, y, x, w, gx, gw, gb);
    }
  }

  // ---- convolution ----

  @Override
  public void conv2d(
      Conv2dPlan plan, View x, View w, @Nullable View bias, Activation activation, View y) {
    cuda.begin("conv2d");
    if (!Convolution.forwardFused(cuda, plan, x, w, bias, activation, y)) {
      Convolution.forward(cuda, plan, x, w, y);
      BiasRelu.forward(cuda, Convolution.channels(plan), bias, activation, y);
    }
  }

  @Override
  public void conv2dBackwardInput(Conv2dPlan plan, View gy, View w, View gx) {
    Convolution.backwardInput(cuda.begin("conv2d_backward_input"), plan, gy, w, gx);
  }

  @Override
  public void conv2dBackwardWeight(Conv2dPlan plan, View x, View gy, View gw) {
    Convolution.backwardWeight(cuda.begin("conv2d_backward_weight"), plan, x, gy, gw);
  }

  @Override
  public void biasReluBackward(ChannelPlan plan, View gy, View y, View gx, View gb) {
    BiasRelu.backward(cuda.begin("bias_relu_backward"), plan, gy, y, gx, gb);
  }

  // ---- pooling ----

  @Override
  public void maxPool2d(Pool2dPlan plan, View x, View y, View index) {
    Pool.max(cuda.begin("max_pool2d"), plan, x, y, index);
  }

  @Override
  public void maxPool2dBackward(Pool2dPlan plan, View gy, View index, View gx) {
    Pool.maxBackward(cuda.begin("max_pool2d_backward"), plan, gy, index, gx);
  }

  @Override
  public void avgPool2d(Pool2dPlan plan, View x, View y) {
    Pool.avg(cuda.begin("avg_pool2d"), plan, x, y);
  }

  @Override
  public void avgPool2dBackward(Pool2dPlan plan, View gy, View gx) {
    Pool.avgBackward(cuda.begin("avg_pool2d_backward"), plan, gy, gx);
  }

  // ---- normalisation and loss ----

  @Override
  public void softmax(SoftmaxPlan plan, boolean log, View x, View y) {
    Softmax.run(cuda.begin("softmax"), plan, log, x, y);
  }

  @Override
  public void crossEntropy(
      CrossEntropyPlan plan, View scores, View target, View logP, View loss, View divisor) {
    CrossEntropy.run(cuda.begin("cross_entropy"), plan, scores, target, logP, loss, divisor);
  }

  @Override
  public void crossEntropyBackward(
      CrossEntropyPlan plan, View logP, View target, View gLoss, View divisor, View gx) {
    CrossEntropy.backward(
        cuda.begin("cross_entropy_backward"), plan, logP, target, gLoss, divisor, gx);
  }

  @Override
  public void batchNormStats(
      ChannelPlan plan,
      View x,
      double eps,
      View mean,
      View invstd,
      @Nullable RunningStats running) {
    BatchNorm.stats(cuda.begin("batch_norm_stats"), plan, x, eps, mean, invstd, running);
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
    BatchNorm.apply(cuda.begin("batch_norm"), plan, x, mean, invstd, weight, bias, activation, y);
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
    BatchNorm.backward(
        cuda.begin("batch_norm_backward"), plan, gy, y, x, mean, invstd, weight, gx, gw, gb);
  }

  // ---- indexing ----

  @Override
  public void gather(GatherPlan plan, View table, View index, View picked) {
    Index.gather(cuda.begin("gather"), plan, table, index, picked);
  }

  @Override
  public void scatterAdd(GatherPlan plan, View picked, View index, View table) {
    wide("scatter_add", table.dtype());
    Index.scatterAdd(cuda.begin("scatter_add"), plan, picked, index, table);
  }

  // ---- optimizers ----

  @Override
  public void sgdStep(SgdStep step, List<StepViews> parameters, @Nullable View skip) {
    sgdStep(() -> step, parameters, skip);
  }

  @Override
  public void sgdStep(Supplier<SgdStep> step, List<StepViews> parameters, @Nullable View skip) {
    wide("sgd", parameters.getFirst().p().dtype());
    Sgd.run(cuda.begin("sgd_step"), step, parameters, skip);
  }

  @Override
  public void adamStep(AdamStep step, List<StepViews> parameters, @Nullable View skip) {
    adamStep(() -> step, parameters, skip);
  }

  @Override
  public void adamStep(Supplier<AdamStep> step, List<StepViews> parameters, @Nullable View skip) {
    wide("adam", parameters.getFirst().p().dtype());
    Adam.run(cuda.begin("adam_step"), step, parameters, skip);
  }

  @Override
  public void rmspropStep(RmspropStep step, List<StepViews> parameters, @Nullable View skip) {
    rmspropStep(() -> step, parameters, skip);
  }

  @Override
  public void rmspropStep(
      Supplier<RmspropStep> step, List<StepViews> parameters, @Nullable View skip) {
    wide("rmsprop", parameters.getFirst().p().dtype());
    Rmsprop.run(cuda.begin("rmsprop_step"), step, parameters, skip);
  }

  @Override
  public void unscale(View factor, List<View> gradients, View found) {
    wide("unscale", gradients.getFirst().dtype());
    Unscale.run(cuda.begin("unscale"), factor, gradients, found);
  }

  /** Sums in place and weights are wide: small changes would be lost in f16 and bf16. */
  private static void wide(String op, DType dtype) {
    if (dtype.isHalf()) {
      throw new UnsupportedOpException(
          "%s: expected f32 or f64, got %s. Hint: keep it in f32, and convert what comes of it with to(DType), or by Autocast"
              .formatted(op, dtype));
    }
  }
}
