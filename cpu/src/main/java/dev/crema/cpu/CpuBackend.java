package dev.crema.cpu;

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
import dev.crema.cpu.conv.Conv2d;
import dev.crema.cpu.gemm.Epilogue;
import dev.crema.cpu.gemm.Gemm;
import dev.crema.cpu.index.Gather;
import dev.crema.cpu.index.ScatterAdd;
import dev.crema.cpu.memory.BufferPool;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.cpu.norm.BatchNorm;
import dev.crema.cpu.norm.CrossEntropy;
import dev.crema.cpu.norm.Softmax;
import dev.crema.cpu.optim.Adam;
import dev.crema.cpu.optim.Rmsprop;
import dev.crema.cpu.optim.Sgd;
import dev.crema.cpu.optim.Unscale;
import dev.crema.cpu.pointwise.Chains;
import dev.crema.cpu.pointwise.Pointwise;
import dev.crema.cpu.pointwise.Transfer;
import dev.crema.cpu.pointwise.Where;
import dev.crema.cpu.pool.AvgPool;
import dev.crema.cpu.pool.AvgPoolBackward;
import dev.crema.cpu.pool.MaxPool;
import dev.crema.cpu.pool.MaxPoolBackward;
import dev.crema.cpu.random.RandomFill;
import dev.crema.cpu.reduce.ArgReduce;
import dev.crema.cpu.reduce.BiasReluBackward;
import dev.crema.cpu.reduce.Reduce;
import dev.crema.cpu.simd.Simd;
import dev.crema.tensor.Activation;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.UnsupportedOpException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The CPU backend: every method goes straight to its kernel. */
final class CpuBackend implements Backend {
  private final BufferPool pool = BufferPool.shared();

  @Override
  public Device device() {
    return Device.cpu();
  }

  @Override
  public String description() {
    return String.format(Locale.ROOT, "%s, threads: %d", Simd.description(), Parallel.numThreads());
  }

  @Override
  public MemoryStats memoryStats() {
    return pool.stats();
  }

  // ---- memory ----

  @Override
  public Buffer allocate(DType dtype, long length) {
    return pool.allocate(dtype, length);
  }

  @Override
  public Buffer wrap(DType dtype, Object array) {
    return pool.wrap(dtype, array);
  }

  @Override
  public void upload(Object array, View y) {
    System.arraycopy(array, 0, CpuBuffer.array(y), CpuBuffer.at(y), (int) y.numel());
  }

  @Override
  public void download(View x, Object array) {
    System.arraycopy(CpuBuffer.array(x), CpuBuffer.at(x), array, 0, (int) x.numel());
  }

  /** f16 and bf16 are carried and converted here, but not computed with. */
  private static void wide(String op, DType dtype) {
    if (dtype.isHalf()) {
      throw new UnsupportedOpException(
          "%s: expected f32 or f64 on the CPU, got %s, which is only carried and converted here. Hint: convert with to(DType.F32), or compute on a GPU"
              .formatted(op, dtype));
    }
  }

  private static String name(Enum<?> op) {
    return op.name().toLowerCase(Locale.ROOT);
  }

  // ---- elementwise ----

  @Override
  public void fill(double value, PointwisePlan plan, View y) {
    Transfer.fill(value, plan, y);
  }

  @Override
  public void copy(PointwisePlan plan, View x, View y) {
    Transfer.copy(plan, x, y);
  }

  @Override
  public void unary(UnaryOp op, double a, double b, PointwisePlan plan, View x, View y) {
    wide(name(op), x.dtype());
    Pointwise.unary(op, a, b, plan, x, y);
  }

  @Override
  public void binary(BinaryOp op, PointwisePlan plan, View a, View b, View y) {
    wide(name(op), a.dtype());
    Pointwise.binary(op, plan, a, b, y);
  }

  @Override
  public void where(PointwisePlan plan, View condition, View a, View b, View y) {
    wide("where", y.dtype());
    Where.run(plan, condition, a, b, y);
  }

  @Override
  public void chain(Chain chain, PointwisePlan plan, List<View> x, View y) {
    wide(chain.name(), y.dtype());
    Chains.run(chain, plan, x, y);
  }

  // ---- random numbers ----

  @Override
  public void random(RandomOp op, double a, double b, long seed, long offset, View y) {
    wide("random", y.dtype());
    RandomFill.run(op, a, b, seed, offset, y);
  }

  // ---- reductions ----

  @Override
  public void reduce(ReduceOp op, ReducePlan plan, View x, View y) {
    wide(name(op), x.dtype());
    Reduce.run(op, plan, x, y);
  }

  @Override
  public void argReduce(ReduceOp op, ReducePlan plan, View x, View y) {
    wide("arg_reduce", x.dtype());
    ArgReduce.run(op, plan, x, y);
  }

  // ---- products ----

  @Override
  public void matmul(
      MatMulPlan plan, View a, View b, @Nullable View bias, Activation activation, View y) {
    wide("matmul", plan.dtype());
    Gemm.matmul(plan, a, b, y);
    Epilogue.run(plan, bias, activation, y);
  }

  // ---- convolution ----

  @Override
  public void conv2d(
      Conv2dPlan plan, View x, View w, @Nullable View bias, Activation activation, View y) {
    wide("conv2d", plan.dtype());
    Conv2d.forward(plan, x, w, bias, activation, y);
  }

  @Override
  public void conv2dBackwardInput(Conv2dPlan plan, View gy, View w, View gx) {
    wide("conv2d_backward_input", plan.dtype());
    Conv2d.backwardInput(plan, gy, w, gx);
  }

  @Override
  public void conv2dBackwardWeight(Conv2dPlan plan, View x, View gy, View gw) {
    wide("conv2d_backward_weight", plan.dtype());
    Conv2d.backwardWeight(plan, x, gy, gw);
  }

  @Override
  public void biasReluBackward(ChannelPlan plan, View gy, View y, View gx, View gb) {
    wide("bias_relu_backward", plan.dtype());
    BiasReluBackward.run(plan, gy, y, gx, gb);
  }

  // ---- pooling ----

  @Override
  public void maxPool2d(Pool2dPlan plan, View x, View y, View index) {
    wide("max_pool2d", plan.dtype());
    MaxPool.run(plan, x, y, index);
  }

  @Override
  public void maxPool2dBackward(Pool2dPlan plan, View gy, View index, View gx) {
    wide("max_pool2d_backward", plan.dtype());
    MaxPoolBackward.run(plan, gy, index, gx);
  }

  @Override
  public void avgPool2d(Pool2dPlan plan, View x, View y) {
    wide("avg_pool2d", plan.dtype());
    AvgPool.run(plan, x, y);
  }

  @Override
  public void avgPool2dBackward(Pool2dPlan plan, View gy, View gx) {
    wide("avg_pool2d_backward", plan.dtype());
    AvgPoolBackward.run(plan, gy, gx);
  }

  // ---- normalisation and loss ----

  @Override
  public void softmax(SoftmaxPlan plan, boolean log, View x, View y) {
    wide("softmax", plan.dtype());
    Softmax.run(plan, log, x, y);
  }

  @Override
  public void crossEntropy(
      CrossEntropyPlan plan, View scores, View target, View logP, View loss, View divisor) {
    wide("cross_entropy", scores.dtype());
    CrossEntropy.run(plan, scores, target, logP, loss, divisor);
  }

  @Override
  public void crossEntropyBackward(
      CrossEntropyPlan plan, View logP, View target, View gLoss, View divisor, View gx) {
    wide("cross_entropy_backward", logP.dtype());
    CrossEntropy.backward(plan, logP, target, gLoss, divisor, gx);
  }

  @Override
  public void batchNormStats(
      ChannelPlan plan,
      View x,
      double eps,
      View mean,
      View invstd,
      @Nullable RunningStats running) {
    wide("batch_norm_stats", plan.dtype());
    BatchNorm.stats(plan, x, eps, mean, invstd, running);
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
    wide("batch_norm", plan.dtype());
    BatchNorm.apply(plan, x, mean, invstd, weight, bias, activation, y);
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
    wide("batch_norm_backward", plan.dtype());
    BatchNorm.backward(plan, gy, y, x, mean, invstd, weight, gx, gw, gb);
  }

  // ---- indexing ----

  @Override
  public void gather(GatherPlan plan, View table, View index, View picked) {
    wide("gather", table.dtype());
    Gather.run(plan, table, index, picked);
  }

  @Override
  public void scatterAdd(GatherPlan plan, View picked, View index, View table) {
    wide("scatter_add", table.dtype());
    ScatterAdd.run(plan, picked, index, table);
  }

  // ---- optimizers ----

  @Override
  public void sgdStep(SgdStep step, List<StepViews> parameters, @Nullable View skip) {
    wide("sgd", parameters.getFirst().p().dtype());
    if (!Unscale.isSet(skip)) {
      Sgd.run(step, parameters);
    }
  }

  @Override
  public void adamStep(AdamStep step, List<StepViews> parameters, @Nullable View skip) {
    wide("adam", parameters.getFirst().p().dtype());
    if (!Unscale.isSet(skip)) {
      Adam.run(step, parameters);
    }
  }

  @Override
  public void rmspropStep(RmspropStep step, List<StepViews> parameters, @Nullable View skip) {
    wide("rmsprop", parameters.getFirst().p().dtype());
    if (!Unscale.isSet(skip)) {
      Rmsprop.run(step, parameters);
    }
  }

  @Override
  public void unscale(View factor, List<View> gradients, View found) {
    wide("unscale", gradients.getFirst().dtype());
    Unscale.run(factor, gradients, found);
  }
}
