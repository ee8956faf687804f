package dev.crema.tensor;

import dev.crema.autograd.NoGrad;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Prints a tensor as PyTorch does: nested brackets, columns aligned, the middle of long dimensions
 * left out.
 */
final class TensorPrinter {
  private static final long ALL = 1000;
  private static final long EDGE = 3;

  /** The layout of the elements that are shown. */
  private final Layout shown;

  private final String[] words;
  private final boolean[] cut;
  private final int width;

  private TensorPrinter(Shape shape, boolean[] cut, String[] words) {
    this.shown = Layout.contiguous(shape);
    this.cut = cut;
    this.words = words;
    this.width = Arrays.stream(words).mapToInt(String::length).max().orElse(0);
  }

  static String print(Tensor t) {
    String dtype =
        t.dtype() == DType.F32 || t.dtype() == DType.I64 || t.dtype() == DType.BOOL
            ? ""
            : ", dtype=" + t.dtype();
    String size = t.numel() == 0 ? ", size=" + t.shape() : "";
    String device = t.device().equals(Device.cpu()) ? "" : ", device='" + t.device() + "'";
    return "tensor("
        + (t.numel() == 0 ? "[]" : body(t))
        + size
        + dtype
        + device
        + (t.requiresGrad() ? ", requires_grad" : "")
        + ")";
  }

  private static String body(Tensor t) {
    boolean[] cut = new boolean[t.rank()];
    try (Scope _ = Scope.open("print");
        var _ = NoGrad.open()) {
      Tensor shown = t;
      for (int d = 0; d < cut.length; d++) {
        cut[d] = t.numel() > ALL && t.size(d) > 2 * EDGE;
        if (cut[d]) {
          Tensor start = shown.slice(d, 0, EDGE);
          shown = Tensor.cat(List.of(start, shown.slice(d, -EDGE, Long.MAX_VALUE)), d);
        }
      }
      return new TensorPrinter(shown.shape(), cut, words(shown)).block(0, 0, "tensor(".length());
    }
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
    int rank = shown.shape().rank();
    if (dim == rank) {
      String word = words[(int) offset];
      return " ".repeat(width - word.length()) + word;
    }
    String between =
        dim == rank - 1 ? ", " : "," + "\n".repeat(rank - 1 - dim) + " ".repeat(indent + 1);
    StringBuilder text = new StringBuilder("[");
    for (long i = 0; i < shown.shape().size(dim); i++) {
      text.append(i > 0 ? between : "");
      text.append(cut[dim] && i == EDGE ? "..." + between : "");
      text.append(block(dim + 1, offset + i * shown.stride(dim), indent + 1));
    }
    return text.append("]").toString();
  }
}
