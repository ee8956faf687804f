package dev.crema.op;

import dev.crema.autograd.Autocast;
import dev.crema.autograd.Autograd;
import dev.crema.autograd.Gradients;
import dev.crema.autograd.Vjp;
import dev.crema.backend.PointwisePlan;
import dev.crema.backend.View;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import dev.crema.tensor.Layout;
import dev.crema.tensor.MemoryFormat;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import dev.crema.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Ops that move or rename elements and compute nothing: views, copies, conversions, joining and
 * cutting.
 */
public final class Shaping {
  private Shaping() {}

  // ---- views ----

  /**
   * The same elements in another shape; a view where the layout allows, else a copy. One size may
   * be -1.
   */
  public static Tensor reshape(Tensor x, long... sizes) {
    Shape target = inferred(x.shape(), sizes);
    if (target.equals(x.shape())) {
      return x;
    }
    Layout layout = x.layout().reshape(target);
    if (layout == null) {
      return reshape(contiguous(x), sizes);
    }
    return Autograd.record(
        "reshape", x.viewed(layout), Autograd.inputs(x), _ -> new ReshapeGrad(x.shape()));
  }

  record ReshapeGrad(Shape shape) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      g.set(0, gy.reshape(shape));
    }
  }

  private static Shape inferred(Shape from, long... sizes) {
    long[] target = sizes.clone();
    long known = 1;
    int open = -1;
    for (int d = 0; d < target.length; d++) {
      if (target[d] == -1 && open < 0) {
        open = d;
      } else {
        known *= target[d];
      }
    }
    if (open >= 0 && known > 0) {
      target[open] = from.numel() / known;
    }
    if (open >= 0 && known <= 0 || Shape.of(target).numel() != from.numel()) {
      String why =
          open < 0
              ? "it has %s. Hint: -1 stands for the size that fits".formatted(known)
              : known == 0
                  ? "-1 beside a 0 could be anything"
                  : "%s is not divisible by %s".formatted(from.numel(), known);
      throw new ShapeException(
          "reshape: shape %s has %s elements and does not fit %s: %s"
              .formatted(from, from.numel(), Arrays.toString(sizes), why));
    }
    return Shape.of(target);
  }

  public static Tensor permute(Tensor x, int... dims) {
    return Autograd.record(
        "permute",
        x.viewed(x.layout().permute(dims)),
        Autograd.inputs(x),
        _ -> new PermuteGrad(inverse(x.shape(), dims)));
  }

  record PermuteGrad(int[] inverse) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      g.set(0, gy.permute(inverse));
    }
  }

  private static int[] inverse(Shape shape, int... dims) {
    int[] inverse = new int[dims.length];
    for (int d = 0; d < dims.length; d++) {
      inverse[shape.dim(dims[d])] = d;
    }
    return inverse;
  }

  public static Tensor transpose(Tensor x, int dim0, int dim1) {
    int[] dims = new int[x.shape().rank()];
    Arrays.setAll(dims, d -> d);
    int d0 = x.shape().dim("transpose", dim0);
    int d1 = x.shape().dim("transpose", dim1);
    dims[d0] = d1;
    dims[d1] = d0;
    return permute(x, dims);
  }

  public static Tensor squeeze(Tensor x, int dim) {
    Layout layout = x.layout().squeeze(dim);
    return Autograd.record(
        "squeeze", x.viewed(layout), Autograd.inputs(x), _ -> new ReshapeGrad(x.shape()));
  }

  public static Tensor unsqueeze(Tensor x, int dim) {
    Layout layout = x.layout().unsqueeze(dim);
    return Autograd.record(
        "unsqueeze", x.viewed(layout), Autograd.inputs(x), _ -> new ReshapeGrad(x.shape()));
  }

  public static Tensor expand(Tensor x, Shape target) {
    if (target.equals(x.shape())) {
      return x;
    }
    return Autograd.record(
        "expand", x.viewed(x.layout().expand(target)), Autograd.inputs(x), _ -> new ExpandGrad());
  }

  /** The engine sums the gradient back. */
  record ExpandGrad() implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      g.set(0, gy);
    }
  }

  public static Tensor slice(Tensor x, int dim, long start, long end, long step) {
    return Autograd.record(
        "slice",
        x.viewed(x.layout().slice(dim, start, end, step)),
        Autograd.inputs(x),
        _ -> new SliceGrad(x.shape(), dim, start, end, step));
  }

  record SliceGrad(Shape shape, int dim, long start, long end, long step) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      g.set(0, embed(gy, shape, dim, start, end, step));
    }
  }

  /** Zeros of {@code shape} whose slice is {@code x}: what slice is the gradient of. */
  static Tensor embed(Tensor x, Shape shape, int dim, long start, long end, long step) {
    Tensor y = Tensor.zeros(shape, x.dtype(), x.device());
    copyInto(x, y, y.layout().slice(dim, start, end, step));
    return Autograd.record(
        "embed", y, Autograd.inputs(x), _ -> new EmbedGrad(dim, start, end, step));
  }

  record EmbedGrad(int dim, long start, long end, long step) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      g.set(0, gy.slice(dim, start, end, step));
    }
  }

  public static Tensor select(Tensor x, int dim, long index) {
    x.layout().select(dim, index); // the index's check
    int d = x.shape().dim("select", dim);
    long i = index < 0 ? index + x.shape().size(d) : index;
    return squeeze(slice(x, d, i, i + 1, 1), d);
  }

  // ---- copies ----

  /** The same elements outside the graph. */
  public static Tensor detach(Tensor x) {
    return Tracer.isTraced(x) ? Tracer.constant(x) : x.viewed(x.layout());
  }

  /** x itself where it is contiguous, else a copy that is. */
  public static Tensor contiguous(Tensor x) {
    return x.isContiguous() ? x : copy(x);
  }

  /** x itself where its strides say that format, else a view or a copy whose strides do. */
  public static Tensor contiguous(Tensor x, MemoryFormat format) {
    if (format == MemoryFormat.CONTIGUOUS || x.shape().rank() != 4) {
      return contiguous(x);
    }
    if (!x.isContiguous(format)) {
      return copy(x, format);
    }
    if (x.layout().format() == format) {
      return x;
    }
    long[] strides = Layout.dense(x.shape(), format).strides();
    Tensor y = x.viewed(Layout.of(x.shape(), strides, x.layout().offset()));
    return Autograd.record("contiguous", y, Autograd.inputs(x), _ -> new ExpandGrad());
  }

  /** A fresh contiguous tensor with x's elements. */
  public static Tensor copy(Tensor x) {
    return copy(x, MemoryFormat.CONTIGUOUS);
  }

  static Tensor copy(Tensor x, MemoryFormat format) {
    Tensor y = Tensor.empty(x.shape(), x.dtype(), x.device(), format);
    copyInto(x, y, y.layout());
    return Autograd.record("copy", y, Autograd.inputs(x), _ -> new ExpandGrad());
  }

  public static Tensor to(Tensor x, DType dtype) {
    if (x.dtype() == dtype) {
      return x;
    }
    Tensor y = Tensor.empty(x.shape(), dtype, x.device(), Formats.of(x));
    copyInto(x, y, y.layout());
    return Autograd.record("to", y, Autograd.inputs(x), _ -> new ToDTypeGrad(x.dtype()));
  }

  record ToDTypeGrad(DType dtype) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      g.set(0, gy.to(dtype));
    }
  }

  public static Tensor to(Tensor x, Device device) {
    if (x.device().equals(device)) {
      return x;
    }
    Tensor y = Tensor.copyOf(contiguous(x).toArray(), x.dtype(), x.shape(), device);
    return Autograd.record("to", y, Autograd.inputs(x), _ -> new ToDeviceGrad(x.device()));
  }

  record ToDeviceGrad(Device device) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      g.set(0, gy.to(device));
    }
  }

  private static void copyInto(Tensor x, Tensor y, Layout part) {
    View target = new View(y.buffer(), part);
    x.backend().copy(PointwisePlan.of(target, x.view()), x.view(), target);
  }

  // ---- joining and cutting ----

  /** Tensors one behind the other along {@code dim}; the other sizes are equal. */
  public static Tensor cat(List<Tensor> parts0, int dim) {
    if (parts0.isEmpty()) {
      throw new ShapeException("cat: expected at least one tensor, got none");
    }
    List<Tensor> parts = Autocast.alike(parts0);
    Tensor first = parts.getFirst();
    int d = first.shape().dim("cat", dim);
    long total = 0;
    for (Tensor part : parts) {
      Check.together("cat", first, part);
      if (part.shape().rank() != first.shape().rank()
          || !part.shape().with(d, 0).equals(first.shape().with(d, 0))) {
        throw new ShapeException(
            "cat: expected shapes that are equal but in dim %s, got %s"
                .formatted(d, parts.stream().map(Tensor::shape).toList()));
      }
      total += part.shape().size(d);
    }
    Shape shape = first.shape().with(d, total);
    Tensor y = Tensor.empty(shape, first.dtype(), first.device(), Formats.of(first));
    long[] ends = new long[parts.size()];
    long at = 0;
    for (int i = 0; i < ends.length; i++) {
      ends[i] = at + parts.get(i).shape().size(d);
      copyInto(parts.get(i), y, y.layout().slice(d, at, ends[i], 1));
      at = ends[i];
    }
    return Autograd.record(
        "cat", y, Autograd.inputs(parts.toArray(Tensor[]::new)), _ -> new CatGrad(d, ends));
  }

  record CatGrad(int dim, long[] ends) implements Vjp {
    @Override
    public void apply(Tensor gy, Gradients g) {
      for (int i = 0; i < ends.length; i++) {
        long start = i == 0 ? 0 : ends[i - 1];
        long end = ends[i];
        g.of(i, () -> gy.slice(dim, start, end, 1));
      }
    }
  }

  /** Tensors of one shape along a new dimension. */
  public static Tensor stack(List<Tensor> parts, int dim) {
    return cat(parts.stream().map(t -> t.unsqueeze(dim)).toList(), dim);
  }

  /** Pieces of {@code size} along {@code dim}, the last possibly smaller. */
  public static List<Tensor> split(Tensor x, long size, int dim) {
    if (size < 1) {
      throw new ShapeException("split: expected pieces of at least 1, got " + size);
    }
    List<Tensor> pieces = new ArrayList<>();
    for (long at = 0; at < x.shape().size(dim); at += size) {
      pieces.add(slice(x, dim, at, Math.min(at + size, x.shape().size(dim)), 1));
    }
    return pieces;
  }
}
