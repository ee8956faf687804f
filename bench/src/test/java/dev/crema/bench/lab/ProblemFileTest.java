package dev.crema.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemFileTest {
  @Test
  void comments_and_empty_lines_are_no_problems(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("mine.txt");
    Files.writeString(file, "# mine\n\nic1ih3oc1kh1na # one\n  ic1ih3oc1kh1nb\n");

    assertThat(ProblemFile.read(file.toString()))
        .extracting(ConvProblem::name)
        .containsExactly("a", "b");
  }

  @Test
  void a_mistake_names_file_and_line(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("mine.txt");
    Files.writeString(file, "ic1ih3oc1kh1\n\nic1ih3oc1kx1\n");

    assertThatThrownBy(() -> ProblemFile.read(file.toString()))
        .hasMessageContaining("mine.txt:3: unknown part 'kx'");
  }

  @Test
  void a_file_that_is_not_there_lists_those_that_are() {
    assertThatThrownBy(() -> ProblemFile.read("alexnett"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("'alexnett'")
        .hasMessageContaining("lenet, alexnet, vgg16");
  }

  /**
   * Multiply-adds of all convolutions for one image, as published or as torchvision counts them.
   */
  @ParameterizedTest
  @CsvSource({
    "lenet, 5, 1",
    "alexnet, 5, 655566528",
    "vgg16, 13, 15346630656",
    "resnet50, 53, 4087136256",
    "googlenet, 57, 1581647872",
    "mobilenet_v2, 52, 299494272",
  })
  void the_nets_have_their_layers_and_their_work(String net, int layers, long multiplyAdds) {
    List<ConvProblem> problems = ProblemFile.read(net);

    assertThat(problems.stream().mapToInt(ProblemFileTest::times).sum()).isEqualTo(layers);
    if (multiplyAdds > 1) {
      double work =
          problems.stream()
              .mapToDouble(p -> times(p) * p.withBatch(1).plan(DType.F32).flops())
              .sum();
      assertThat((long) (work / 2)).isEqualTo(multiplyAdds);
    }
  }

  @Test
  void deepbench_has_its_three_lists() {
    assertThat(
            ProblemFile.read("deepbench.txt").stream()
                .collect(
                    Collectors.groupingBy(
                        p -> p.name().replaceAll("deepbench:|_.*", ""),
                        Collectors.summingInt(ProblemFileTest::times))))
        .containsEntry("train", 94)
        .containsEntry("server", 107)
        .containsEntry("device", 16);
  }

  /** How often a net has this layer. */
  private static int times(ConvProblem problem) {
    String[] parts = problem.name().split("\\*");
    return parts.length == 1 ? 1 : Integer.parseInt(parts[1]);
  }
}
