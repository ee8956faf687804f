package dev.crema.bench.turns;

import com.fasterxml.jackson.databind.JsonNode;
import dev.crema.autograd.Autocast;
import dev.crema.backend.Backends;
import dev.crema.backend.Conv2dPlan;
import dev.crema.backend.Mark;
import dev.crema.bench.lab.ConvProblem;
import dev.crema.bench.lab.NetworkStep;
import dev.crema.nn.io.Safetensors;
import dev.crema.nn.models.Models;
import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Generator;
import dev.crema.tensor.MemoryFormat;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What is raced: training, inference or a convolution, on noise; its state goes to a file. */
abstract class Work implements AutoCloseable {
  final Device device;

  /** What products and convolutions round to; f32 for not at all. */
  final DType autocast;

  private Work(Device device, JsonNode request) {
    this.device = device;
    this.autocast = request.path("precision").asText().equals("bf16") ? DType.BF16 : DType.F32;
  }

  /** What a request asks for. */
  static Work of(JsonNode request) {
    Device device = Device.parse(request.get("device").asText());
    Path file = Path.of(request.get("file").asText());
    return switch (request.get("task").asText()) {
      case "conv" -> new Convolution(device, request, file);
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

  @Override
  public abstract void close();

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

  private static final class Network extends Work {
    private final NetworkStep step;

    Network(Device device, JsonNode request, Path file, boolean training) {
      super(device, request);
      var spec = Models.get(request.get("model").asText());
      boolean last = request.path("channels_last").asBoolean();
      var format = last ? MemoryFormat.CHANNELS_LAST : MemoryFormat.CONTIGUOUS;
      var how = new NetworkStep.How(format, autocast, request.path("graphs").asBoolean());
      step = new NetworkStep(spec, request.get("batch").asInt(), training, device, how);
      Safetensors.write(file, step.state());
    }

    @Override
    double value() {
      return step.loss();
    }

    @Override
    void step() {
      step.run();
    }

    @Override
    public void close() {
      step.close();
    }
  }

  private static final class Convolution extends Work {
    private final ConvProblem problem;
    private final Conv2dOptions options;
    private final Tensor x;
    private final Tensor w;

    Convolution(Device device, JsonNode request, Path file) {
      super(device, request);
      Generator.manualSeed(0);
      problem = ConvProblem.parse(request.get("problem").asText());
      options = problem.options();
      Conv2dPlan plan = problem.plan(DType.F32);
      try (Scope scope = Scope.open("convolution")) {
        Tensor images = Tensor.randn(plan.xShape().sizes());
        Tensor weight = Tensor.randn(plan.wShape().sizes());
        Safetensors.write(file, Map.of("input", images, "weight", weight));
        x = scope.keep(images.to(device));
        w = scope.keep(weight.to(device));
      }
    }

    @Override
    Map<String, Object> sizes() {
      var h = problem.h();
      var v = problem.w();
      return Map.of(
          "stride", List.of(options.sh(), options.sw()),
          "dilation", List.of(options.dh(), options.dw()),
          "padding", List.of(h.before(), h.after(), v.before(), v.after()),
          "groups", options.groups());
    }

    @Override
    double value() {
      try (Scope _ = Scope.open("value")) {
        return convolve().to(DType.F32).square().mean().item();
      }
    }

    @Override
    void step() {
      try (Scope _ = Scope.open("convolution")) {
        convolve();
      }
    }

    private Tensor convolve() {
      try (var _ = Autocast.open(autocast)) {
        return x.conv2d(w, null, options);
      }
    }

    @Override
    public void close() {
      x.close();
      w.close();
    }
  }
}
