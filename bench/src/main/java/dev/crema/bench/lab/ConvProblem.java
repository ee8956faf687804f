package dev.crema.bench.lab;

import dev.crema.backend.Conv2dPlan;
import dev.crema.tensor.Conv2dOptions;
import dev.crema.tensor.DType;
import dev.crema.tensor.Padding;
import dev.crema.tensor.Shape;

/**
 * A 2-D convolution as benchdnn, oneDNN's benchmark, writes it: {@code
 * g1mb256ic3ih227iw227oc64oh55ow55kh11kw11sh4sw4ph0pw0dh0dw0n"alexnet:conv1"}.
 *
 * <p>Parts come in any order, and {@code _} between them is ignored. g is 1, mb 2, strides 1 and
 * dilation 0 (which counts from 0) unless given. Widths are as the heights. Without oh it follows
 * from ph, which is then 0 unless given; with oh alone, ph is half of the padding that it needs.
 * With both, the bottom is padded by what is lacking.
 *
 * @param name what stands in the quotes, perhaps nothing
 * @param n images (mb)
 */
public record ConvProblem(String name, int n, int groups, int ic, int oc, Axis h, Axis w) {

  /**
   * Reads a problem.
   *
   * @throws ProblemException on a mistake; the message shows its position
   */
  public static ConvProblem parse(String line) {
    return new Notation(line).problem();
  }

  /** The same with another number of images. */
  public ConvProblem withBatch(int images) {
    if (images < 1) {
      throw new ProblemException("mb: expected at least 1 image, got " + images);
    }
    return new ConvProblem(name, images, groups, ic, oc, h, w);
  }

  /** What {@code conv2d} is called with. */
  public Conv2dOptions options() {
    return Conv2dOptions.DEFAULT
        .stride(h.stride(), w.stride())
        .padding(Padding.of(h.before(), h.after(), w.before(), w.after()))
        .dilation(h.dilation(), w.dilation())
        .groups(groups);
  }

  /** The checked plan that an algorithm gets. */
  public Conv2dPlan plan(DType dtype) {
    Shape x = Shape.of(n, ic, h.in(), w.in());
    Shape weight = Shape.of(oc, ic / groups, h.kernel(), w.kernel());
    return Conv2dPlan.check("conv2d", dtype, x, dtype, weight, null, options());
  }

  /** The shortest notation that reads as this problem, without its name. */
  public String notation() {
    var s = new StringBuilder();
    if (groups != 1) {
      s.append('g').append(groups);
    }
    s.append("mb").append(n).append("ic").append(ic);
    boolean square = h.equals(w);
    both(s, square, "ih", h.in(), "iw", w.in());
    s.append("oc").append(oc);
    both(s, square, "oh", h.out(), "ow", w.out());
    both(s, square, "kh", h.kernel(), "kw", w.kernel());
    if (h.stride() != 1 || w.stride() != 1) {
      both(s, square, "sh", h.stride(), "sw", w.stride());
    }
    both(s, square, "ph", h.before(), "pw", w.before());
    if (h.dilation() != 1 || w.dilation() != 1) {
      both(s, square, "dh", h.dilation() - 1, "dw", w.dilation() - 1);
    }
    return s.toString();
  }

  private static void both(
      StringBuilder s, boolean square, String hName, int hValue, String wName, int wValue) {
    s.append(hName).append(hValue);
    if (!square) {
      s.append(wName).append(wValue);
    }
  }

  /** {@link #notation} and the name. */
  @Override
  public String toString() {
    return name.isEmpty() ? notation() : "%sn\"%s\"".formatted(notation(), name);
  }
}
