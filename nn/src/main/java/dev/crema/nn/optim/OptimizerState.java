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
 * learning rate, momentum and weight decay.
 */
final class OptimizerState {
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
        saved.put(stateKey(i, "step"), Tensor.copyOf(new long[] {state.steps}));
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
    return saved;
  }

  void load(Map<String, Tensor> saved) {
    check(saved);
    try (var _ = NoGrad.open();
        var _ = Scope.open("loadStateDict")) {
      for (int i = 0; i < parameters.size(); i++) {
        load(i, optimizer.state(parameters.get(i)), saved);
      }
      for (int i = 0; i < groups.size(); i++) {
        double[] settings = get(saved, groupKey(i)).toDoubleArray();
        groups.get(i).lr(settings[0]).momentum(settings[1]).weightDecay(settings[2]);
      }
    }
  }

  private void load(int i, ParamState state, Map<String, Tensor> saved) {
    state.close();
    Tensor step = saved.get(stateKey(i, "step"));
    state.steps = step == null ? 0 : step.toLongArray()[0];
    for (String name : optimizer.stateNames()) {
      Tensor value = saved.get(stateKey(i, name));
      if (value != null) {
        Tensor mine = state.get(name);
        mine.copy_(value.to(mine.device()));
      }
    }
  }

  private void check(Map<String, Tensor> saved) {
    Map<String, Shape> known = new LinkedHashMap<>();
    List<String> faults = new ArrayList<>();
    for (int i = 0; i < parameters.size(); i++) {
      known.put(stateKey(i, "step"), Shape.of(1));
      for (String name : optimizer.stateNames()) {
        known.put(stateKey(i, name), parameters.get(i).shape());
      }
    }
    for (int i = 0; i < groups.size(); i++) {
      known.put(groupKey(i), Shape.of(3));
      if (!saved.containsKey(groupKey(i))) {
        faults.add("missing: " + groupKey(i));
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

  private static Tensor get(Map<String, Tensor> saved, String key) {
    return Objects.requireNonNull(saved.get(key), key);
  }

  private static String stateKey(int i, String name) {
    return "state." + i + "." + name;
  }

  private static String groupKey(int i) {
    return "param_groups." + i;
  }
}
