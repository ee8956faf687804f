package dev.crema.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  private static final Pattern CLASS_IN_README =
      Pattern.compile("```java\n(public final class HelloCrema \\{.*?)```", Pattern.DOTALL);

  @Test
  void shows_the_program_as_it_is_compiled() throws IOException {
    String readme = Files.readString(Path.of("..", "README.md"));
    String source = Files.readString(Path.of("src/main/java/dev/crema/examples/HelloCrema.java"));

    Matcher shown = CLASS_IN_README.matcher(readme);

    assertThat(shown.find()).isTrue();
    assertThat(source).endsWith(shown.group(1));
  }

  @Test
  void the_program_learns_the_digits() {
    PrintStream before = System.out;
    var said = new ByteArrayOutputStream();
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      HelloCrema.main(new String[0]);
    } finally {
      System.setOut(before);
    }

    Matcher accuracy =
        Pattern.compile("accuracy ([\\d.]+)%").matcher(said.toString(StandardCharsets.UTF_8));
    assertThat(accuracy.find()).isTrue();
    assertThat(Double.parseDouble(accuracy.group(1))).isGreaterThan(90);
  }
}
