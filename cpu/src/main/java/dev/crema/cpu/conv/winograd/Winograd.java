package dev.crema.cpu.conv.winograd;

import dev.crema.backend.Conv2dPlan;
import dev.crema.cpu.conv.ConvAlgorithm;
import dev.crema.cpu.conv.Direction;
import dev.crema.cpu.conv.Epilogue;
import dev.crema.cpu.conv.Operand;
import dev.crema.tensor.DType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Winograd convolution F(m × m, r × r): an output tile of m × m by (m + r − 1)² multiplications
 * where the definition takes (m·r)², at stride 1. See Lavin and Gray, "Fast algorithms for
 * convolutional neural networks" (2016), and Winograd, "Arithmetic complexity of computations"
 * (1980).
 *
 * <p>y = Aᵀ[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]A for a filter g and an input tile d; summed over channels before
 * the outer transform, the products in the middle are (m + r − 1)² matrix products. The gradient
 * for the input is the same with the filters turned round; that for the weight is the transpose of
 * this in g: Gᵀ[(A·e·Aᵀ) ⊙ (Bᵀ·d·B)]G for a gradient e of an output tile, summed over tiles.
 *
 * <p>The larger the tile, the fewer the multiplications and the larger the error:
 * docs/algorithms.md has both. A subclass with other {@link Points} is an algorithm of its own.
 */
public class Winograd implements ConvAlgorithm {
  /** Fewer channels than this leave nothing to a matrix product. */
  private static final int MIN_CHANNELS = 4;

  /** Fewer channels than this are not worth the transforms. */
  private static final int WORTH_CHANNELS = 16;

  /**
   * What a multiply-add in many small products costs, as {@link dev.crema.cpu.conv.Cost} counts.
   */
  private static final double PRODUCT = 1.4;

  /** What an element of a transform costs. */
  private static final double TRANSFORM = 32;

  /** The same in the gradient for the weight, where both operands are transformed. */
  private static final double TRANSFORM_BOTH = 60;

  /** An element of a transformed filter, written to memory and read again. */
  private static final double FILTER = 50;

  /** Elements of scratch for the transformed filters, at most. */
  private static final long MAX_FILTERS = 1 << 28;

  private final String name;
  private final CookToom f;
  private final Map<DType, Transforms> transforms = new EnumMap<>(DType.class);

  /**
   * @param name what {@link #name} says
   * @param m edge of an output tile
   * @param r edge of a filter
   * @throws IllegalArgumentException when there are not enough points: m + r − 2 are needed
   */
  public Winograd(String name, int m, int r, Points points) {
    this.name = name;
    this.f = new CookToom(m, r, points);
  }

  /** The built-in ones. */
  public static List<ConvAlgorithm> all() {
    return List.of(
        new Winograd("winograd-f2", 2, 3, Points.DEFAULT),
        new Winograd("winograd-f4", 4, 3, Points.DEFAULT),
        new Winograd("winograd-f6", 6, 3, Points.DEFAULT),
        new Winograd("winograd-f2x5", 2, 5, Points.DEFAULT),
        new Winograd("winograd-f4x5", 4, 5, Points.DEFAULT));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public @Nullable String declines(Conv2dPlan p, Direction direction) {
    if (p.kh() != f.r || p.kw() != f.r) {
      return "the kernel is not %dx%d".formatted(f.r, f.r);
    }
    if (p.sh() != 1 || p.sw() != 1) {
      return "the stride is not 1";
    }
    if (p.dh() != 1 || p.dw() != 1) {
      return "the kernel is dilated";
    }
    if (p.icPerGroup() < MIN_CHANNELS || p.ocPerGroup() < MIN_CHANNELS) {
      return "fewer than %d channels in a group".formatted(MIN_CHANNELS);
    }
    long filters = (long) f.alpha * f.alpha * p.oc() * p.icPerGroup();
    return filters > MAX_FILTERS ? "the transformed filters are too large" : null;
  }

  /**
   * The products of the tiles, the transforms of tiles and filters. Small convolutions, where there
   * is nothing to win, are left to algorithms that are exact on small integers.
   */
  @Override
  public double cost(Conv2dPlan p, Direction direction) {
    if (Math.min(p.icPerGroup(), p.ocPerGroup()) < WORTH_CHANNELS) {
      return Double.POSITIVE_INFINITY;
    }
    boolean toInput = direction == Direction.BACKWARD_INPUT;
    int down = Math.ceilDiv(toInput ? p.ih() : p.oh(), f.m);
    int across = Math.ceilDiv(toInput ? p.iw() : p.ow(), f.m);
    double elements = (double) p.n() * down * across * f.alpha * f.alpha;
    double filters = (double) p.oc() * p.icPerGroup() * f.alpha * f.alpha;
    boolean toWeight = direction == Direction.BACKWARD_WEIGHT;
    return elements * p.oc() * p.icPerGroup() * PRODUCT
        + elements * (p.ic() + p.oc()) * (toWeight ? TRANSFORM_BOTH : TRANSFORM)
        + filters * FILTER;
  }

  @Override
  public void forward(Conv2dPlan plan, Operand x, Operand w, Epilogue epilogue, Operand y) {
    Geometry geometry = Geometry.forward(plan, f.m);
    new Correlation(geometry, transforms(plan.dtype())).run(x, w, epilogue, y);
  }

  @Override
  public void backwardInput(Conv2dPlan plan, Operand gy, Operand w, Operand gx) {
    Geometry geometry = Geometry.backwardInput(plan, f.m);
    new Correlation(geometry, transforms(plan.dtype())).run(gy, w, Epilogue.NONE, gx);
  }

  @Override
  public void backwardWeight(Conv2dPlan plan, Operand x, Operand gy, Operand gw) {
    Geometry geometry = Geometry.forward(plan, f.m);
    new WeightGradient(geometry, transforms(plan.dtype())).run(x, gy, gw);
  }

  /** Made at the first call for a type. */
  private Transforms transforms(DType dtype) {
    synchronized (transforms) {
      return transforms.computeIfAbsent(dtype, d -> Transforms.of(f, d));
    }
  }
}
