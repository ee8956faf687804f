package dev.crema.tensor;

import java.util.Arrays;
import java.util.Locale;

/**
 * Prints a tensor as PyTorch does: nested brackets, columns aligned, the middle of long dimensions
 * left out.
 */
final class TensorPrinter {
  private static final long ALL = 1000;
  private static final long EDGE = 3;

  private final Layout dense;
  private final String[] words;
  private final boolean summarised;
  private final int width;

  private TensorPrinter(Shape shape, String[] words) {
    this.dense = Layout.contiguous(shape);
    this.words = words;
    this.summarised = shape.numel() > ALL;
    this.width = Arrays.stream(words).mapToInt(String::length).max().orElse(0);
  }

  static String print(Tensor t) {
    String body =
        t.numel() == 0
            ? "[]"
            : new TensorPrinter(t.shape(), words(t)).block(0, 0, "tensor(".length());
    String dtype =
        t.dtype() == DType.F32 || t.dtype() == DType.I64 || t.dtype() == DType.BOOL
            ? ""
            : ", dtype=" + t.dtype();
    String size = t.numel() == 0 ? ", size=" + t.shape() : "";
    String device = t.device().equals(Device.cpu()) ? "" : ", device='" + t.device() + "'";
    return "tensor("
        + body
        + size
        + dtype
        + device
        + (t.requiresGrad() ? ", requires_grad" : "")
        + ")";
  }

  private static String[] words(Tensor t) {
    if (t.dtype().isFloating()) {
      double[] values = t.toDoubleArray();
      String format = format(values);
      return Arrays.stream(values)
          .mapToObj(
              v ->
                  Double.isFinite(v)
                      ? String.format(Locale.ROOT, format, v)
                      : String.valueOf(v).toLowerCase(Locale.ROOT).replace("infinity", "inf"))
          .toArray(String[]::new);
    }
    long[] values = t.toLongArray();
    return Arrays.stream(values)
        .mapToObj(v -> t.dtype() == DType.BOOL ? v == 0 ? "False" : "True" : Long.toString(v))
        .toArray(String[]::new);
  }

  /** PyTorch's choice: exponents where numbers of very different size would not fit a column. */
  private static String format(double[] values) {
    double[] sizes =
        Arrays.stream(values).filter(v -> Double.isFinite(v) && v != 0).map(Math::abs).toArray();
    double largest = Arrays.stream(sizes).max().orElse(1);
    double smallest = Arrays.stream(sizes).min().orElse(1);
    boolean whole = Arrays.stream(sizes).allMatch(v -> v == Math.rint(v));
    if (largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4) {
      return "%.4e";
    }
    return whole ? "%.0f." : "%.4f";
  }

  private String block(int dim, long offset, int indent) {
    if (dim == dense.shape().rank()) {
      return " ".repeat(width - words[(int) offset].length()) + words[(int) offset];
    }
    boolean innermost = dim == dense.shape().rank() - 1;
    String between =
        innermost
            ? ", "
            : "," + "\n".repeat(dense.shape().rank() - 1 - dim) + " ".repeat(indent + 1);
    long size = dense.shape().size(dim);
    StringBuilder text = new StringBuilder("[");
    for (long i = 0; i < size; i++) {
      if (i > 0) {
        text.append(between);
      }
      if (summarised && i == EDGE && size > 2 * EDGE) {
        text.append("...");
        i = size - EDGE - 1;
      } else {
        text.append(block(dim + 1, offset + i * dense.stride(dim), indent + 1));
      }
    }
    return text.append("]").toString();
  }
}
