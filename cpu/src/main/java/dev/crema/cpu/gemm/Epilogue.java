package dev.crema.cpu.gemm;

import dev.crema.backend.BinaryOp;
import dev.crema.backend.MatMulPlan;
import dev.crema.backend.UnaryOp;
import dev.crema.backend.View;
import dev.crema.cpu.Parallel;
import dev.crema.cpu.memory.CpuBuffer;
import dev.crema.cpu.pointwise.Loop;
import dev.crema.cpu.pointwise.Loops;
import dev.crema.tensor.Activation;
import org.jspecify.annotations.Nullable;

/**
 * The bias of each column and the activation, on a finished product, row by row while the row is in
 * the L1 cache: a product that a network's layer makes is small beside its operands.
 */
public final class Epilogue {
  private Epilogue() {}

  /** y = activation(y + bias). */
  public static void run(MatMulPlan plan, @Nullable View bias, Activation activation, View y) {
    if (bias == null && activation == Activation.NONE) {
      return;
    }
    Object ys = CpuBuffer.array(y);
    Object b = bias == null ? ys : CpuBuffer.array(bias);
    int bo = bias == null ? 0 : CpuBuffer.at(bias);
    int n = plan.n();
    Loop add = Loops.of(BinaryOp.ADD, plan.dtype());
    Loop relu = Loops.of(UnaryOp.RELU, plan.dtype());
    Parallel.range(
        plan.batch() * plan.m(),
        Parallel.grain(n),
        (from, to) -> {
          for (int row = from; row < to; row++) {
            int at = CpuBuffer.at(y) + row * n;
            if (bias != null) {
              add.run(ys, at, b, bo, 0, 0, ys, at, n);
            }
            if (activation == Activation.RELU) {
              relu.run(ys, at, ys, at, 0, 0, ys, at, n);
            }
          }
        });
  }
}
