package dev.crema.nn.data;

import dev.crema.nn.io.BoundedInput;
import dev.crema.nn.io.DataException;
import dev.crema.tensor.Shape;
import dev.crema.tensor.ShapeException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An IDX file of unsigned bytes, the format of MNIST: two zero bytes, the element type (0x08), the
 * number of dimensions, their sizes as big-endian 32-bit integers, then the elements. Format: <a
 * href="http://yann.lecun.com/exdb/mnist/">the MNIST page</a>.
 */
public final class Idx {
  private static final int UNSIGNED_BYTE = 0x08;
  private static final String HINT = "fetch the file again, or name an IDX file of bytes";

  private final Shape shape;
  private final byte[] data;

  private Idx(Shape shape, byte[] data) {
    this.shape = shape;
    this.data = data;
  }

  /**
   * Reads a whole file, gzipped or plain.
   *
   * @param rank how many dimensions it must have: 3 for grey images, 1 for labels
   * @throws DataException if it is not such a file, or not all of one
   */
  public static Idx read(Path file, int rank) {
    try (var in = BoundedInput.open(file)) {
      int magic = ByteBuffer.wrap(in.read(4, "magic number")).getInt();
      int expected = UNSIGNED_BYTE << 8 | rank;
      if (magic != expected) {
        throw new DataException(
            file,
            String.format(
                Locale.ROOT, "the magic number 0x%08x (bytes, %d dimensions)", expected, rank),
            "0x%08x".formatted(magic),
            HINT);
      }
      Shape shape = shape(file, ByteBuffer.wrap(in.read(4L * rank, "sizes")), rank);
      byte[] data = in.read(shape.numel(), describe(shape));
      in.requireEnd();
      return new Idx(shape, data);
    }
  }

  private static Shape shape(Path file, ByteBuffer header, int rank) {
    long[] sizes = IntStream.range(0, rank).mapToLong(_ -> header.getInt() & 0xFFFFFFFFL).toArray();
    try {
      return Shape.of(sizes);
    } catch (ShapeException e) {
      throw new DataException(file, "sizes that fit in memory", Arrays.toString(sizes), HINT, e);
    }
  }

  private static String describe(Shape shape) {
    return IntStream.range(0, shape.rank())
        .mapToObj(d -> String.valueOf(shape.size(d)))
        .collect(Collectors.joining(" x "));
  }

  /** The sizes that the header gives. */
  public Shape shape() {
    return shape;
  }

  /** The elements; not a copy. */
  public byte[] data() {
    return data;
  }
}
