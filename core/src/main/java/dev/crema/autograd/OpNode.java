package dev.crema.autograd;

import dev.crema.tensor.AutogradException;
import dev.crema.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An op's result in the graph: the op's inputs, its gradient, and what that gradient saved. */
final class OpNode extends Node {
  private final String op;
  private final @Nullable Node[] inputs;
  private List<Saved> saved = new ArrayList<>(4);
  private @Nullable Vjp vjp;

  /** Where it was made, when somebody watches. */
  final @Nullable String place = Place.noted();

  OpNode(String op, Shape shape, @Nullable Node[] inputs) {
    super(shape);
    this.op = op;
    this.inputs = inputs;
    for (Node input : inputs) {
      if (input != null) {
        input.retain();
      }
    }
  }

  void save(Saved one) {
    saved.add(one);
  }

  void attach(Vjp gradient) {
    this.vjp = gradient;
  }

  boolean isInput(Node other) {
    return Arrays.asList(inputs).contains(other);
  }

  @Override
  public String op() {
    return op;
  }

  @Override
  @Nullable Node[] inputs() {
    return inputs;
  }

  Vjp vjp() {
    if (vjp == null) {
      throw new AutogradException(
          "backward: the graph of '%s' was freed by an earlier backward. Hint: call backward(retainGraph) the first time"
              .formatted(op));
    }
    return vjp;
  }

  @Override
  void free() {
    vjp = null;
    List<Saved> mine = saved;
    saved = List.of();
    mine.forEach(Saved::release);
  }
}
