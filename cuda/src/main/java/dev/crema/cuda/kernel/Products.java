package dev.crema.cuda.kernel;

import dev.crema.backend.MatMulPlan;
import dev.crema.backend.View;
import dev.crema.cuda.CudaBuffer;
import dev.crema.cuda.Precision;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.tensor.Activation;
import dev.crema.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * Products that are too small for a library's launches to pay, with what goes on top of them:
 * {@code product.cu}.
 */
public final class Products {
  /** As in {@code product.cu}. */
  private static final int SIDE = 16;

  /** Multiply-adds up to which a launch costs about as much as they do. */
  private static final long MOST_WORK = 1 << 23;

  /** The longest sum; longer ones are better cut up, as cuBLAS does. */
  private static final int DEEPEST = 512;

  /** Longs of the kernels' product. */
  private static final int LONGS = 12;

  private Products() {}

  /** Whether a product is small: f32 as f32 says, one alone, and not much work. */
  public static boolean areFor(MatMulPlan p) {
    return p.batch() == 1 && areFor(p.dtype(), p.m(), p.n(), p.k()) && p.k() <= DEEPEST;
  }

  /** Whether a linear layer's gradients are small products; gb comes with gw. */
  public static boolean areForBackward(
      View gy, @Nullable View x, @Nullable View w, @Nullable View gb) {
    View in = x == null ? w : x;
    if (in == null || (gb != null && x == null)) {
      return false;
    }
    long rows = gy.shape().size(0);
    long out = gy.shape().size(1);
    return areFor(gy.dtype(), rows, out, in.shape().size(1)) && Math.max(rows, out) <= DEEPEST;
  }

  private static boolean areFor(DType dtype, long m, long n, long k) {
    return dtype == DType.F32 && Precision.current() == Precision.F32 && m * n * k <= MOST_WORK;
  }

  /** y = activation(a·b + bias). */
  public static void run(
      CudaDevice device,
      MatMulPlan p,
      View a,
      View b,
      @Nullable View bias,
      Activation activation,
      View y) {
    Operand rows = new Operand(a, null, p.m(), p.k(), p.ars(), p.acs());
    Operand columns = new Operand(b, null, p.n(), p.k(), p.bcs(), p.brs());
    launch(device, new Product(rows, columns, bias, activation, y, null), null);
  }

  /** See {@link dev.crema.backend.Backend#linearBackward}. */
  public static void linearBackward(
      CudaDevice device,
      View gy,
      @Nullable View y,
      @Nullable View x,
      @Nullable View w,
      @Nullable View gx,
      @Nullable View gw,
      @Nullable View gb) {
    Operand g = Operand.rows(gy, y);
    launch(
        device,
        gx == null || w == null
            ? null
            : new Product(g, Operand.rows(w, null).turned(), null, Activation.NONE, gx, null),
        gw == null || x == null
            ? null
            : new Product(
                g.turned(), Operand.rows(x, null).turned(), null, Activation.NONE, gw, gb));
  }

  /** What a product multiplies: lines along the sum. */
  private record Operand(
      View numbers, @Nullable View mask, int lines, int depth, int line, int step) {

    /** The rows of a matrix. */
    static Operand rows(View x, @Nullable View mask) {
      return new Operand(
          x,
          mask,
          (int) x.shape().size(0),
          (int) x.shape().size(1),
          (int) x.layout().stride(0),
          (int) x.layout().stride(1));
    }

    /** The columns instead of the rows. */
    Operand turned() {
      return new Operand(numbers, mask, depth, lines, step, line);
    }
  }

  private record Product(
      Operand a,
      Operand b,
      @Nullable View bias,
      Activation activation,
      View y,
      @Nullable View sums) {
    private int across() {
      return Math.max(1, Math.ceilDiv(b.lines, SIDE)); // sums have no need of columns
    }

    private int tiles() {
      return Math.ceilDiv(a.lines, SIDE) * across();
    }

    /** The struct of the kernel. */
    private long[] longs() {
      return new long[] {
        CudaBuffer.address(a.numbers),
        Grid.address(a.mask),
        pair(a.lines, a.depth),
        pair(a.line, a.step),
        CudaBuffer.address(b.numbers),
        Grid.address(b.mask),
        pair(b.lines, b.depth),
        pair(b.line, b.step),
        Grid.address(bias),
        CudaBuffer.address(y),
        Grid.address(sums),
        pair(activation == Activation.RELU ? 1 : 0, across())
      };
    }
  }

  private static void launch(CudaDevice device, @Nullable Product first, @Nullable Product second) {
    int firstTiles = first == null ? 0 : first.tiles();
    device
        .kernels()
        .get("product", "products")
        .args()
        .i32(firstTiles)
        .longs(first == null ? new long[LONGS] : first.longs())
        .longs(second == null ? new long[LONGS] : second.longs())
        .launch(firstTiles + (second == null ? 0 : second.tiles()), Grid.THREADS, 0);
  }

  /** Two ints of a struct, as a little-endian machine has them. */
  private static long pair(int first, int second) {
    return Integer.toUnsignedLong(first) | (long) second << 32;
  }
}
