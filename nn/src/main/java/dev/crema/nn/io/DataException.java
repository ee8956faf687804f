package dev.crema.nn.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * A file or data set that cannot be used: corrupt, cut off, of another format, or not there. The
 * message names the source, what was expected, what was found, and a hint.
 */
public class DataException extends RuntimeException {
  private final String source;

  /**
   * @param source the file, or the entry in it, that is at fault
   * @param expected what should have been there
   * @param got what was there
   * @param hint what to do about it
   */
  public DataException(Object source, String expected, String got, String hint) {
    this(source, expected, got, hint, null);
  }

  /** As above, with the error that this one explains. */
  public DataException(
      Object source, String expected, String got, String hint, @Nullable Throwable cause) {
    this(source, "%s: %s".formatted(source, told(expected, got, hint)), cause);
  }

  DataException(Object source, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.source = source.toString();
  }

  /** What {@code source} is not, such as {@code a safetensors file}, then as above. */
  static DataException wrongFormat(
      Object source,
      String format,
      String expected,
      String got,
      String hint,
      @Nullable Throwable cause) {
    return new DataException(
        source, "%s: not %s: %s".formatted(source, format, told(expected, got, hint)), cause);
  }

  private static String told(String expected, String got, String hint) {
    return "expected %s, got %s. Hint: %s".formatted(expected, got, hint);
  }

  /** The failure to read {@code source} at all, with a hint that fits the cause. */
  public static DataException unreadable(Object source, IOException cause) {
    String hint =
        switch (cause) {
          case NoSuchFileException _ -> "check the path";
          case AccessDeniedException _ -> "check the file's permissions";
          default -> "the file may be cut off or corrupt: fetch it again";
        };
    return new DataException(source, "a readable file", reason(cause), hint, cause);
  }

  /** What the system said, in words for people: {@code no such file}, {@code Is a directory}. */
  static String reason(IOException cause) {
    return switch (cause) {
      case NoSuchFileException _ -> "no such file";
      case AccessDeniedException _ -> "no permission";
      case FileAlreadyExistsException e -> "a file in the way, " + e.getFile();
      case FileSystemException e when e.getReason() != null -> e.getReason();
      case IOException e when e.getMessage() != null -> e.getMessage();
      default -> cause.getClass().getSimpleName();
    };
  }

  /** The file, or the entry in it, that is at fault. */
  public final String source() {
    return source;
  }
}
