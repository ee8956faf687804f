package dev.crema.bench.peers.net;

import dev.crema.nn.Module;
import dev.crema.tensor.DType;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A network's numbers, the same for every library.
 *
 * @param arrays by their names in the state dictionary: parameters, then buffers
 * @param trained the names of the parameters
 */
public record Weights(Map<String, Array> arrays, Set<String> trained) {

  /** Numbers by rows. */
  public record Array(long[] shape, float[] data) {}

  /** As Crema initialises it, by a fixed seed. */
  public static Weights of(Net net) {
    Generator.manualSeed(0);
    try (Scope _ = Scope.open("weights");
        Module module = net.module()) {
      var arrays = new LinkedHashMap<String, Array>();
      module
          .stateDict()
          .forEach(
              (name, t) -> {
                if (t.dtype() == DType.F32) {
                  arrays.put(name, new Array(t.shape().sizes(), t.toFloatArray()));
                }
              });
      return new Weights(arrays, new LinkedHashSet<>(module.namedParameters().keySet()));
    }
  }
}
