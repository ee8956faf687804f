package dev.crema.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.examples.Shell;
import dev.crema.nn.models.Models;
import org.junit.jupiter.api.Test;

/** The commands that only look: models, summary, gradcheck. */
class LookingTest {
  @Test
  void models_lists_every_network_with_its_parameters() {
    Shell models = Shell.run("models");

    assertThat(models.code()).isZero();
    assertThat(models.lines()).hasSizeGreaterThan(1 + Models.names().size());
    assertThat(models.out())
        .containsPattern("(?m)^lenet +\\[1, 28, 28] +61,706 +strokes, mnist")
        .doesNotContain("seed")
        .containsPattern("(?m)^alexnet +\\[3, 224, 224] +61,100,840 ");
  }

  @Test
  void summary_prints_the_network_and_its_table() {
    Shell summary = Shell.run("summary", "lenet", "--batch", 2);

    assertThat(summary.code()).isZero();
    assertThat(summary.out())
        .contains("(0): Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1))")
        .contains("LeNet, input [2, 1, 28, 28]", "parameters: 61,706");
  }

  @Test
  void gradcheck_has_a_line_per_op_and_dtype() {
    Shell check = Shell.run("gradcheck", "softmax", "linear");

    assertThat(check.code()).as(check.out()).isZero();
    assertThat(check.lines().subList(1, 5))
        .allMatch(
            line ->
                line.matches(
                    "\\S+ +f(32|64) +\\d+ +\\d\\.\\de[-+]\\d\\d +\\d\\.\\de[-+]\\d\\d  PASS"));
    assertThat(check.lastLine())
        .matches("2 ops: PASS, worst relative error \\S+e-\\d\\d in f64, \\S+e-\\d\\d in f32");
  }

  @Test
  void gradcheck_of_the_beginning_of_names_runs_all_of_them() {
    Shell check = Shell.run("gradcheck", "log");
    assertThat(check.code()).as(check.out()).isZero();
    assertThat(check.lines().stream().skip(1).map(line -> line.split(" ")[0]).distinct())
        .contains("log")
        .doesNotContain("logsumexp");

    assertThat(Shell.run("gradcheck", "logs", "softm").lines().stream().skip(1))
        .map(line -> line.split(" ")[0])
        .containsExactly("logsumexp", "logsumexp", "softmax", "softmax", "2");
  }

  @Test
  void gradcheck_of_an_unknown_op_names_the_likely_one() {
    Shell check = Shell.run("gradcheck", "convd2");

    assertThat(check.code()).isEqualTo(2);
    assertThat(check.err()).contains("no differentiable op 'convd2'", "Did you mean conv2d");
  }
}
