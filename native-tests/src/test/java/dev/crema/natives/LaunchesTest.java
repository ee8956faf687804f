package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.nn.Module;
import dev.crema.nn.models.LeNet;
import dev.crema.nn.models.ResNet;
import dev.crema.nn.optim.SGD;
import dev.crema.op.Fused;
import dev.crema.tensor.Activation;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * How often a training step puts work on the stream. Small networks are bound by that, not by
 * arithmetic.
 */
@OnCpuDriver
final class LaunchesTest {
  private static final Device CUDA = Device.cuda();
  private static final int BATCH = 64;

  /** What of the libraries' functions makes the device work, kernels aside. */
  private static final Predicate<String> WORK =
      Pattern.compile("cuMem(set|cpy).*Async.*|cublas.*(Gemm|gemm).*|cudnnConvolution[A-Z].*")
          .asMatchPredicate();

  @Test
  void aLeNetStep() {
    Map<String, Long> calls;
    Map<String, Long> kernels;
    Generator.manualSeed(3);
    try (var model = new LeNet();
        Tensor images = Tensor.full(Shape.of(BATCH, 1, 32, 32), 0.5, DType.F32, CUDA);
        Tensor labels = Tensor.zeros(Shape.of(BATCH), DType.I64, CUDA)) {
      model.to(CUDA);
      try (var sgd = new SGD(model.parameters(), 0.01).momentum(0.9)) {
        step(model, sgd, images, labels);
        step(model, sgd, images, labels);
        wait(labels);
        CpuDriver.get().reset();
        step(model, sgd, images, labels);
        calls = CpuDriver.get().calls();
        wait(labels);
        kernels = CpuDriver.get().launches();
      }
    }
    Map<String, Long> work = work(calls, kernels);
    long sum = work.values().stream().mapToLong(Long::longValue).sum();
    System.out.println("a LeNet step puts " + sum + " pieces of work on the stream:");
    work.forEach((what, times) -> System.out.printf("%4d %s%n", times, what));
    assertThat(sum).isLessThanOrEqualTo(25);
    assertThat(calls)
        .as("the driver gives memory only once")
        .doesNotContainKeys("cuMemAlloc_v2", "cuMemFree_v2", "cuMemAllocHost_v2");
  }

  @Test
  void aBatchNormWithItsRelu() {
    try (Scope _ = Scope.open("batch norm")) {
      Tensor x = Tensor.full(Shape.of(8, 3, 20, 20), 0.5, DType.F32, CUDA).requiresGrad_();
      Tensor weight = Tensor.full(Shape.of(3), 1, DType.F32, CUDA).requiresGrad_();
      Tensor bias = Tensor.zeros(Shape.of(3), DType.F32, CUDA).requiresGrad_();
      Tensor mean = Tensor.zeros(Shape.of(3), DType.F32, CUDA);
      Tensor var = Tensor.full(Shape.of(3), 1, DType.F32, CUDA);
      Tensor gy = Tensor.full(x.shape(), 1, DType.F32, CUDA);
      mean.toFloatArray();
      CpuDriver.get().reset();
      x.batchNormTraining(weight, bias, mean, var, 0.1, 1e-5, Activation.RELU)
          .backward(gy, false, false);
      Map<String, Long> calls = CpuDriver.get().calls();
      mean.toFloatArray();
      assertThat(work(calls, CpuDriver.get().launches()))
          .as("statistics, result, sums, gradient")
          .isEqualTo(
              Map.of(
                  "moments_f32", 1L,
                  "batch_norm_f32", 1L,
                  "batch_norm_sums_f32", 1L,
                  "batch_norm_backward_f32", 1L));
    }
  }

  @Test
  void activationsAreOneKernelEachWay() {
    Map<String, Long> once = Map.of("chain_f32", 2L);
    assertThat(kernels(Tensor::silu)).isEqualTo(once);
    assertThat(kernels(x -> x.elu(1))).isEqualTo(Map.of("unary_f32", 1L, "chain_f32", 1L));
    assertThat(kernels(x -> x.leakyRelu(0.1))).isEqualTo(Map.of("unary_f32", 1L, "chain_f32", 1L));
    assertThat(kernels(x -> x.pow(3))).isEqualTo(Map.of("unary_f32", 1L, "chain_f32", 1L));
    Fused gelu =
        Fused.of(
            "gelu",
            1,
            t ->
                t[0].pow(3)
                    .mul(0.044715)
                    .add(t[0])
                    .mul(0.7978845608)
                    .tanh()
                    .add(1)
                    .mul(t[0])
                    .mul(0.5));
    assertThat(kernels(gelu::apply)).isEqualTo(once);
  }

  /** What f launches on an image, forward and backward. */
  private static Map<String, Long> kernels(UnaryOperator<Tensor> f) {
    return kernels(Tensor.full(Shape.of(2, 3, 8, 8), 0.5, DType.F32, CUDA), f);
  }

  private static Map<String, Long> kernels(Tensor x, UnaryOperator<Tensor> f) {
    try (Scope _ = Scope.open("launches")) {
      x.requiresGrad_();
      Tensor gy = Tensor.full(x.shape(), 1, DType.F32, CUDA);
      gy.toFloatArray();
      CpuDriver.get().reset();
      f.apply(x).backward(gy, false, false);
      Map<String, Long> calls = CpuDriver.get().calls();
      gy.toFloatArray();
      return work(calls, CpuDriver.get().launches());
    }
  }

  /**
   * A residual block: two convolutions, their batch norms (the first with its ReLU), and the sum
   * with its ReLU.
   */
  @Test
  void aResidualBlock() {
    Generator.manualSeed(3);
    try (var model = ResNet.resnet18(10)) {
      Module block = model.getSubmodule("layer1.0");
      block.to(CUDA);
      block.requiresGrad_(true);
      Map<String, Long> work =
          kernels(Tensor.full(Shape.of(2, 64, 8, 8), 0.5, DType.F32, CUDA), block::call);
      System.out.println("a residual block: " + work);
      assertThat(work)
          .containsEntry("chain_f32", 1L)
          .containsEntry("moments_f32", 2L)
          .containsEntry("batch_norm_f32", 2L)
          .containsEntry("batch_norm_sums_f32", 2L)
          .containsEntry("batch_norm_backward_f32", 2L)
          .doesNotContainKeys("unary_f32");
      assertThat(work.get("binary_f32"))
          .as("the sum's ReLU on the way back, and the shortcut's gradient added")
          .isEqualTo(2);
    }
  }

  private static void step(LeNet model, SGD sgd, Tensor images, Tensor labels) {
    try (Scope _ = Scope.open("step")) {
      Tensor loss = model.call(images).crossEntropy(labels);
      sgd.zeroGrad();
      loss.backward();
      sgd.step();
    }
  }

  /** Kernels by name, and the calls that work without one of ours. */
  private static Map<String, Long> work(Map<String, Long> calls, Map<String, Long> kernels) {
    Map<String, Long> work = new TreeMap<>(kernels);
    work.remove("");
    calls.forEach(
        (call, times) -> {
          if (WORK.test(call)) {
            work.put(call, times);
          }
        });
    return work;
  }

  /** Until all kernels so far have run, and are counted. */
  private static void wait(Tensor t) {
    t.toLongArray();
  }
}
