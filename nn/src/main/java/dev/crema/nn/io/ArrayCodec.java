package dev.crema.nn.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;

/** Java arrays as little-endian bytes, a chunk at a time. */
final class ArrayCodec {
  private static final int CHUNK = 1 << 20;

  private ArrayCodec() {}

  /**
   * Reads the elements of one tensor: a primitive array of its dtype, bytes for u8 and bool, bits
   * for f16 and bf16.
   */
  static Object read(String source, SeekableByteChannel in, TensorInfo info) throws IOException {
    if (info.shape().numel() > Integer.MAX_VALUE - 8) {
      throw new DataException(
          source,
          "at most 2^31 elements",
          info.shape().toString(),
          "split the tensor with the tool that wrote the file");
    }
    int n = (int) info.shape().numel();
    return switch (info.dtype()) {
      case F32 -> {
        float[] array = new float[n];
        forEachChunk(
            in, n, 4, (at, chunk) -> chunk.asFloatBuffer().get(array, at, chunk.remaining() / 4));
        yield array;
      }
      case F64 -> {
        double[] array = new double[n];
        forEachChunk(
            in, n, 8, (at, chunk) -> chunk.asDoubleBuffer().get(array, at, chunk.remaining() / 8));
        yield array;
      }
      case F16, BF16 -> {
        short[] array = new short[n];
        forEachChunk(
            in, n, 2, (at, chunk) -> chunk.asShortBuffer().get(array, at, chunk.remaining() / 2));
        yield array;
      }
      case I32 -> {
        int[] array = new int[n];
        forEachChunk(
            in, n, 4, (at, chunk) -> chunk.asIntBuffer().get(array, at, chunk.remaining() / 4));
        yield array;
      }
      case I64 -> {
        long[] array = new long[n];
        forEachChunk(
            in, n, 8, (at, chunk) -> chunk.asLongBuffer().get(array, at, chunk.remaining() / 8));
        yield array;
      }
      case U8 -> readBytes(in, n);
      case BOOL -> requireBooleans(source, readBytes(in, n));
    };
  }

  private static byte[] readBytes(SeekableByteChannel in, int n) throws IOException {
    return Safetensors.readFully(in, ByteBuffer.wrap(new byte[n])).array();
  }

  private static byte[] requireBooleans(String source, byte[] bytes) {
    for (byte b : bytes) {
      if (b != 0 && b != 1) {
        throw new DataException(
            source, "bool elements of 0 or 1", String.valueOf(b & 0xFF), "the file is corrupt");
      }
    }
    return bytes;
  }

  @FunctionalInterface
  interface Chunk {
    /** Takes the elements from {@code at} on, of which {@code bytes} holds as many as it has. */
    void accept(int at, ByteBuffer bytes) throws IOException;
  }

  private static void forEachChunk(SeekableByteChannel in, int n, int width, Chunk body)
      throws IOException {
    inChunks(n, width, (at, chunk) -> body.accept(at, Safetensors.readFully(in, chunk)));
  }

  /** Writes all elements of a primitive array. */
  static void write(WritableByteChannel out, Object array) throws IOException {
    switch (array) {
      case float[] a ->
          drain(
              out,
              a.length,
              4,
              (at, chunk) -> chunk.asFloatBuffer().put(a, at, chunk.remaining() / 4));
      case double[] a ->
          drain(
              out,
              a.length,
              8,
              (at, chunk) -> chunk.asDoubleBuffer().put(a, at, chunk.remaining() / 8));
      case short[] a ->
          drain(
              out,
              a.length,
              2,
              (at, chunk) -> chunk.asShortBuffer().put(a, at, chunk.remaining() / 2));
      case int[] a ->
          drain(
              out,
              a.length,
              4,
              (at, chunk) -> chunk.asIntBuffer().put(a, at, chunk.remaining() / 4));
      case long[] a ->
          drain(
              out,
              a.length,
              8,
              (at, chunk) -> chunk.asLongBuffer().put(a, at, chunk.remaining() / 8));
      case byte[] a -> AtomicFile.writeFully(out, ByteBuffer.wrap(a));
      default -> throw new IllegalArgumentException("no tensor has " + array.getClass());
    }
  }

  private static void drain(WritableByteChannel out, int n, int width, Chunk fill)
      throws IOException {
    inChunks(
        n,
        width,
        (at, chunk) -> {
          fill.accept(at, chunk);
          AtomicFile.writeFully(out, chunk);
        });
  }

  /** Counts down: up, the last step could pass the largest int. */
  static void inChunks(int n, int width, Chunk body) throws IOException {
    int most = CHUNK / width;
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.min(n, most) * width).order(ByteOrder.LITTLE_ENDIAN);
    for (int left = n; left > 0; left -= most) {
      body.accept(n - left, buffer.clear().limit(Math.min(left, most) * width));
    }
  }
}
