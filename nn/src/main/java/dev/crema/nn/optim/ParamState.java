package dev.crema.nn.optim;

import dev.crema.backend.Capture;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What an optimizer remembers about one parameter, outside all scopes. */
public final class ParamState {
  private final Tensor parameter;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Set<String> made = new HashSet<>(); // by the last step that was begun
  private boolean takenBack; // that step; what it made is zeros still
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

  /** Whether the step under way is the first that has the tensor of this name. */
  public boolean isNew(String name) {
    return made.contains(name) || !tensors.containsKey(name);
  }

  /** The tensor of this name, of the parameter's shape; zeros at first. */
  public Tensor get(String name) {
    return tensors.computeIfAbsent(name, this::zeros);
  }

  private Tensor zeros(String name) {
    Capture.refuse("optimizer", "makes a parameter's " + name, "do a plain step before");
    made.add(name);
    return Scope.escape(Tensor.zerosLike(parameter));
  }

  /** Begins a step. */
  void count() {
    steps++;
    if (!takenBack) {
      made.clear();
    }
    takenBack = false;
  }

  /** Takes the last step back, which changed nothing: what it made is still new to the next. */
  void uncount() {
    steps--;
    takenBack = true;
  }

  /** What steps left, by name. */
  Map<String, Tensor> tensors() {
    Map<String, Tensor> left = new LinkedHashMap<>(tensors);
    if (takenBack) {
      left.keySet().removeAll(made);
    }
    return left;
  }

  /** Goes on with these values, which it takes out of their scope. */
  void replace(long steps, Map<String, Tensor> values) {
    close();
    this.steps = steps;
    takenBack = false;
    values.forEach((name, value) -> tensors.put(name, Scope.escape(value)));
  }

  void close() {
    tensors.values().forEach(Tensor::close);
    tensors.clear();
    made.clear();
  }
}
