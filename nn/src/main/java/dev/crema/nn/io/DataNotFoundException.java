package dev.crema.nn.io;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Data that is not on this machine. The message says where it was looked for and how to get it. */
public final class DataNotFoundException extends DataException {
  /**
   * @param what the data set or file that is missing
   * @param looked every place that was tried, in order
   * @param hint how to get it
   */
  public DataNotFoundException(String what, List<Path> looked, String hint) {
    super(what, message(what, looked, hint), null);
  }

  private static String message(String what, List<Path> looked, String hint) {
    String places =
        looked.stream()
            .map(p -> "\n  " + p.toAbsolutePath().normalize())
            .collect(Collectors.joining());
    return "%s: not found; looked in%s\nHint: %s".formatted(what, places, hint);
  }
}
