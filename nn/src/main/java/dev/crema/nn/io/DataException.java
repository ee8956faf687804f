package dev.crema.nn.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
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
    super("%s: expected %s, got %s (hint: %s)".formatted(source, expected, got, hint), cause);
    this.source = source.toString();
  }

  DataException(Object source, String message) {
    super(message);
    this.source = source.toString();
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
