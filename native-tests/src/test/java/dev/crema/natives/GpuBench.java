package dev.crema.natives;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.crema.autograd.Autograd;
import dev.crema.cuda.driver.Natives;
import dev.crema.nn.models.LeNet;
import dev.crema.nn.optim.SGD;
import dev.crema.tensor.CapturedStep;
import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Times on a GPU: products, convolutions and elementwise ops in f32, and LeNet's training step.
 * Each is the median of 9 runs of many, between two waits for the device, after as many to warm up.
 */
public final class GpuBench {
  private static final int RUNS = 9;
  private static final Device CUDA = Device.cuda();

  private final List<Map<String, Object>> rows = new ArrayList<>();

  private GpuBench() {}

  /** Prints a line for each, and writes bench.json into the folder {@code crema.results}. */
  public static void main(String[] args) throws IOException {
    String fault = Natives.get().fault();
    if (fault != null) {
      System.out.println("skipped: " + fault);
      System.exit(Claim.SKIPPED);
    }
    GpuBench bench = new GpuBench();
    bench.run();
    Path results = Path.of(System.getProperty("crema.results", "."));
    Files.writeString(
        results.resolve("bench.json"),
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(bench.rows));
  }

  private void run() {
    for (int n : new int[] {256, 1024, 4096}) {
      try (Scope _ = Scope.open("bench")) {
        Tensor a = random(n, n);
        Tensor b = random(n, n);
        time("matmul " + n, 2.0 * n * n * n, () -> a.matmul(b));
      }
    }
    convolution("AlexNet conv1", 64, 3, 227, 64, 11, 4, 0);
    convolution("AlexNet conv2", 64, 64, 27, 192, 5, 1, 2);
    convolution("ResNet 3x3", 64, 64, 56, 64, 3, 1, 1);
    convolution("ResNet 1x1", 64, 256, 56, 64, 1, 1, 0);
    try (Scope _ = Scope.open("bench")) {
      Tensor x = random(1 << 24);
      time("relu 16M", 1 << 24, x::relu);
      time("sum 16M", 1 << 24, x::sum);
      time("silu 16M, fused", 1 << 24, x::silu);
      time("silu 16M, two ops", 1 << 24, () -> x.mul(x.sigmoid()));
      Tensor leaf = random(1 << 24).requiresGrad_();
      time("silu 16M and back, fused", 1 << 24, () -> gradient(leaf, leaf.silu(), x));
      time("silu 16M and back, ops", 1 << 24, () -> gradient(leaf, leaf.mul(leaf.sigmoid()), x));
    }
    try (var training = new LeNetTraining(CUDA, 128, 12_800)) {
      time(
          "LeNet step of 128", 0, () -> Tensor.full(Shape.of(1), training.step(), DType.F32, CUDA));
    }
    for (int batch : new int[] {64, 256}) {
      graphs(batch);
    }
  }

  private static Tensor gradient(Tensor leaf, Tensor y, Tensor gy) {
    return Autograd.grad(y, gy, List.of(leaf), false, false).getFirst();
  }

  /** LeNet's step on images that lie on the device, plain and as a graph. */
  private void graphs(int batch) {
    try (Scope _ = Scope.open("bench");
        var model = new LeNet()) {
      model.to(CUDA);
      Tensor images = random(batch, 1, 28, 28);
      Tensor labels = Tensor.zeros(Shape.of(batch), DType.I64, CUDA);
      try (var optimizer = new SGD(model.parameters(), 0.01).momentum(0.9);
          var step = CapturedStep.of(CUDA, in -> learn(model, optimizer, in))) {
        time(
            "LeNet step, plain, " + batch,
            0,
            () -> learn(model, optimizer, List.of(images, labels)));
        time("LeNet step, graph, " + batch, 0, () -> step.run(images, labels));
      }
    }
  }

  private static Tensor learn(LeNet model, SGD optimizer, List<Tensor> in) {
    optimizer.zeroGrad();
    Tensor loss = model.call(in.get(0)).crossEntropy(in.get(1));
    loss.backward();
    optimizer.step();
    return loss;
  }

  private void convolution(
      String name, int n, int ic, int size, int oc, int k, int stride, int padding) {
    try (Scope _ = Scope.open("bench")) {
      Tensor x = random(n, ic, size, size);
      Tensor w = random(oc, ic, k, k);
      var options = Conv2dOptions.DEFAULT.stride(stride).padding(padding);
      int out = (size + 2 * padding - k) / stride + 1;
      double flops = 2.0 * n * oc * ic * k * k * out * out;
      time(name, flops, () -> x.conv2d(w, null, options));
    }
  }

  private static Tensor random(long... shape) {
    return Tensor.rand(shape).to(CUDA);
  }

  /** Something that gives a tensor. */
  @FunctionalInterface
  private interface Op {
    Tensor run();
  }

  private void time(String name, double flops, Op op) {
    double once = seconds(op, 3);
    int times = Math.clamp((long) (0.1 / Math.max(once, 1e-6)), 1, 1000);
    double[] measured = new double[RUNS];
    for (int i = -RUNS; i < RUNS; i++) {
      measured[Math.floorMod(i, RUNS)] = seconds(op, times);
    }
    Arrays.sort(measured);
    double median = measured[RUNS / 2];
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("what", name);
    row.put("microseconds", median * 1e6);
    row.put("fastest", measured[0] * 1e6);
    row.put("slowest", measured[RUNS - 1] * 1e6);
    row.put("gflops", flops / median / 1e9);
    rows.add(row);
    System.out.printf(
        "%-24s %10.1f us  (%.1f to %.1f)  %8.1f G/s%n",
        name, median * 1e6, measured[0] * 1e6, measured[RUNS - 1] * 1e6, flops / median / 1e9);
  }

  /** Of one run, measured over many; reading an element waits for the last. */
  private static double seconds(Op op, int times) {
    long from = System.nanoTime();
    for (int i = 0; i < times; i++) {
      try (Scope _ = Scope.open("run")) {
        Tensor y = op.run();
        if (i == times - 1) {
          y.reshape(y.numel()).slice(0, 0, 1).toFloatArray();
        }
      }
    }
    return (System.nanoTime() - from) / 1e9 / times;
  }
}
