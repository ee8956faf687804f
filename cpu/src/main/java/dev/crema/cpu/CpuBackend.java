package dev.crema.cpu;

import dev.crema.backend.AdamStep;
import dev.crema.backend.Backend;
import dev.crema.backend.BinaryOp;
import dev.crema.backend.Buffer;
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
    Pointwise.unary(op, a, b, plan, x, y);
  }

  @Override
  public void binary(BinaryOp op, PointwisePlan plan, View a, View b, View y) {
    Pointwise.binary(op, plan, a, b, y);
  }

  @Override
  public void where(PointwisePlan plan, View condition, View a, View b, View y) {
    Where.run(plan, condition, a, b, y);
  }

  // ---- random numbers ----

  @Override
  public void random(RandomOp op, double a, double b, long seed, long offset, View y) {
    RandomFill.run(op, a, b, seed, offset, y);
  }

  // ---- reductions ----

  @Override
  public void reduce(ReduceOp op, ReducePlan plan, View x, View y) {
    Reduce.run(op, plan, x, y);
  }

  @Override
  public void argReduce(ReduceOp op, ReducePlan plan, View x, View y) {
    ArgReduce.run(op, plan, x, y);
  }

  // ---- products ----

  @Override
  public void matmul(
      MatMulPlan plan, View a, View b, @Nullable View bias, Activation activation, View y) {
    Gemm.matmul(plan, a, b, y);
    Epilogue.run(plan, bias, activation, y);
  }

  // ---- convolution ----

  @Override
  public void conv2d(
      Conv2dPlan plan, View x, View w, @Nullable View bias, Activation activation, View y) {
    Conv2d.forward(plan, x, w, bias, activation, y);
  }

  @Override
  public void conv2dBackwardInput(Conv2dPlan plan, View gy, View w, View gx) {
    Conv2d.backwardInput(plan, gy, w, gx);
  }

  @Override
  public void conv2dBackwardWeight(Conv2dPlan plan, View x, View gy, View gw) {
    Conv2d.backwardWeight(plan, x, gy, gw);
  }

  @Override
  public void biasReluBackward(ChannelPlan plan, View gy, View y, View gx, View gb) {
    BiasReluBackward.run(plan, gy, y, gx, gb);
  }

  // ---- pooling ----

  @Override
  public void maxPool2d(Pool2dPlan plan, View x, View y, View index) {
    MaxPool.run(plan, x, y, index);
  }

  @Override
  public void maxPool2dBackward(Pool2dPlan plan, View gy, View index, View gx) {
    MaxPoolBackward.run(plan, gy, index, gx);
  }

  @Override
  public void avgPool2d(Pool2dPlan plan, View x, View y) {
    AvgPool.run(plan, x, y);
  }

  @Override
  public void avgPool2dBackward(Pool2dPlan plan, View gy, View gx) {
    AvgPoolBackward.run(plan, gy, gx);
  }

  // ---- normalisation and loss ----

  @Override
  public void softmax(SoftmaxPlan plan, boolean log, View x, View y) {
    Softmax.run(plan, log, x, y);
  }

  @Override
  public void crossEntropy(
      CrossEntropyPlan plan, View scores, View target, View logP, View loss, View divisor) {
    CrossEntropy.run(plan, scores, target, logP, loss, divisor);
  }

  @Override
  public void crossEntropyBackward(
      CrossEntropyPlan plan, View logP, View target, View gLoss, View divisor, View gx) {
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
    BatchNorm.backward(plan, gy, y, x, mean, invstd, weight, gx, gw, gb);
  }

  // ---- indexing ----

  @Override
  public void gather(GatherPlan plan, View table, View index, View picked) {
    Gather.run(plan, table, index, picked);
  }

  @Override
  public void scatterAdd(GatherPlan plan, View picked, View index, View table) {
    ScatterAdd.run(plan, picked, index, table);
  }

  // ---- optimizers ----

  @Override
  public void sgdStep(SgdStep step, List<StepViews> parameters) {
    Sgd.run(step, parameters);
  }

  @Override
  public void adamStep(AdamStep step, List<StepViews> parameters) {
    Adam.run(step, parameters);
  }

  @Override
  public void rmspropStep(RmspropStep step, List<StepViews> parameters) {
    Rmsprop.run(step, parameters);
  }
}
