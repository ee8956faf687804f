package dev.crema.nn.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes a file so that a reader, or a crash, sees the old file or the new one and nothing between:
 * a temporary file in the same directory, fsync, rename. When writing fails, the old file is
 * untouched and the temporary one is gone.
 */
public final class AtomicFile {
  private static final AtomicLong COUNT = new AtomicLong();

  private AtomicFile() {}

  /** What fills the file. */
  @FunctionalInterface
  public interface Body {
    void writeTo(WritableByteChannel out) throws IOException;
  }

  /** Opens the temporary file; tests put a failing device here. */
  @FunctionalInterface
  interface Opener {
    FileChannel open(Path temporary) throws IOException;
  }

  static final Opener NEW_FILE =
      path -> FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  /**
   * Replaces {@code target}, or creates it and its parent directories.
   *
   * @throws DataException if it cannot be written; {@code target} is then as it was
   */
  public static void write(Path target, Body body) {
    write(target, body, NEW_FILE);
  }

  /** As {@link #write(Path, Body)}, from a string in UTF-8. */
  public static void write(Path target, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(target, out -> writeFully(out, ByteBuffer.wrap(bytes)));
  }

  /** What a link points at is replaced, not the link. */
  private static Path followed(Path target) {
    try {
      return Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
    } catch (IOException e) {
      throw DataException.unreadable(target, e);
    }
  }

  static void write(Path target, Body body, Opener opener) {
    Path absolute = followed(target);
    Path directory = absolute.getParent();
    if (directory == null || Files.isDirectory(absolute)) {
      throw new DataException(target, "a file to write", "a directory", "name a file");
    }
    if (Files.exists(absolute) && !Files.isRegularFile(absolute)) {
      throw new DataException(
          target, "a regular file, or none yet", "a device or a pipe", "name a file");
    }
    // Not Files.createTempFile: its owner-only permissions would stay with the finished file.
    Path temporary =
        directory.resolve(
            String.format(
                Locale.ROOT,
                ".%s.%d-%d.tmp",
                absolute.getFileName(),
                ProcessHandle.current().pid(),
                COUNT.getAndIncrement()));
    try {
      Files.createDirectories(directory);
      try {
        try (FileChannel channel = opener.open(temporary)) {
          body.writeTo(channel);
          channel.force(true);
        }
        Files.move(
            temporary,
            absolute,
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
      syncDirectory(directory);
    } catch (IOException e) {
      String hint =
          e instanceof FileAlreadyExistsException
              ? "a part of the path is a file, not a directory"
              : "check the free space and permissions of " + directory;
      throw new DataException(
          target,
          "%s: cannot be written: %s. Hint: %s%s"
              .formatted(
                  target,
                  DataException.reason(e),
                  hint,
                  Files.exists(absolute) ? "; the previous file is unchanged" : ""),
          e);
    }
  }

  /** Writes all that remains in {@code bytes}. */
  public static void writeFully(WritableByteChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  /** Makes the rename itself durable where the system can open a directory (not on Windows). */
  private static void syncDirectory(Path directory) {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException _) {
      // The new file is complete and in place; only its survival of a power cut is less certain.
    }
  }
}
