package dev.crema.examples;

import dev.crema.examples.cli.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
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
  public static Shell run(Object... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    var terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false);
    int code = Crema.run(terminal, words(args));
    return new Shell(code, out.toString(), err.toString());
  }

  /** The words that start a command in a JVM of its own, like this one. */
  public static List<String> process(Object... args) {
    var command =
        new ArrayList<String>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Crema.class.getName()));
    command.addAll(List.of(words(args)));
    return command;
  }

  private static String[] words(Object... args) {
    return List.of(args).stream().map(Object::toString).toArray(String[]::new);
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
