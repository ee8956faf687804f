package dev.crema.examples;

import dev.crema.examples.cli.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/**
 * What a command said and how it ended.
 *
 * @param code its exit code
 * @param out what it printed
 * @param err what it complained about
 */
public record Shell(int code, String out, String err) {
  /** Runs a command in this JVM, with nobody watching. */
  public static Shell run(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    var terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false);
    int code = Crema.run(terminal, args);
    return new Shell(code, out.toString(), err.toString());
  }

  /** The lines that it printed. */
  public List<String> lines() {
    return out.lines().toList();
  }

  /** The last line that it printed. */
  public String lastLine() {
    return lines().getLast();
  }
}
