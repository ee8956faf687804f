package dev.crema.nn.optim;

import dev.crema.backend.Capture;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What an optimizer remembers about one parameter, outside all scopes. */
public final class ParamState {
  private final Tensor parameter;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  long steps;

  ParamState(Tensor parameter) {
    this.parameter = parameter;
  }

  /** The parameter. */
  public Tensor parameter() {
    return parameter;
  }

  /** The parameter's gradient, while a step is under way. */
  public Tensor gradient() {
    return Objects.requireNonNull(parameter.grad(), "gradient");
  }

  /** The number of steps so far, the one under way among them. */
  public long steps() {
    return steps;
  }

  /** Whether {@link #get} was ever called with this name. */
  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  /** The tensor of this name, of the parameter's shape; zeros at first. */
  public Tensor get(String name) {
    return tensors.computeIfAbsent(name, this::zeros);
  }

  private Tensor zeros(String name) {
    Capture.refuse("optimizer", "makes a parameter's " + name, "do a plain step before");
    return Scope.escape(Tensor.zerosLike(parameter));
  }

  /** Takes the last step back, which changed nothing; what a first step would have made goes. */
  void uncount() {
    steps--;
    if (steps == 0) {
      close();
    }
  }

  Map<String, Tensor> tensors() {
    return tensors;
  }

  /** Goes on with these values, which it takes out of their scope. */
  void replace(long steps, Map<String, Tensor> values) {
    close();
    this.steps = steps;
    values.forEach((name, value) -> tensors.put(name, Scope.escape(value)));
  }

  void close() {
    tensors.values().forEach(Tensor::close);
    tensors.clear();
  }
}
