package dev.crema.nn.optim;

import dev.crema.autograd.NoGrad;
import dev.crema.nn.StateDictException;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An optimizer as named tensors and back. Per parameter that was updated: {@code state.<i>.step},
 * an i64, and {@code state.<i>.<name>}. Per group: {@code param_groups.<i>}, an f64 vector of
 * learning rate, momentum and weight decay. Per setting that the groups share: {@code
 * settings.<name>}, an f64.
 */
final class OptimizerState {
  private static final String STEP = "step";

  private final Optimizer optimizer;
  private final List<Tensor> parameters;
  private final List<ParamGroup> groups;

  OptimizerState(Optimizer optimizer) {
    this.optimizer = optimizer;
    this.parameters = optimizer.parameters();
    this.groups = optimizer.paramGroups();
  }

  Map<String, Tensor> save() {
    Map<String, Tensor> saved = new LinkedHashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      ParamState state = optimizer.state(parameters.get(i));
      if (state.steps > 0) {
        saved.put(stateKey(i, STEP), Tensor.copyOf(new long[] {state.steps}));
        for (var entry : state.tensors().entrySet()) {
          saved.put(stateKey(i, entry.getKey()), entry.getValue());
        }
      }
    }
    for (int i = 0; i < groups.size(); i++) {
      ParamGroup g = groups.get(i);
      double[] settings = {g.lr(), g.momentum(), g.weightDecay()};
      saved.put(groupKey(i), Tensor.copyOf(settings));
    }
    optimizer
        .settings()
        .forEach((name, v) -> saved.put(settingKey(name), Tensor.copyOf(new double[] {v})));
    return saved;
  }

  void load(Map<String, Tensor> saved) {
    check(saved);
    try (var _ = NoGrad.open();
        var _ = Scope.open("loadStateDict")) {
      // All copies come first: the saved tensors may be those that the replacement closes.
      List<Map<String, Tensor>> copies = new ArrayList<>();
      for (int i = 0; i < parameters.size(); i++) {
        copies.add(copy(i, saved));
      }
      for (int i = 0; i < parameters.size(); i++) {
        Tensor step = saved.get(stateKey(i, STEP));
        long steps = step == null ? 0 : step.toLongArray()[0];
        optimizer.state(parameters.get(i)).replace(steps, copies.get(i));
      }
      for (int i = 0; i < groups.size(); i++) {
        double[] values = get(saved, groupKey(i)).toDoubleArray();
        groups.get(i).lr(values[0]).momentum(values[1]).weightDecay(values[2]);
      }
      optimizer.settings().replaceAll((name, _) -> get(saved, settingKey(name)).toDoubleArray()[0]);
    }
  }

  /** The saved tensors of a parameter, as this optimizer would have made them. */
  private Map<String, Tensor> copy(int i, Map<String, Tensor> saved) {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    for (String name : optimizer.stateNames()) {
      Tensor value = saved.get(stateKey(i, name));
      if (value != null) {
        Tensor mine = Tensor.zerosLike(parameters.get(i));
        copies.put(name, mine.copy_(value.to(mine.device())));
      }
    }
    return copies;
  }

  private void check(Map<String, Tensor> saved) {
    Map<String, Shape> known = new LinkedHashMap<>();
    List<String> faults = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      known.put(stateKey(i, STEP), Shape.of(1));
      for (String name : optimizer.stateNames()) {
        known.put(stateKey(i, name), parameters.get(i).shape());
      }
    }
    for (int i = 0; i < groups.size(); i++) {
      known.put(groupKey(i), Shape.of(3));
    }
    optimizer.settings().keySet().forEach(name -> known.put(settingKey(name), Shape.of(1)));
    for (String key : known.keySet()) {
      if (required(key, saved) && !saved.containsKey(key)) {
        faults.add("missing: " + key);
      }
    }
    saved.forEach(
        (key, t) -> {
          Shape expected = known.get(key);
          if (expected == null) {
            faults.add("unexpected: " + key);
          } else if (!expected.equals(t.shape())) {
            faults.add("%s: expected shape %s, got %s".formatted(key, expected, t.shape()));
          }
        });
    if (!faults.isEmpty()) {
      throw new StateDictException(
          "loadStateDict: the checkpoint does not fit %s\n  %s"
              .formatted(optimizer.getClass().getSimpleName(), String.join("\n  ", faults)));
    }
  }

  /** Settings always; of a parameter that was updated all that its updates always keep. */
  private boolean required(String key, Map<String, Tensor> saved) {
    if (!key.startsWith("state.")) {
      return true;
    }
    int dot = key.lastIndexOf('.');
    String parameter = key.substring(0, dot + 1);
    return !optimizer.optionalStateNames().contains(key.substring(dot + 1))
        && saved.keySet().stream().anyMatch(other -> other.startsWith(parameter));
  }

  private static Tensor get(Map<String, Tensor> saved, String key) {
    return Objects.requireNonNull(saved.get(key), key);
  }

  private static String stateKey(int i, String name) {
    return "state." + i + "." + name;
  }

  private static String settingKey(String name) {
    return "settings." + name;
  }

  private static String groupKey(int i) {
    return "param_groups." + i;
  }
}
