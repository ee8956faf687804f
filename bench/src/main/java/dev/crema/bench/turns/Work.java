package dev.crema.bench.turns;

import com.fasterxml.jackson.databind.JsonNode;
import dev.crema.autograd.NoGrad;
import dev.crema.backend.Backends;
import dev.crema.backend.Conv2dPlan;
import dev.crema.backend.Mark;
import dev.crema.bench.lab.ConvProblem;
import dev.crema.nn.Module;
import dev.crema.nn.io.Safetensors;
import dev.crema.nn.models.ModelSpec;
import dev.crema.nn.models.Models;
import dev.crema.nn.optim.SGD;
import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Padding;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is raced: training, inference or a convolution, on noise; its state goes to a file. */
abstract class Work implements AutoCloseable {
  final Device device;
  private final List<AutoCloseable> held = new ArrayList<>();

  private Work(Device device) {
    this.device = device;
    Generator.manualSeed(0);
  }

  /** What a request asks for. */
  static Work of(JsonNode request) {
    Device device = Device.parse(request.get("device").asText());
    Path file = Path.of(request.get("file").asText());
    return switch (request.get("task").asText()) {
      case "conv" -> new Convolution(device, request.get("problem").asText(), file);
      case "train" -> new Network(device, request, file, true);
      case "infer" -> new Network(device, request, file, false);
      default -> throw new IllegalArgumentException("no such task: " + request.get("task"));
    };
  }

  /** What the other side must know of it beside its state. */
  Map<String, Object> sizes() {
    return Map.of();
  }

  /** What both sides must agree on, before any step. */
  abstract double value();

  abstract void step();

  /** The time of so many steps, with what the device does for them. */
  final double seconds(int steps) {
    await();
    long from = System.nanoTime();
    for (int i = 0; i < steps; i++) {
      step();
    }
    await();
    return (System.nanoTime() - from) / 1e9;
  }

  private void await() {
    try (Mark mark = Backends.get(device).mark()) {
      mark.nanos();
    }
  }

  final Tensor onDevice(Tensor made) {
    Tensor moved = made.to(device);
    if (moved != made) {
      made.close();
    }
    held.add(moved);
    return moved;
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable one : held) {
      one.close();
    }
  }

  private static final class Network extends Work {
    private static final double LEARNING_RATE = 1e-3;
    private static final double MOMENTUM = 0.9;

    private final Module model;
    private final SGD optimizer;
    private final Tensor images;
    private final Tensor labels;
    private final boolean training;

    Network(Device device, JsonNode request, Path file, boolean training) {
      super(device);
      this.training = training;
      ModelSpec spec = Models.get(request.get("model").asText());
      int batch = request.get("batch").asInt();
      long[] sizes = spec.imageShape().sizes();
      long[] classes = new long[batch];
      for (int i = 0; i < batch; i++) {
        classes[i] = i % spec.numClasses();
      }
      model = spec.create();
      Tensor pixels = Tensor.randn(batch, sizes[0], sizes[1], sizes[2]);
      Tensor targets = Tensor.copyOf(classes);
      Map<String, Tensor> state = new LinkedHashMap<>(model.stateDict());
      state.put("input", pixels);
      state.put("labels", targets);
      Safetensors.write(file, state);
      model.train(training).to(device);
      optimizer = new SGD(model.parameters(), LEARNING_RATE).momentum(MOMENTUM);
      images = onDevice(pixels);
      labels = onDevice(targets);
    }

    @Override
    double value() {
      model.eval();
      try (Scope _ = Scope.open("value");
          var _ = NoGrad.open()) {
        return model.call(images).crossEntropy(labels).item();
      } finally {
        model.train(training);
      }
    }

    @Override
    void step() {
      if (!training) {
        try (Scope _ = Scope.open("inference");
            var _ = NoGrad.open()) {
          model.call(images);
        }
        return;
      }
      try (Scope _ = Scope.open("step")) {
        Tensor loss = model.call(images).crossEntropy(labels);
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
      }
    }

    @Override
    public void close() throws Exception {
      optimizer.close();
      model.close();
      super.close();
    }
  }

  private static final class Convolution extends Work {
    private final ConvProblem problem;
    private final Conv2dOptions options;
    private final Tensor x;
    private final Tensor w;

    Convolution(Device device, String notation, Path file) {
      super(device);
      problem = ConvProblem.parse(notation);
      var h = problem.h();
      var v = problem.w();
      options =
          Conv2dOptions.DEFAULT
              .stride(h.stride(), v.stride())
              .padding(Padding.of(h.before(), h.after(), v.before(), v.after()))
              .dilation(h.dilation(), v.dilation())
              .groups(problem.groups());
      Conv2dPlan plan = problem.plan(DType.F32);
      Tensor images = Tensor.randn(plan.xShape().sizes());
      Tensor weight = Tensor.randn(plan.wShape().sizes());
      Safetensors.write(file, Map.of("input", images, "weight", weight));
      x = onDevice(images);
      w = onDevice(weight);
    }

    @Override
    Map<String, Object> sizes() {
      var h = problem.h();
      var v = problem.w();
      return Map.of(
          "stride", List.of(h.stride(), v.stride()),
          "dilation", List.of(h.dilation(), v.dilation()),
          "padding", List.of(h.before(), h.after(), v.before(), v.after()),
          "groups", problem.groups());
    }

    @Override
    double value() {
      try (Scope _ = Scope.open("value")) {
        return x.conv2d(w, null, options).square().mean().item();
      }
    }

    @Override
    void step() {
      try (Scope _ = Scope.open("convolution")) {
        x.conv2d(w, null, options);
      }
    }
  }
}
