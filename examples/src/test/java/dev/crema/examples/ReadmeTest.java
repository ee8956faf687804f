package dev.crema.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.tensor.Scope;
import dev.crema.tensor.Shape;
import dev.crema.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  private static final Pattern CLASS_IN_README =
      Pattern.compile("```java\n(public final class (\\w+) .*?)```", Pattern.DOTALL);

  @Test
  void shows_its_classes_as_they_are_compiled() throws IOException {
    Matcher shown = CLASS_IN_README.matcher(Files.readString(Path.of("..", "README.md")));
    var names = new ArrayList<String>();
    while (shown.find()) {
      names.add(shown.group(2));
      Path source = Path.of("src/main/java/dev/crema/examples", shown.group(2) + ".java");
      assertThat(Files.readString(source)).endsWith(shown.group(1));
    }
    assertThat(names).containsExactly("HelloCrema", "SmallCnn");
  }

  @Test
  void its_network_takes_a_batch_of_digits() {
    try (var _ = Scope.open("test");
        var model = new SmallCnn()) {
      assertThat(model.call(Tensor.zeros(2, 1, 28, 28)).shape()).isEqualTo(Shape.of(2, 10));
    }
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
