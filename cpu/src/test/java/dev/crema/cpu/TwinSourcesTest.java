package dev.crema.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kernels of f64 are those of f32 with other types: a Double file is its Float twin word by
 * word, so that a repair of one cannot miss the other. Only spaces and line breaks may differ.
 */
class TwinSourcesTest {
  private static final Path SOURCES = Path.of("src/main/java");

  static List<Path> floats() throws IOException {
    return sources("Float");
  }

  @ParameterizedTest
  @MethodSource("floats")
  void theDoubleFileIsItsFloatTwin(Path source) throws IOException {
    assertThat(Files.readString(twin(source)))
        .as("what %s says in doubles", source.getFileName())
        .isEqualToIgnoringWhitespace(asDouble(Files.readString(source)));
  }

  @Test
  void everyFloatFileHasATwinAndOnlyThose() throws IOException {
    assertThat(floats()).hasSizeGreaterThanOrEqualTo(8);
    assertThat(floats().stream().map(TwinSourcesTest::twin))
        .containsExactlyInAnyOrderElementsOf(sources("Double"));
  }

  private static List<Path> sources(String prefix) throws IOException {
    try (Stream<Path> all = Files.walk(SOURCES)) {
      return all.filter(p -> p.getFileName().toString().startsWith(prefix)).sorted().toList();
    }
  }

  private static Path twin(Path source) {
    return source.resolveSibling(asDouble(source.getFileName().toString()));
  }

  /** Type names, the dtype's names, the lanes' constants and literals, in doubles. */
  private static String asDouble(String source) {
    return source
        .replace("Float", "Double")
        .replace("float", "double")
        .replaceAll("\\bF32\\b", "F64")
        .replaceAll("\\bf32\\b", "f64")
        .replaceAll("\\bF\\b", "D")
        .replaceAll("\\bF_(\\w+)\\b", "D_$1")
        .replaceAll("\\b0f\\b", "0.0");
  }
}
