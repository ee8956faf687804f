package dev.crema.examples.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Locale;

/**
 * Where a command writes.
 *
 * @param out results and progress
 * @param err errors
 * @param interactive whether a person watches, so that a progress bar is welcome
 */
public record Terminal(PrintWriter out, PrintWriter err, boolean interactive) {
  private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

  /** This process's streams; log lines get a form for people, unless the user chose one. */
  public static Terminal system() {
    if (System.getProperty(LOG_FORMAT) == null) {
      System.setProperty(LOG_FORMAT, "%4$s: %5$s%n");
    }
    Console console = System.console();
    Charset charset = System.out.charset();
    return new Terminal(
        new PrintWriter(System.out, true, charset),
        new PrintWriter(System.err, true, charset),
        console != null && console.isTerminal());
  }

  /** Prints a line. */
  void line(String format, Object... values) {
    out.printf(Locale.ROOT, format + "%n", values);
    out.flush();
  }
}
