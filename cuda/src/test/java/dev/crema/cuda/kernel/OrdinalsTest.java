package dev.crema.cuda.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.backend.BinaryOp;
import dev.crema.backend.UnaryOp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Kernels know ops by their ordinals: {@code elementwise.cuh} lists them in the enums' order. */
class OrdinalsTest {
  private static List<String> constants(String name) throws IOException {
    String source = Files.readString(Path.of("src/main/cuda/elementwise.cuh"));
    Matcher found = Pattern.compile("enum " + name + " \\{([^}]*)}").matcher(source);
    assertThat(found.find()).isTrue();
    return Stream.of(found.group(1).split(",")).map(String::strip).toList();
  }

  @Test
  void unary() throws IOException {
    assertThat(constants("Unary")).isEqualTo(Stream.of(UnaryOp.values()).map(Enum::name).toList());
  }

  @Test
  void binary() throws IOException {
    // C++ has one name for one thing, and unary ops have POW already.
    assertThat(constants("Binary"))
        .isEqualTo(
            Stream.of(BinaryOp.values()).map(op -> op.name().replace("POW", "POWER")).toList());
  }
}
