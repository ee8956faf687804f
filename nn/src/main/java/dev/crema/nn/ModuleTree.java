package dev.crema.nn;

import dev.crema.tensor.Tensor;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Walks a module and all below it, parents first, in the order of registration, with paths. */
final class ModuleTree {
  private ModuleTree() {}

  /** Every module once, under its first path. */
  static Map<String, Module> modules(Module root) {
    Map<String, Module> found = new LinkedHashMap<>();
    Set<Module> seen = identitySet();
    walk(
        "",
        root,
        (path, module) -> {
          if (seen.add(module)) {
            found.put(path, module);
          }
        });
    return found;
  }

  /** Every tensor once, under its first path. */
  static Map<String, Tensor> tensors(Module root, Function<Module, Map<String, Tensor>> own) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    Set<Tensor> seen = identitySet();
    eachTensor(
        root,
        own,
        (path, t) -> {
          if (seen.add(t)) {
            found.put(path, t);
          }
        });
    return found;
  }

  /** Every parameter and buffer under each of its paths, as a checkpoint has them. */
  static Map<String, Tensor> state(Module root) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    eachTensor(
        root,
        module -> {
          Map<String, Tensor> both = new LinkedHashMap<>(module.ownParameters());
          both.putAll(module.ownBuffers());
          return both;
        },
        found::put);
    return found;
  }

  static Module moduleAt(Module root, String path) {
    Module at = root;
    for (String step : path.isEmpty() ? new String[0] : path.split("\\.")) {
      Module next = at.children().get(step);
      if (next == null) {
        throw unknown(root, "layer", path, at.children());
      }
      at = next;
    }
    return at;
  }

  static Tensor tensorAt(
      Module root, String what, String path, Function<Module, Map<String, Tensor>> own) {
    int dot = path.lastIndexOf('.');
    Map<String, Tensor> known = own.apply(moduleAt(root, path.substring(0, Math.max(dot, 0))));
    Tensor found = known.get(path.substring(dot + 1));
    if (found == null) {
      throw unknown(root, what, path, known);
    }
    return found;
  }

  static IllegalArgumentException unknown(
      Module root, String what, String path, Map<String, ?> known) {
    return new IllegalArgumentException(
        "%s: no %s '%s'; there are %s".formatted(root.typeName(), what, path, known.keySet()));
  }

  private static void eachTensor(
      Module root, Function<Module, Map<String, Tensor>> own, BiConsumer<String, Tensor> visit) {
    walk(
        "",
        root,
        (path, module) ->
            own.apply(module).forEach((name, t) -> visit.accept(join(path, name), t)));
  }

  private static void walk(String path, Module module, BiConsumer<String, Module> visit) {
    visit.accept(path, module);
    module.children().forEach((name, child) -> walk(join(path, name), child, visit));
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static <T> Set<T> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }
}
