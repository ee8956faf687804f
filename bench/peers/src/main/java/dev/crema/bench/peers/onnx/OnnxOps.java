package dev.crema.bench.peers.onnx;

import static dev.crema.bench.peers.onnx.OnnxGraph.Attribute.ints;

import dev.crema.bench.peers.net.NetOps;
import dev.crema.bench.peers.net.Weights;
import java.util.ArrayList;
import java.util.List;

/** A network's layers as nodes of an ONNX graph, for inference. */
public final class OnnxOps implements NetOps<String> {
  private final OnnxGraph graph;
  private final Weights weights;

  /** Builds into this graph. */
  public OnnxOps(OnnxGraph graph, Weights weights) {
    this.graph = graph;
    this.weights = weights;
    weights.arrays().forEach((name, a) -> graph.constant(name, a.data(), a.shape()));
  }

  private List<String> withWeights(String x, String layer) {
    var inputs = new ArrayList<>(List.of(x, layer + ".weight"));
    if (weights.arrays().containsKey(layer + ".bias")) {
      inputs.add(layer + ".bias");
    }
    return inputs;
  }

  @Override
  public String conv2d(String x, String layer, int stride, int padding) {
    return graph.node(
        "Conv",
        withWeights(x, layer),
        ints("strides", stride, stride),
        ints("pads", padding, padding, padding, padding));
  }

  @Override
  public String batchNorm2d(String x, String layer) {
    List<String> inputs = withWeights(x, layer);
    inputs.add(layer + ".running_mean");
    inputs.add(layer + ".running_var");
    return graph.node("BatchNormalization", inputs); // epsilon is 1e-5 unless said
  }

  @Override
  public String relu(String x) {
    return graph.node("Relu", List.of(x));
  }

  @Override
  public String maxPool2d(String x, int kernel, int stride, int padding) {
    return graph.node(
        "MaxPool",
        List.of(x),
        ints("kernel_shape", kernel, kernel),
        ints("strides", stride, stride),
        ints("pads", padding, padding, padding, padding));
  }

  @Override
  public String globalAvgPool2d(String x) {
    return graph.node("GlobalAveragePool", List.of(x));
  }

  @Override
  public String flatten(String x) {
    return graph.node("Flatten", List.of(x));
  }

  @Override
  public String linear(String x, String layer) {
    return graph.node("Gemm", withWeights(x, layer), OnnxGraph.Attribute.of("transB", 1));
  }

  @Override
  public String add(String a, String b) {
    return graph.node("Add", List.of(a, b));
  }
}
