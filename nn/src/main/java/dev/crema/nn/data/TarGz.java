package dev.crema.nn.data;

import dev.crema.nn.io.AtomicFile;
import dev.crema.nn.io.DataException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * Takes named files out of a {@code .tar.gz}. Only regular files whose last path component was
 * asked for are written, under just that name: no path, link or device of the archive reaches the
 * disk.
 *
 * <p>A tar file is 512-byte blocks: a header (name at 0, octal size at 124, octal checksum at 148,
 * type at 156), then the contents, padded to whole blocks. Format: POSIX ustar.
 */
final class TarGz {
  private static final int BLOCK = 512;
  private static final long MAX_MEMBER = 1L << 30;

  private final Path archive;
  private final InputStream in;

  private TarGz(Path archive, InputStream in) {
    this.archive = archive;
    this.in = in;
  }

  /**
   * Writes the wanted members to {@code folder}.
   *
   * @throws DataException if the archive is corrupt or lacks one of them
   */
  static void unpack(Path archive, List<String> wanted, Path folder) {
    try (var in =
        new BufferedInputStream(new GZIPInputStream(Files.newInputStream(archive), 1 << 16))) {
      Set<String> missing = new LinkedHashSet<>(wanted);
      new TarGz(archive, in).unpack(missing, folder);
      if (!missing.isEmpty()) {
        throw new DataException(
            archive, "members " + wanted, "none of " + missing, "wrong archive");
      }
    } catch (IOException e) {
      throw DataException.unreadable(archive, e);
    }
  }

  private void unpack(Set<String> missing, Path folder) throws IOException {
    byte[] header = new byte[BLOCK];
    while (!missing.isEmpty() && in.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
      requireChecksum(header);
      long size = octal(header, 124, 12);
      char type = (char) header[156];
      String path = text(header, 0, 100);
      String name = path.substring(path.lastIndexOf('/') + 1);
      if ((type == '0' || type == 0) && missing.remove(name)) {
        if (size > MAX_MEMBER) {
          throw corrupt(
              String.format(Locale.ROOT, "members of at most %,d bytes", MAX_MEMBER),
              name + ": " + size);
        }
        AtomicFile.write(folder.resolve(name), out -> copy(size, out));
      } else {
        in.skipNBytes(size);
      }
      in.skipNBytes(-size & (BLOCK - 1));
    }
  }

  private void copy(long size, WritableByteChannel out) throws IOException {
    byte[] chunk = new byte[1 << 16];
    for (long left = size; left > 0; ) {
      int n = read(chunk, (int) Math.min(left, chunk.length));
      AtomicFile.writeFully(out, ByteBuffer.wrap(chunk, 0, n));
      left -= n;
    }
  }

  /** Its failures are the archive's, whatever is being written meanwhile. */
  private int read(byte[] chunk, int most) {
    try {
      int n = in.read(chunk, 0, most);
      if (n < 0) {
        throw new EOFException("cut off inside a member");
      }
      return n;
    } catch (IOException e) {
      throw DataException.unreadable(archive, e);
    }
  }

  private void requireChecksum(byte[] header) {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xFF;
    }
    long written = octal(header, 148, 8);
    if (sum != written) {
      throw corrupt("a header with checksum " + written, String.valueOf(sum));
    }
  }

  private long octal(byte[] header, int offset, int length) {
    String digits = text(header, offset, length).strip();
    if (!digits.matches("[0-7]{1,12}")) {
      throw corrupt("an octal number in a header", "'" + digits + "'");
    }
    return Long.parseLong(digits, 8);
  }

  private static String text(byte[] header, int offset, int length) {
    byte[] field = Arrays.copyOfRange(header, offset, offset + length);
    int end = 0;
    while (end < length && field[end] != 0) {
      end++;
    }
    return new String(field, 0, end, StandardCharsets.ISO_8859_1);
  }

  private DataException corrupt(String expected, String got) {
    return new DataException(archive, expected, got, "the archive is corrupt: fetch it again");
  }
}
