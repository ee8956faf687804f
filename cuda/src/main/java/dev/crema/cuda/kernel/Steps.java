package dev.crema.cuda.kernel;

import dev.crema.backend.StepViews;
import dev.crema.cuda.driver.CudaDevice;
import java.util.List;
import java.util.function.Consumer;

/** The launches of an optimizer's step: up to 64 parameters each, as {@code step.cu} takes them. */
final class Steps {
  private static final int PARAMETERS = 64;
  private static final int PER_BLOCK = 16 * Grid.THREADS;

  private Steps() {}

  /**
   * Updates these parameters, of one dtype.
   *
   * @param own lays down what the step has beside the parameters
   */
  static void launch(
      CudaDevice device, String name, List<StepViews> parameters, Consumer<Args> own) {
    for (int from = 0; from < parameters.size(); from += PARAMETERS) {
      var some = parameters.subList(from, Math.min(from + PARAMETERS, parameters.size()));
      Args args = device.kernels().get("step", Grid.name(name, some.getFirst().p().dtype())).args();
      int[] sizes = new int[1 + 2 * PARAMETERS];
      long blocks = sizes(some, sizes);
      args.longs(addresses(some)).ints(sizes);
      own.accept(args);
      args.launch(blocks, Grid.THREADS, 0);
    }
  }

  /** Fills in count, sizes and first blocks; returns the number of blocks. */
  private static long sizes(List<StepViews> parameters, int[] sizes) {
    sizes[0] = parameters.size();
    long blocks = 0;
    for (int i = 0; i < parameters.size(); i++) {
      long n = parameters.get(i).p().numel();
      sizes[1 + i] = (int) n;
      sizes[1 + PARAMETERS + i] = (int) blocks;
      blocks += Math.ceilDiv(n, (long) PER_BLOCK);
    }
    return blocks;
  }

  private static long[] addresses(List<StepViews> parameters) {
    long[] addresses = new long[4 * PARAMETERS];
    for (int i = 0; i < parameters.size(); i++) {
      StepViews views = parameters.get(i);
      addresses[i] = Grid.address(views.p());
      addresses[PARAMETERS + i] = Grid.address(views.g());
      addresses[2 * PARAMETERS + i] = Grid.address(views.m());
      addresses[3 * PARAMETERS + i] = Grid.address(views.v());
    }
    return addresses;
  }
}
