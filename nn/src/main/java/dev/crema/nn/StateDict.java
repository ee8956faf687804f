package dev.crema.nn;

import dev.crema.autograd.NoGrad;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Loads named tensors into others: first everything is compared, then everything is copied. */
final class StateDict {
  private StateDict() {}

  static void load(
      String type, Map<String, Tensor> own, Map<String, Tensor> state, boolean strict) {
    List<String> faults = new ArrayList<>();
    if (strict) {
      list(faults, "missing", own, state);
      list(faults, "unexpected", state, own);
    }
    own.forEach(
        (key, mine) -> {
          Tensor value = state.get(key);
          if (value != null && !value.shape().equals(mine.shape())) {
            faults.add("%s: expected shape %s, got %s".formatted(key, mine.shape(), value.shape()));
          }
        });
    if (!faults.isEmpty()) {
      throw new StateDictException(
          "loadStateDict: the checkpoint does not fit %s\n  %s"
              .formatted(type, String.join("\n  ", faults)));
    }
    try (var _ = NoGrad.open();
        var _ = Scope.open("loadStateDict")) {
      own.forEach(
          (key, mine) -> {
            Tensor value = state.get(key);
            if (value != null) {
              mine.copy_(value.to(mine.device()));
            }
          });
    }
  }

  /**
   * Notes the keys of {@code these} that {@code those} lack. Batch norm's counter may be missing:
   * checkpoints from before PyTorch 0.4.1 have none.
   */
  private static void list(
      List<String> faults, String what, Map<String, Tensor> these, Map<String, Tensor> those) {
    List<String> keys =
        these.keySet().stream()
            .filter(key -> !those.containsKey(key) && !key.endsWith("num_batches_tracked"))
            .toList();
    if (!keys.isEmpty()) {
      faults.add(what + ": " + String.join(", ", keys));
    }
  }
}
