package dev.crema.examples.yourkernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.bench.lab.ConvProblem;
import dev.crema.bench.lab.Lab;
import dev.crema.bench.lab.LabOptions;
import dev.crema.bench.lab.LabOptions.Mode;
import dev.crema.bench.lab.Row;
import dev.crema.cpu.conv.ConvAlgorithm;
import dev.crema.cpu.conv.Direction;
import dev.crema.tensor.DType;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The class that docs/your-own-kernel.md shows, compiled, found and checked as it says. */
class YourOwnKernelPageTest {
  private static final Path PAGE = Path.of("..", "docs", "your-own-kernel.md");

  @Test
  void its_class_compiles_is_found_and_is_right(@TempDir Path folder) throws IOException {
    Path source = Files.createDirectories(folder.resolve("mine")).resolve("Pointwise.java");
    Files.writeString(source, firstListing());
    Path services = Files.createDirectories(folder.resolve("classes/META-INF/services"));
    Files.writeString(services.resolve(ConvAlgorithm.class.getName()), "mine.Pointwise");

    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-d",
                folder.resolve("classes").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                source.toString());

    assertThat(failed).isZero();
    URL[] classes = {folder.resolve("classes").toUri().toURL()};
    try (var loader = new URLClassLoader(classes, getClass().getClassLoader())) {
      ConvAlgorithm mine =
          ServiceLoader.load(ConvAlgorithm.class, loader).stream()
              .map(ServiceLoader.Provider::get)
              .filter(a -> a.name().equals("my-pointwise"))
              .findFirst()
              .orElseThrow();
      assertThat(row(mine, "mb2ic16ih14oc32kh1", Direction.FORWARD)).isEqualTo(Row.Status.OK);
      assertThat(row(mine, "mb2ic16ih14oc32kh1", Direction.BACKWARD_INPUT))
          .isEqualTo(Row.Status.DECLINED);
      assertThat(row(mine, "mb2ic16ih14oc32kh1sh2", Direction.FORWARD))
          .isEqualTo(Row.Status.DECLINED);
      assertThat(row(mine, "mb2ic16ih14oc32kh1ph1", Direction.FORWARD))
          .isEqualTo(Row.Status.DECLINED);
    }
  }

  private static Row.Status row(ConvAlgorithm algorithm, String problem, Direction direction) {
    var options =
        new LabOptions(
            List.of(algorithm),
            true,
            Set.of(Mode.CORRECTNESS, Mode.BITWISE),
            2,
            1,
            false,
            DType.F32);
    return new Lab(options)
        .measure(ConvProblem.parse(problem), direction)
        .rows()
        .getFirst()
        .status();
  }

  private static String firstListing() throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf("```java\n") + "```java\n".length();
    return page.substring(from, page.indexOf("```", from));
  }
}
