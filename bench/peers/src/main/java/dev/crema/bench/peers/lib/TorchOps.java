package dev.crema.bench.peers.lib;

import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.crema.bench.peers.net.NetOps;
import java.util.Map;
import java.util.Objects;

/** A network's layers in libtorch, run at once. */
record TorchOps(Map<String, PtNDArray> state, boolean training) implements NetOps<PtNDArray> {

  private PtNDArray weight(String layer) {
    return Objects.requireNonNull(state.get(layer + ".weight"), layer);
  }

  @SuppressWarnings("NullAway") // DJL is without annotations: the bias may be null.
  private PtNDArray bias(String layer) {
    return state.get(layer + ".bias");
  }

  private PtNDArray get(String name) {
    return Objects.requireNonNull(state.get(name), name);
  }

  private static Shape square(int size) {
    return new Shape(size, size);
  }

  @Override
  public PtNDArray conv2d(PtNDArray x, String layer, int stride, int padding) {
    return JniUtils.convolution(
        x, weight(layer), bias(layer), square(stride), square(padding), square(1), 1);
  }

  @Override
  public PtNDArray batchNorm2d(PtNDArray x, String layer) {
    return JniUtils.batchNorm(
        x,
        get(layer + ".running_mean"),
        get(layer + ".running_var"),
        weight(layer),
        bias(layer),
        training,
        0.1,
        1e-5);
  }

  @Override
  public PtNDArray relu(PtNDArray x) {
    return JniUtils.relu(x);
  }

  @Override
  public PtNDArray maxPool2d(PtNDArray x, int kernel, int stride, int padding) {
    return JniUtils.maxPool(x, square(kernel), square(stride), square(padding), false);
  }

  @Override
  public PtNDArray globalAvgPool2d(PtNDArray x) {
    return JniUtils.adaptiveAvgPool(x, square(1));
  }

  @Override
  public PtNDArray flatten(PtNDArray x) {
    return JniUtils.flatten(x, 1, -1);
  }

  @Override
  public PtNDArray linear(PtNDArray x, String layer) {
    return JniUtils.linear(x, weight(layer), bias(layer));
  }

  /** In place, as torchvision has it. */
  @Override
  public PtNDArray add(PtNDArray a, PtNDArray b) {
    JniUtils.addi(a, b);
    return a;
  }
}
