package dev.crema.cuda.kernel;

import dev.crema.backend.StepViews;
import dev.crema.backend.View;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.cuda.driver.Live;
import dev.crema.tensor.UnsupportedOpException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** The launches of an optimizer's step: up to 64 parameters each, as {@code step.cu} takes them. */
final class Steps {
  private static final int PARAMETERS = 64;
  private static final int PER_BLOCK = 16 * Grid.THREADS;

  private Steps() {}

  /**
   * Updates these parameters, of one dtype.
   *
   * @param skip one f32 that is not 0 where nothing is to change; null for never
   * @param count how many settings there are
   * @param settings the step's, as the kernel has them; asked for in each run
   * @param own lays down what the step has beside these
   */
  static void launch(
      CudaDevice device,
      String name,
      List<StepViews> parameters,
      @Nullable View skip,
      int count,
      Supplier<double[]> settings,
      Consumer<Args> own) {
    long flag = Grid.address(skip);
    Live live = device.live(count, () -> bits(settings.get()));
    launch(device, name, parameters, args -> own.accept(args.ptr(flag).live(live)));
  }

  /** As above, of a kernel that has neither. */
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

  private static long[] bits(double[] settings) {
    return DoubleStream.of(settings).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  /** With momentum and without are two kernels, and a captured step has one of them. */
  static void checkMomentum(String op, boolean captured, double momentum) {
    if (captured != (momentum != 0)) {
      throw new UnsupportedOpException(
          "%s: the step was captured %s momentum, which is now %s. Hint: another captured step"
              .formatted(op, captured ? "with" : "without", momentum));
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
