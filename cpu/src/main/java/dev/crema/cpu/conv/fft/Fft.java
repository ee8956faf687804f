package dev.crema.cpu.conv.fft;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.conv.ConvAlgorithm;
import dev.crema.cpu.conv.Cost;
import dev.crema.cpu.conv.Direction;
import dev.crema.cpu.conv.Epilogue;
import dev.crema.cpu.conv.Operand;
import org.jspecify.annotations.Nullable;

/**
 * Convolution by the fast Fourier transform, tile by tile (overlap-save): tiles of T × T of the
 * image overlap by what a kernel sees beyond its own pixel, and of the circular correlation of a
 * tile only what does not go round is kept. The larger the kernel, the more there is to win. See
 * Mathieu, Henaff and LeCun, "Fast training of convolutional networks through FFTs" (2014).
 *
 * <p>The gradient for the image is the same with the filters turned round; that for the weight is
 * the correlation of x's tiles with gy's, summed over tiles.
 */
public final class Fft implements ConvAlgorithm {
  /** Edges of a tile. */
  private static final int[] SIZES = {16, 32, 64};

  /** The largest kernel: half a tile. */
  private static final int MAX_KERNEL = 32;

  /** Fewer channels than this are not worth the transforms. */
  private static final int WORTH_CHANNELS = 32;

  /** What an element of a transform costs, as {@link Cost} counts. */
  private static final double TRANSFORM = 130;

  /** Elements of the transformed filters, at most. */
  private static final double MAX_ELEMENTS = 1 << 28;

  /** Elements of the transformed tiles of a block, at most: they are one array. */
  private static final double MAX_TILES = Integer.MAX_VALUE;

  @Override
  public String name() {
    return "fft";
  }

  @Override
  public @Nullable String declines(Conv2dPlan p, Direction direction) {
    if (p.sh() != 1 || p.sw() != 1) {
      return "the stride is not 1";
    }
    if (p.dh() != 1 || p.dw() != 1) {
      return "the kernel is dilated";
    }
    if (Math.max(p.kh(), p.kw()) > MAX_KERNEL) {
      return "a kernel of more than %d pixels".formatted(MAX_KERNEL);
    }
    if (Math.min(p.icPerGroup(), p.ocPerGroup()) == 0 || p.n() == 0) {
      return "nothing to sum";
    }
    double places = Spectrum.places(size(p, direction));
    if (4 * places * p.ocPerGroup() * Blocks.whole(p.icPerGroup()) > MAX_ELEMENTS) {
      return "the transformed filters are too large";
    }
    double channels = Math.max(p.icPerGroup(), p.ocPerGroup());
    return 4 * places * channels * Spectrum.PAIRS > MAX_TILES
        ? "the transformed tiles are too large"
        : null;
  }

  /**
   * Four real products to a complex one, and the transforms of tiles and filters. Few channels are
   * left to algorithms that are exact on small integers.
   */
  @Override
  public double cost(Conv2dPlan p, Direction direction) {
    if (Math.min(p.icPerGroup(), p.ocPerGroup()) < WORTH_CHANNELS) {
      return Double.POSITIVE_INFINITY;
    }
    return cost(p, direction, size(p, direction));
  }

  private static double cost(Conv2dPlan p, Direction direction, int size) {
    TileGrid g = grid(p, direction, size);
    double tiles = Blocks.whole(g.tiles());
    double places = Spectrum.places(size);
    double filters = (double) g.oc() * Blocks.whole(g.ic());
    double products = 4 * places * tiles * g.ic() * g.oc();
    double transforms = (tiles * (g.ic() + g.oc()) + filters) * size * size * TRANSFORM;
    return g.groups() * (products + transforms);
  }

  /** The edge of the tiles that cost least. */
  private static int size(Conv2dPlan p, Direction direction) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int size : SIZES) {
      if (Math.max(p.kh(), p.kw()) <= size / 2) {
        double cost = cost(p, direction, size);
        if (cost < least) {
          best = size;
          least = cost;
        }
      }
    }
    return best;
  }

  private static TileGrid grid(Conv2dPlan p, Direction direction, int size) {
    return direction == Direction.BACKWARD_INPUT
        ? TileGrid.backwardInput(p, size)
        : TileGrid.forward(p, size);
  }

  @Override
  public void forward(Conv2dPlan p, Operand x, Operand w, Epilogue epilogue, Operand y) {
    new Correlation(TileGrid.forward(p, size(p, Direction.FORWARD))).run(x, w, epilogue, y);
  }

  @Override
  public void backwardInput(Conv2dPlan p, Operand gy, Operand w, Operand gx) {
    TileGrid grid = TileGrid.backwardInput(p, size(p, Direction.BACKWARD_INPUT));
    new Correlation(grid).run(gy, w, Epilogue.NONE, gx);
  }

  @Override
  public void backwardWeight(Conv2dPlan p, Operand x, Operand gy, Operand gw) {
    TileGrid grid = TileGrid.forward(p, size(p, Direction.BACKWARD_WEIGHT));
    new WeightGradient(grid).run(x, gy, gw);
  }
}
