package dev.crema.nn;

import dev.crema.autograd.NoGrad;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What {@link Module#summary} found; prints as a table.
 *
 * @param model the model's type
 * @param input the input's shape
 * @param rows one per run of a layer, in order
 * @param parameters elements of all parameters, frozen or not
 * @param trainable elements of those that want a gradient
 * @param multiplyAdds of one forward, by convolutions, linear layers and what else counts them
 * @param parameterBytes what the parameters take
 * @param activationBytes what the rows' outputs take together: about what training keeps for
 *     backward
 */
public record Summary(
    String model,
    Shape input,
    List<Row> rows,
    long parameters,
    long trainable,
    long multiplyAdds,
    long parameterBytes,
    long activationBytes) {

  /**
   * One run of a layer.
   *
   * @param path the layer's path
   * @param type the layer's type
   * @param output the shape of its result
   * @param parameters elements of its own parameters; 0 where it runs again
   * @param multiplyAdds of this run
   */
  public record Row(String path, String type, Shape output, long parameters, long multiplyAdds) {}

  static Summary of(Module model, long... inputShape) {
    Shape input = Shape.of(inputShape);
    Map<Module, Boolean> modes = new IdentityHashMap<>();
    model.apply(m -> modes.put(m, m.isTraining()));
    List<RemovableHandle> hooks = new ArrayList<>();
    var observer = new Observer();
    model
        .namedModules()
        .forEach((path, m) -> hooks.add(m.registerForwardHook(observer.watching(path))));
    try (var _ = NoGrad.open();
        var _ = Scope.open("summary")) {
      model.eval().call(zerosFor(model, input));
    } finally {
      hooks.forEach(RemovableHandle::close);
      modes.forEach(Module::mode);
    }
    List<Tensor> parameters = model.parameters();
    return new Summary(
        model.typeName(),
        input,
        List.copyOf(observer.rows),
        numel(parameters),
        numel(parameters.stream().filter(Tensor::requiresGrad).toList()),
        observer.rows.stream().mapToLong(Row::multiplyAdds).sum(),
        parameters.stream().mapToLong(Summary::bytes).sum(),
        observer.activationBytes);
  }

  /** On the device and in the dtype of the model's first parameter. */
  static Tensor zerosFor(Module model, Shape shape) {
    return model.parameters().stream()
        .findFirst()
        .map(p -> Tensor.zeros(shape, p.dtype(), p.device()))
        .orElseGet(() -> Tensor.zeros(shape.sizes()));
  }

  /** Notes what runs: layers, and modules that have parameters beside their layers. */
  private static final class Observer {
    private final List<Row> rows = new ArrayList<>();
    private final Set<Module> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private long activationBytes;

    ForwardHook watching(String path) {
      return (module, x, y) -> {
        if (module.children().isEmpty() || !module.ownParameters().isEmpty()) {
          long parameters = seen.add(module) ? numel(module.ownParameters().values()) : 0;
          long multiplyAdds = module.multiplyAdds(x, y);
          rows.add(new Row(path, module.typeName(), y.shape(), parameters, multiplyAdds));
          activationBytes += y.buffer() == x.buffer() ? 0 : bytes(y);
        }
        return null;
      };
    }
  }

  private static long numel(Collection<Tensor> tensors) {
    return tensors.stream().mapToLong(Tensor::numel).sum();
  }

  private static long bytes(Tensor t) {
    return t.numel() * t.dtype().bytes();
  }

  /** The table, with totals below. */
  @Override
  public String toString() {
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("layer", "type", "output shape", "parameters", "multiply-adds"));
    for (Row row : rows) {
      table.add(
          List.of(
              row.path,
              row.type,
              row.output.toString(),
              countOrDash(row.parameters),
              countOrDash(row.multiplyAdds)));
    }
    int[] widths = new int[5];
    for (List<String> line : table) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    String format = "%%-%ds  %%-%ds  %%-%ds  %%%ds  %%%ds%n";
    format =
        String.format(Locale.ROOT, format, widths[0], widths[1], widths[2], widths[3], widths[4]);
    var out = new StringBuilder("%s, input %s%n".formatted(model, input));
    for (List<String> line : table) {
      out.append(String.format(Locale.ROOT, format, line.toArray()));
    }
    out.append(
        "parameters: %s (trainable %s, frozen %s)%n"
            .formatted(count(parameters), count(trainable), count(parameters - trainable)));
    out.append(
        String.format(
            Locale.ROOT, "multiply-adds: %s (%.2f G)%n", count(multiplyAdds), multiplyAdds / 1e9));
    out.append(
        "memory: parameters %s, activations %s"
            .formatted(mib(parameterBytes), mib(activationBytes)));
    return out.toString();
  }

  private static String countOrDash(long n) {
    return n == 0 ? "-" : count(n);
  }

  private static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  private static String mib(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
  }
}
