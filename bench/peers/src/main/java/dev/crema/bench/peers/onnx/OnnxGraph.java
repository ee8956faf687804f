package dev.crema.bench.peers.onnx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model under construction. Field numbers are those of onnx.proto3 (ONNX's IR version 8, operator
 * set 17).
 */
public final class OnnxGraph {
  /** The model's input. */
  public static final String INPUT = "x";

  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;
  private static final int FLOAT = 1;
  private static final int INTS = 7;
  private static final int INT = 2;

  private final ProtoWriter graph = new ProtoWriter().text(2, "graph");
  private int nodes;

  /** An attribute of a node: one number, or several. */
  public record Attribute(String name, boolean list, long... values) {
    /** Several numbers. */
    public static Attribute ints(String name, long... values) {
      return new Attribute(name, true, values);
    }

    /** One number. */
    public static Attribute of(String name, long value) {
      return new Attribute(name, false, value);
    }
  }

  /** Adds a constant. */
  public void constant(String name, float[] data, long... shape) {
    var tensor = new ProtoWriter();
    for (long size : shape) {
      tensor.number(1, size);
    }
    graph.message(5, tensor.number(2, FLOAT).text(8, name).floats(9, data));
  }

  /** Adds a node, and names its result. */
  public String node(String op, List<String> inputs, Attribute... attributes) {
    String output = "y" + nodes++;
    var node = new ProtoWriter();
    inputs.forEach(input -> node.text(1, input));
    node.text(2, output).text(4, op);
    for (Attribute a : attributes) {
      var attribute = new ProtoWriter().text(1, a.name());
      for (long value : a.values()) {
        attribute.number(a.list() ? 8 : 3, value);
      }
      node.message(5, attribute.number(20, a.list() ? INTS : INT));
    }
    graph.message(1, node);
    return output;
  }

  /** The whole file. The output's shape is left to the reader. */
  public byte[] model(String output, long... inputShape) {
    var shape = new ProtoWriter();
    for (long size : inputShape) {
      shape.message(1, new ProtoWriter().number(1, size));
    }
    graph.message(11, value(INPUT).message(2, tensorType(shape)));
    graph.message(12, value(output).message(2, tensorType(null)));
    var opset = new ProtoWriter().text(1, "").number(2, OPSET);
    return new ProtoWriter().number(1, IR_VERSION).message(7, graph).message(8, opset).toBytes();
  }

  private static ProtoWriter value(String name) {
    return new ProtoWriter().text(1, name);
  }

  private static ProtoWriter tensorType(@Nullable ProtoWriter shape) {
    var tensor = new ProtoWriter().number(1, FLOAT);
    if (shape != null) {
      tensor.message(2, shape);
    }
    return new ProtoWriter().message(1, tensor);
  }
}
