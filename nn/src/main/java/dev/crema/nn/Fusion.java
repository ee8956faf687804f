package dev.crema.nn;

import dev.crema.autograd.Autograd;
import dev.crema.autograd.GradMode;
import dev.crema.autograd.Node;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the batch norms that a convolution can take over, by watching a forward and its graph: both
 * ran once, and nothing but the batch norm took the convolution's result.
 */
final class Fusion {
  private final Map<Module, Integer> runs = new IdentityHashMap<>();
  private final Map<Node, Conv2d> results = new HashMap<>();
  private final List<Found> candidates = new ArrayList<>();

  private record Found(Conv2d conv, Node result, BatchNorm2d norm) {}

  private Fusion() {}

  static void run(Module model, Shape input) {
    if (model.isTraining()) {
      throw new IllegalStateException(
          "%s.fuse: expected inference mode. Hint: call eval() first".formatted(model.typeName()));
    }
    if (!GradMode.isRecording()) {
      throw new IllegalStateException(
          "%s.fuse: expected to see the graph. Hint: call it outside NoGrad"
              .formatted(model.typeName()));
    }
    var fusion = new Fusion();
    List<RemovableHandle> hooks = new ArrayList<>();
    model.namedModules().values().stream()
        .filter(m -> !m.hasForwardHooks())
        .forEach(m -> hooks.add(m.registerForwardHook(fusion::see)));
    try (var _ = Scope.open("fuse")) {
      Tensor y = model.call(Summary.zerosFor(model, input).requiresGrad_());
      for (Found found : fusion.candidates) {
        if (fusion.ranOnce(found.conv)
            && fusion.ranOnce(found.norm)
            && Autograd.uses(y, found.result) == 1) {
          found.norm.foldInto(found.conv);
        }
      }
    } finally {
      hooks.forEach(RemovableHandle::close);
    }
  }

  private boolean ranOnce(Module module) {
    return runs.getOrDefault(module, 0) == 1;
  }

  private @Nullable Tensor see(Module module, Tensor x, Tensor y) {
    runs.merge(module, 1, Integer::sum);
    Node result = y.node();
    if (module instanceof Conv2d conv && result != null) {
      results.put(result, conv);
    }
    Node from = x.node();
    Conv2d conv = from == null ? null : results.get(from);
    if (module instanceof BatchNorm2d norm && norm.canFold() && from != null && conv != null) {
      candidates.add(new Found(conv, from, norm));
    }
    return null;
  }
}
