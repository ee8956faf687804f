package dev.crema.nn.io;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file that says how long it is, and may lie. Memory grows with the bytes that really
 * arrive, never with what a header claims.
 */
public final class BoundedInput implements AutoCloseable {
  /** Deflate cannot shrink data more than this, so a file's size bounds its contents. */
  private static final long MAX_DEFLATE_RATIO = 1032;

  private final Path file;
  private final InputStream in;
  private final long limit;

  private BoundedInput(Path file, InputStream in, long limit) {
    this.file = file;
    this.in = in;
    this.limit = limit;
  }

  /** Opens a file; what starts with the gzip magic is decompressed on the way. */
  public static BoundedInput open(Path file) {
    InputStream raw = null;
    try {
      long size = Files.size(file);
      raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
      raw.mark(2);
      boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
      raw.reset();
      return gzip
          ? new BoundedInput(file, new GZIPInputStream(raw, 1 << 16), size * MAX_DEFLATE_RATIO)
          : new BoundedInput(file, raw, size);
    } catch (IOException e) {
      closeQuietly(raw);
      throw DataException.unreadable(file, e);
    }
  }

  /** The file that this reads. */
  public Path file() {
    return file;
  }

  /**
   * The next {@code count} bytes.
   *
   * @param what what they are, for the error: {@code "60000 labels"}
   * @throws DataException if there are fewer, or more than the heap can hold
   */
  public byte[] read(long count, String what) {
    String expected = String.format(Locale.ROOT, "%,d bytes (%s)", count, what);
    if (count > limit) {
      throw new DataException(
          file,
          expected,
          String.format(Locale.ROOT, "a file that can hold at most %,d", limit),
          "the file is cut off or its header is corrupt: fetch it again");
    }
    requireHeap(file, count);
    try {
      byte[] bytes = in.readNBytes((int) count);
      if (bytes.length < count) {
        throw new DataException(
            file,
            expected,
            String.format(Locale.ROOT, "%,d", bytes.length),
            "the file is cut off: fetch it again");
      }
      return bytes;
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  /** Throws unless everything has been read; this also checks a gzip file's checksum. */
  public void requireEnd() {
    try {
      if (in.read() >= 0) {
        throw new DataException(
            file,
            "the end of the file",
            "more data",
            "the header is corrupt: fetch the file again");
      }
    } catch (IOException e) {
      throw DataException.unreadable(file, e);
    }
  }

  /**
   * Throws unless {@code bytes} fit in an array and, with a copy of them, in the heap: a named
   * error with a hint instead of an {@link OutOfMemoryError}.
   */
  public static void requireHeap(Object source, long bytes) {
    long heap = Runtime.getRuntime().maxMemory();
    requireAtMost(source, bytes, Math.min(Integer.MAX_VALUE - 8, heap / 2));
  }

  /**
   * As above, for bytes in many arrays, of which the largest is copied. How long an array may be is
   * a matter of its elements, not of its bytes.
   */
  static void requireHeap(Object source, long bytes, long largest, long heap) {
    requireAtMost(source, bytes, heap - largest);
  }

  private static void requireAtMost(Object source, long bytes, long most) {
    if (bytes < 0 || bytes > most) {
      throw new DataException(
          source,
          String.format(Locale.ROOT, "at most %,d bytes, which this heap has room for", most),
          String.format(Locale.ROOT, "%,d", bytes),
          "if the file is right, give Java more memory: -Xmx");
    }
  }

  @Override
  public void close() {
    closeQuietly(in);
  }

  private static void closeQuietly(@Nullable InputStream in) {
    try {
      if (in != null) {
        in.close();
      }
    } catch (IOException _) {
      // Nothing was written: a failing close of an input loses nothing.
    }
  }
}
