package dev.crema.bench.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Files of problems, one on a line; {@code #} starts a comment. Those of {@code bench/problems} are
 * part of the library and go by their names.
 */
public final class ProblemFile {
  private static final List<String> BUNDLED =
      List.of("lenet", "alexnet", "vgg16", "resnet50", "googlenet", "mobilenet_v2", "deepbench");

  private ProblemFile() {}

  /** The names of the files that are part of the library. */
  public static List<String> bundled() {
    return BUNDLED;
  }

  /**
   * Reads a file: of this path if there is one, else the bundled one of this name, with or without
   * {@code .txt}.
   *
   * @throws ProblemException if there is no such file, or on a mistake in one of its lines
   */
  public static List<ConvProblem> read(String file) {
    Path path = Path.of(file);
    try {
      if (Files.isRegularFile(path)) {
        return parse(file, Files.readString(path));
      }
      String name = file.replaceFirst("\\.txt$", "");
      if (!BUNDLED.contains(name)) {
        throw new ProblemException(
            "there is no file of problems '%s'. Bundled: %s"
                .formatted(file, String.join(", ", BUNDLED)));
      }
      return parse(name, resource(name));
    } catch (IOException e) {
      throw new ProblemException("%s cannot be read: %s".formatted(file, e.getMessage()));
    }
  }

  private static String resource(String name) throws IOException {
    String at = "/dev/crema/bench/problems/" + name + ".txt";
    try (InputStream in = ProblemFile.class.getResourceAsStream(at)) {
      if (in == null) {
        throw new IOException(at + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<ConvProblem> parse(String file, String text) {
    var problems = new ArrayList<ConvProblem>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("#.*", "").strip();
      if (!line.isEmpty()) {
        try {
          problems.add(ConvProblem.parse(line));
        } catch (ProblemException e) {
          throw new ProblemException("%s:%d: %s".formatted(file, i + 1, e.getMessage()));
        }
      }
    }
    return problems;
  }
}
