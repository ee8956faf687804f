package dev.crema.nn.models;

import dev.crema.nn.Module;
import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A convolution in which each output map sees only some input maps, given by a table. It has one
 * kernel per connection, [connections, k, k], and spreads them out into a dense weight with zeros
 * where there is none.
 */
final class TableConv2d extends Module {
  /** Which maps of S2 each map of C3 sees: table I of LeCun et al. (1998), by columns. */
  static final int[][] LENET5 = {
    {0, 1, 2}, {1, 2, 3}, {2, 3, 4}, {3, 4, 5}, {0, 4, 5}, {0, 1, 5},
    {0, 1, 2, 3}, {1, 2, 3, 4}, {2, 3, 4, 5}, {0, 3, 4, 5}, {0, 1, 4, 5}, {0, 1, 2, 5},
    {0, 1, 3, 4}, {1, 2, 4, 5}, {0, 2, 3, 5}, {0, 1, 2, 3, 4, 5}
  };

  private final int ic;
  private final int[][] table;
  private final int k;
  private final int connections;

  TableConv2d(int inChannels, int[][] table, int kernel) {
    this.ic = inChannels;
    this.table = table;
    this.k = kernel;
    this.connections = Arrays.stream(table).mapToInt(maps -> maps.length).sum();
  }

  /** Weights uniform within ±2.4 / fan in, biases 0. */
  @Override
  protected void build() {
    float[] bounds = new float[connections];
    int at = 0;
    for (int[] maps : table) {
      Arrays.fill(bounds, at, at + maps.length, 2.4f / (maps.length * k * k));
      at += maps.length;
    }
    try (var _ = Scope.open("build")) {
      Tensor unit = uniform(1, connections, k, k);
      parameter("weight", unit.mul(Tensor.copyOf(bounds, connections, 1, 1)));
      parameter("bias", Tensor.zeros(table.length));
    }
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.conv2d(dense(), getParameter("bias"), Conv2dOptions.DEFAULT);
  }

  /** [oc, ic, k, k]. */
  private Tensor dense() {
    Tensor kernels = getParameter("weight").flatten(1);
    Tensor none = Tensor.zeros(kernels.shape().with(0, 1), kernels.dtype(), kernels.device());
    Tensor index = Tensor.copyOf(kernelOfPair(), (long) table.length * ic).to(kernels.device());
    return Tensor.cat(List.of(kernels, none), 0)
        .indexSelect(0, index)
        .reshape(table.length, ic, k, k);
  }

  /** For each pair of maps the number of its kernel, or that of the zeros behind the last. */
  private int[] kernelOfPair() {
    int[] kernels = new int[table.length * ic];
    Arrays.fill(kernels, connections);
    int next = 0;
    for (int oc = 0; oc < table.length; oc++) {
      for (int map : table[oc]) {
        kernels[oc * ic + map] = next++;
      }
    }
    return kernels;
  }

  @Override
  protected long multiplyAdds(Tensor input, Tensor output) {
    return output.numel() / table.length * connections * k * k;
  }

  @Override
  protected String extraRepr() {
    return String.format(
        Locale.ROOT,
        "%d, %d, kernel_size=(%d, %d), connections=%d",
        ic,
        table.length,
        k,
        k,
        connections);
  }
}
